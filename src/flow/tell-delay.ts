import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { type DelayPolicy, isTold, judgeDelay, type Trouble, toldTrouble } from '../domain/delays.ts';
import type { Link } from '../domain/link.ts';
import { nameOf, type Snapshot } from '../domain/ticket.ts';
import { type BridgeError, toBridgeError } from '../errors.ts';
import type { Claim, Release } from '../store/store.ts';
import { examineDoubts } from './doubts.ts';
import { deskOf } from './gather.ts';
import { type TellingContext, tell } from './gone-ticket.ts';
import type { Look } from './synchronise.ts';

export interface DelayContext extends TellingContext {
  readonly policy: () => { readonly delays: DelayPolicy };
  readonly log: Logger;
}

/** A look as it ended, before the ticket is given back. */
export interface JustEnded {
  readonly release: Release;
  readonly look?: Look;
  readonly error?: BridgeError;
}

/** What is left for another look: all that is said leaves nothing. */
export interface ToldDelay {
  /** What kept the ticket from saying that it is mended. */
  readonly error?: BridgeError;
  /** When something can be said that was too early now. */
  readonly lookAgainAt?: DateTime;
}

/** Lets the ticket say how its carrying stands, as far as its own system can be reached. */
export type TellDelay = (claim: Claim, ended: JustEnded, signal: AbortSignal) => Promise<ToldDelay>;

/** Letters of one ticket that are looked at: a note names kinds of things and codes, of which there are few. */
const MOST_LETTERS = 50;

export function createTellDelay(context: DelayContext): TellDelay {
  return async (claim, ended, signal) => {
    if (signal.aborted) {
      return {};
    }

    try {
      return await tellOf(claim, ended, context, signal);
    } catch (thrown) {
      const error = toBridgeError(thrown);
      context.log.debug({ ticket: nameOf(claim.ticket), code: error.code, error: error.message }, 'delay not told');
      // What is delayed or buried is looked at again anyway; that something is mended has this look alone.
      return ended.release.outcome === 'settled' ? { error } : {};
    }
  };
}

async function tellOf(claim: Claim, ended: JustEnded, context: DelayContext, signal: AbortSignal): Promise<ToldDelay> {
  const { store, now, policy } = context;
  const { delays } = policy();
  const { look, release } = ended;
  const isEasy =
    look !== undefined && release.outcome === 'settled' && Object.keys(look.facts.link.refused).length === 0;
  if (isEasy && !isOpen(look.facts.link, look.facts.ticket)) {
    return {};
  }

  const trouble = await troubleOf(claim, ended, delays, context);
  // A ticket that ended without being read is gone.
  if (trouble === undefined || (look === undefined && trouble.is === 'over')) {
    return {};
  }

  const link = look?.facts.link ?? (await store.link(claim.ticket));
  const isKnown = toldTrouble(Object.keys(link.done)).isOpen;
  if (look === undefined && (isKnown || (await store.lastSeen(claim.ticket))?.isDone === true)) {
    // A failure after a delay is told by the next look that can read.
    return {};
  }

  const ticket = look?.facts.ticket ?? (await deskOf(context.desks, claim.ticket.system).read(claim.ticket, signal));
  const { actions, because, lookAgainAt } = judgeDelay({ link, ticket }, trouble, delays, now());
  for (const action of actions) {
    if (!(await isWrittenAfterAll(claim, action.key, context, signal))) {
      await tell(claim, action, because, context, signal);
    }
  }
  return lookAgainAt === undefined ? {} : { lookAgainAt };
}

function isOpen({ done }: Link, { comments }: Snapshot): boolean {
  const own = comments.filter(({ isMergedIn }) => isMergedIn !== true).flatMap(({ marker }) => marker ?? []);
  return toldTrouble([...Object.keys(done), ...own]).isOpen;
}

/** Undefined where nothing can be said yet: something waits, and not long enough. */
async function troubleOf(
  { ticket, waitingSince }: Claim,
  { release }: JustEnded,
  { after }: DelayPolicy,
  { store, now }: DelayContext,
): Promise<Trouble | undefined> {
  const letters = await store.deadLetters({ ticket, state: 'open', limit: MOST_LETTERS });
  const told = letters.filter((each) => !isTold(each));
  if (told.length > 0) {
    return { is: 'failed', letters: told };
  }
  if (release.outcome === 'settled') {
    return { is: 'over' };
  }

  const isLong = waitingSince !== undefined && now().toMillis() - waitingSince.toMillis() >= after;
  return isLong && release.outcome === 'later' ? { is: 'waiting', since: waitingSince } : undefined;
}

/** A call of an earlier look that was never answered: looked up before anything is sent, and throws while it is in doubt. */
async function isWrittenAfterAll(
  claim: Claim,
  key: string,
  context: DelayContext,
  signal: AbortSignal,
): Promise<boolean> {
  const { store, now } = context;
  const earlier = await store.intent(claim.ticket, key);
  if (earlier?.state !== 'sending') {
    return false;
  }

  const only = { ...context, store: { doubtful: async () => [earlier] } };
  const { present, unsettled } = await examineDoubts(claim.ticket, [], only, signal);
  const [doubt] = unsettled.values();
  if (doubt !== undefined) {
    throw doubt.error;
  }

  for (const { action, effect } of present) {
    await store.complete(claim, action, effect.id, {}, now());
  }
  return present.length > 0;
}

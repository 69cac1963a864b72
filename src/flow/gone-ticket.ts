import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { Action } from '../domain/action.ts';
import type { Policy } from '../domain/decide.ts';
import type { Facts } from '../domain/facts.ts';
import { judgeGoneTicket } from '../domain/gone-ticket.ts';
import type { Link } from '../domain/link.ts';
import type { Reason } from '../domain/reason.ts';
import { nameOf, type Ref, type Snapshot } from '../domain/ticket.ts';
import { BridgeError } from '../errors.ts';
import type { Claim, LinkChange, Release, Store } from '../store/store.ts';
import type { WatchCalls } from './attempt.ts';
import { examineDoubts } from './doubts.ts';
import { type Desks, deskOf, readUnlessGone } from './gather.ts';
import { describeAction, perform } from './perform.ts';

export interface PartingContext {
  readonly desks: Desks;
  readonly store: Store;
  readonly policy: () => Policy;
  readonly now: () => DateTime;
  readonly maxAttempts: number;
  readonly log: Logger;
  /** A ticket has come to this end. */
  readonly onGone: (ticket: Ref) => void;
  /** Absent: what was said in calls is kept nowhere. */
  readonly watchCalls?: WatchCalls;
}

export type TellingContext = Pick<PartingContext, 'desks' | 'store' | 'now' | 'maxAttempts' | 'watchCalls'>;

/**
 * Ends a ticket that cannot be read any more. Answers with the release, or with nothing while it is not certain: then the
 * ticket rests and a dead letter says so. Throws what a call on the way failed with.
 */
export type PartWith = (claim: Claim, error: BridgeError, signal: AbortSignal) => Promise<Release | undefined>;

const OVER: Release = { outcome: 'settled' };

/** How long it counts that another ticket could be read, so that thousands of deleted ones need no proof each. */
const PROOF_MS = 60_000;

/** Other tickets that are tried for a proof: some of them may be gone as well. */
const WITNESSES = 5;

/**
 * Deleted and hidden tickets look the same, and so does a help desk that shows nothing to anybody: a ticket is gone when it
 * could not be read for the time that the mapping gives, and when another one can be read now. One whose work was done is
 * gone at once: nothing hangs on it.
 */
export function createPartWith(context: PartingContext): PartWith {
  const { store, now } = context;
  const isProven = createProof(context);

  return async (claim, error, signal) => {
    if (error.code !== 'RECORD_NOT_READABLE') {
      return undefined;
    }

    const link = await store.link(claim.ticket);
    if (link.agreed.isGone === true) {
      await tellOrdered(claim, link, context, signal);
      return OVER;
    }

    const { unreadableSince = isoOf(now()) } = link.agreed;
    const known = { ...link, agreed: { ...link.agreed, unreadableSince } };
    if (link.agreed.unreadableSince === undefined) {
      await store.remember(claim, { agreed: known.agreed });
    }

    const issue = await readIssue(known, context, signal);
    const isOver = (await store.lastSeen(claim.ticket))?.isDone === true && (issue?.phase ?? 'done') === 'done';
    const isLong = now().toMillis() - Date.parse(unreadableSince) >= context.policy().endings.gone.after;
    if (!isOver && !(isLong && (await isProven(claim.ticket, signal)))) {
      return undefined;
    }

    return end(claim, known, isOver ? undefined : issue, context, signal);
  };
}

/** The ticket can be read: whatever was remembered of its absence is over. */
export async function forgetAbsence(claim: Claim, facts: Facts, store: Store): Promise<Facts> {
  const { unreadableSince, isGone: _, ...agreed } = facts.link.agreed;
  if (unreadableSince === undefined) {
    return facts;
  }

  await store.remember(claim, { agreed });
  return { ...facts, link: { ...facts.link, agreed } };
}

async function end(
  claim: Claim,
  known: Link,
  issue: Snapshot | undefined,
  context: PartingContext,
  signal: AbortSignal,
): Promise<Release | undefined> {
  const { store, desks, now, policy, log, onGone } = context;
  const { system } = claim.ticket;
  if (!((await readUnlessGone(claim.ticket, desks, signal)) instanceof BridgeError)) {
    return undefined;
  }

  const link = await settleDoubts(claim, known, context, signal);
  const { actions, because } = judgeGoneTicket(link, issue, policy().endings.gone);
  for (const action of actions) {
    await tell(claim, action, because, context, signal);
  }

  await store.remember(claim, { agreed: { ...link.agreed, isGone: true } });
  await store.layToRest(
    claim.ticket,
    actions.map(({ key }) => key),
    now(),
  );
  const since = link.agreed.unreadableSince;
  await store.audit({ at: now(), who: 'bridge', what: 'gone', ticket: claim.ticket, detail: { since } });
  const facts = { ticket: nameOf(claim.ticket), system, since };
  log.warn({ ...facts, issue: issue === undefined ? undefined : nameOf(issue.ref) }, 'ticket gone');
  onGone(claim.ticket);
  return OVER;
}

/**
 * Replays that people ordered since: the issue of a ticket that is gone can still be told of that. Whatever else was ordered
 * is wanted by nobody any more.
 */
async function tellOrdered(claim: Claim, known: Link, context: PartingContext, signal: AbortSignal): Promise<void> {
  const { store, now, policy } = context;
  const orders = await store.orders(claim.ticket);
  if (orders.length === 0) {
    return;
  }

  const link = await settleDoubts(claim, known, context, signal);
  const issue = await readIssue(link, context, signal);
  const { actions, because } = judgeGoneTicket(link, issue, policy().endings.gone);
  for (const action of actions) {
    const ordered = orders.find((each) => each.action?.key === action.key);
    if (ordered !== undefined) {
      const words = ordered.order?.as === 'recorded' ? (ordered.action ?? action) : action;
      await tell(claim, words, because, context, signal);
    }
  }

  const isHidden = link.issue !== undefined && issue === undefined;
  await store.settleOrders(claim, isHidden ? 'in-vain' : 'unwanted', now());
}

/** Calls of earlier looks that were never answered. What was to be written into the ticket itself is over with it. */
async function settleDoubts(claim: Claim, link: Link, context: PartingContext, signal: AbortSignal): Promise<Link> {
  const { store, now } = context;
  const { present, absent, repeatable, unsettled } = await examineDoubts(claim.ticket, [claim.ticket], context, signal);
  for (const { action, effect } of present) {
    const opened = action.do === 'open' ? openedBy(action, effect, await store.link(claim.ticket)) : {};
    await store.complete(claim, action, effect.id, opened, now());
  }
  for (const key of [...absent, ...repeatable.map((action) => action.key)]) {
    await store.forget(claim, key);
  }
  const [doubt] = unsettled.values();
  if (doubt !== undefined) {
    throw doubt.error;
  }

  return present.length === 0 ? link : { ...(await store.link(claim.ticket)), agreed: link.agreed };
}

/** What was opened after all belongs to the ticket: if that comes back, no second one is opened. */
function openedBy(action: Extract<Action, { do: 'open' }>, ref: Ref, { related }: Link): LinkChange {
  return action.role === 'issue'
    ? { issue: ref }
    : { related: [...related, { name: action.name, role: action.role, ref }] };
}

/** Writes one comment outside of a look, with its reasons in the audit. */
export async function tell(
  claim: Claim,
  action: Action,
  because: readonly Reason[],
  { desks, store, now, maxAttempts, watchCalls }: TellingContext,
  signal: AbortSignal,
): Promise<void> {
  if (action.do !== 'comment') {
    return;
  }

  const result = await perform(action, {
    claim,
    ticket: claim.ticket,
    store,
    desk: deskOf(desks, action.ref.system),
    now,
    watchCalls,
    signal,
    maxAttempts,
    mayBeForgotten: false,
    heirOf: [],
    changeAfter: () => ({}),
  });
  const effect = result.outcome === 'done' ? { effect: nameOf(result.effect) } : { code: result.error.code };
  await store.audit({
    at: now(),
    who: 'bridge',
    what: result.outcome === 'done' ? action.do : 'refused',
    ticket: claim.ticket,
    detail: { key: action.key, action: describeAction(action), because, ...effect },
  });
}

async function readIssue(
  { issue }: Link,
  { desks }: PartingContext,
  signal: AbortSignal,
): Promise<Snapshot | undefined> {
  const read = issue === undefined ? undefined : await readUnlessGone(issue, desks, signal);
  return read instanceof BridgeError ? undefined : read;
}

/** Whether the account still sees other tickets. Where none is known, nobody can tell. */
function createProof({ desks, store, now }: PartingContext) {
  let provenAt: DateTime | undefined;

  return async (besides: Ref, signal: AbortSignal): Promise<boolean> => {
    const age = provenAt === undefined ? undefined : now().diff(provenAt).milliseconds;
    if (age !== undefined && age >= 0 && age < PROOF_MS) {
      return true;
    }

    for (const witness of await store.seenLately(besides, WITNESSES)) {
      if (!((await readUnlessGone(witness, desks, signal)) instanceof BridgeError)) {
        provenAt = now();
        return true;
      }
    }
    return false;
  };
}

function isoOf(moment: DateTime): string {
  return moment.toUTC().toISO() ?? String(moment.toMillis());
}

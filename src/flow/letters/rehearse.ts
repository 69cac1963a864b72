import type { DateTime } from 'luxon';
import type { Exchange } from '../../connector.ts';
import { type Action, systemOf } from '../../domain/action.ts';
import { decide, type Policy } from '../../domain/decide.ts';
import { evolve } from '../../domain/evolve.ts';
import type { Facts } from '../../domain/facts.ts';
import { nextCall } from '../../domain/join-writes.ts';
import type { Reason } from '../../domain/reason.ts';
import type { Ref } from '../../domain/ticket.ts';
import { BridgeError, toBridgeError } from '../../errors.ts';
import type { DeadLetter, ReplayAs, Store } from '../../store/store.ts';
import { type Desks, deskOf, gather } from '../gather.ts';
import { callDesk, describeAction } from '../perform.ts';

/** A write as it would be sent. */
export type RehearsedCall = Pick<Exchange, 'method' | 'path' | 'request'>;

/** One action that would be carried out. */
export interface RehearsedStep {
  readonly key: string;
  readonly what: string;
  readonly system: string;
  readonly because: readonly Reason[];
  readonly calls: readonly RehearsedCall[];
  /** Why no call is shown, or not all. */
  readonly note?: string;
}

/** What a replay would do. */
export interface Rehearsal {
  readonly rules: string;
  readonly steps: readonly RehearsedStep[];
  readonly notes: readonly string[];
}

export interface RehearsalContext {
  /** Every write of these desks ends with `REHEARSED` before it is sent. */
  readonly desks: Desks;
  /** What a call would have written since this was last asked. */
  readonly written: () => readonly RehearsedCall[];
  readonly store: Store;
  readonly policy: Policy;
  readonly now: () => DateTime;
}

/** Steps that are shown; what follows is counted. */
const MOST_STEPS = 20;

/**
 * Plays the look that would carry a replay out: gathers, decides by the rules as they are, and makes every call up to the
 * moment at which it would be sent.
 */
export async function rehearse(
  letter: DeadLetter,
  as: ReplayAs,
  context: RehearsalContext,
  signal: AbortSignal,
): Promise<Rehearsal> {
  const { desks, store, policy, now } = context;
  const { ticket, action } = letter;
  if (ticket === undefined) {
    throw new BridgeError(
      'LETTER_UNUSABLE',
      `letter ${letter.id} is about a message: a replay reads it, and calls nobody`,
    );
  }

  const { facts: read, gone } = await gather(ticket, desks, store, signal);
  let facts = action === undefined ? read : lift(read, action);
  const steps: RehearsedStep[] = [];
  const notes = gone === undefined ? [] : [`its issue is not shown: ${gone.message}`];
  const play = async (each: Action, because: readonly Reason[]) => {
    steps.push(await playOne(each, because, context, signal));
    facts = evolve(facts, each, newRecord(each), now());
    return each.do !== 'open';
  };

  let goesOn = as === 'now' || action === undefined || (await play(action, []));
  const parted = new Set<string>();
  while (goesOn) {
    const { actions, because } = decide(facts, policy, now());
    const next = nextCall(actions, facts, parted);
    if (next === undefined) {
      return { rules: policy.version, steps, notes };
    }
    if (steps.length === MOST_STEPS) {
      notes.push(`${actions.length} more actions would follow`);
      return { rules: policy.version, steps, notes };
    }
    goesOn = await play(
      next,
      because.filter(({ action: key }) => key === next.key),
    );
  }
  notes.push('what follows depends on the record that would be opened');
  return { rules: policy.version, steps, notes };
}

/** The facts as they are for a look that finds the order. */
function lift(facts: Facts, { key }: Action): Facts {
  const { [key]: _, ...refused } = facts.link.refused;
  return { ...facts, link: { ...facts.link, refused } };
}

async function playOne(
  action: Action,
  because: readonly Reason[],
  { desks, written }: RehearsalContext,
  signal: AbortSignal,
): Promise<RehearsedStep> {
  const step = { key: action.key, what: describeAction(action), system: systemOf(action), because };
  if (action.do === 'attach') {
    const note = `the file «${action.file.name}» (${action.file.size} bytes) would be fetched and sent`;
    return { ...step, calls: [], note };
  }

  written();
  const error = await callDesk(action, undefined, deskOf(desks, step.system), signal).then(
    () => undefined,
    toBridgeError,
  );
  const calls = written();
  if (error !== undefined && error.code !== 'REHEARSED') {
    return { ...step, calls, note: `${error.code}: ${error.message}` };
  }
  return calls.length === 0 ? { ...step, calls, note: 'nothing would be sent: it is so already' } : { ...step, calls };
}

/** Nobody knows yet what the effect will be called. */
function newRecord(action: Action): Ref {
  return action.do === 'open'
    ? { system: action.system, id: '(new)', key: '(new)' }
    : { system: action.ref.system, id: '(new)' };
}

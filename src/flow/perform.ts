import type { DateTime } from 'luxon';
import type { Desk, NewComment } from '../connector.ts';
import { type Action, isOnceOnly, partsOf } from '../domain/action.ts';
import type { Attempt } from '../domain/attempt.ts';
import type { Told } from '../domain/evolve.ts';
import { nameOf, type Ref } from '../domain/ticket.ts';
import { BridgeError, toBridgeError } from '../errors.ts';
import type { Claim, Intent, LinkChange, Store } from '../store/store.ts';
import { tryOnce, type WatchCalls } from './attempt.ts';
import { type Cargo, deliver, type LoadContext, load } from './transfer.ts';

export interface PerformContext {
  readonly claim: Claim;
  /** With its key, for people who read the letter. */
  readonly ticket: Ref;
  readonly store: Store;
  readonly desk: Desk;
  /** Absent where no file is to be carried. */
  readonly files?: LoadContext;
  readonly now: () => DateTime;
  /** Absent: what was said in calls is kept nowhere. */
  readonly watchCalls?: WatchCalls | undefined;
  readonly signal: AbortSignal;
  readonly maxAttempts: number;
  /** Version of the rules that the action was decided by, for people who read the letter. */
  readonly rules?: string;
  /** Whether an earlier life of the store may have carried the action out, so that it is looked up before it is sent. */
  readonly mayBeForgotten: boolean;
  /** Tickets that were merged into this one: a record that was opened for one of them is this one's too. */
  readonly heirOf: readonly Ref[];
  /** What to remember together with the effect, in the same transaction. */
  readonly changeAfter: (effect: Ref, told?: Told) => LinkChange;
}

/** How an action ended; a transient failure is thrown instead. */
export type Performed =
  | { readonly outcome: 'done'; readonly effect: Ref; readonly told?: Told; readonly adopted: 'adopted' | 'sent' }
  | { readonly outcome: 'refused'; readonly error: BridgeError }
  /** Words and the change that was to be made with them were refused together: each is to be tried alone. */
  | { readonly outcome: 'parted'; readonly error: BridgeError };

/**
 * Carries one action out: intent, one call, result. Doubts about earlier tries are settled before (`doubts.ts`). A
 * refusal becomes a dead letter of its own. Throws what is worth another try: `again`, `outage`, `in-doubt`.
 */
export async function perform(action: Action, context: PerformContext): Promise<Performed> {
  const { claim, store, now, maxAttempts } = context;
  const earlier = await store.intent(claim.ticket, action.key);
  if (isOnceOnly(action) && earlier?.state === 'sending' && earlier.attempts >= maxAttempts) {
    return refuse(action, earlier, stillInDoubt(earlier), context);
  }

  const existing = await findForgotten(action, earlier, context);
  if (existing !== undefined) {
    await store.complete(claim, action, existing.id, context.changeAfter(existing), now());
    return { outcome: 'done', effect: existing, adopted: 'adopted' };
  }

  // What cannot be fetched or may not be sent leaves nothing in doubt.
  const { files } = context;
  if (action.do !== 'attach' || files === undefined) {
    return send(action, undefined, context);
  }

  const { answer: cargo, attempt } = await tryOnce(action, context, () => load(action, files).catch(toBridgeError));
  if (cargo instanceof BridgeError) {
    return failUnsent(action, cargo, attempt, context);
  }

  try {
    return await send(action, cargo, context);
  } finally {
    await cargo.close();
  }
}

/** How late after its intent a call may go out: much earlier than another look would take it for one without effect. */
const PROMPTLY = { seconds: 5 };

async function send(action: Action, cargo: Cargo | undefined, context: PerformContext): Promise<Performed> {
  const { claim, store, now } = context;
  const intent = await store.intend(claim, action, now());
  if (now() > intent.lastSentAt.plus(PROMPTLY)) {
    // A process that stood still may have been given up meanwhile, and whoever took over may have made the call.
    await store.retract(claim, action);
    throw new BridgeError('LEASE_LOST', `«${action.key}» was not sent: the process or the store stood still before it`);
  }

  const { desk, signal } = context;
  const { answer, attempt } = await tryOnce(action, context, () =>
    callDesk(action, cargo, desk, signal).catch(toBridgeError),
  );
  if (answer instanceof BridgeError) {
    return fail(action, intent, answer, attempt, context);
  }

  // A failure to write this down leaves the intent in doubt, and the effect is looked up: it must never be retracted.
  const { ref: effect, ...told } = answer;
  await store.complete(claim, action, effect.id, context.changeAfter(effect, told), now(), attempt);
  return { outcome: 'done', effect, told, adopted: 'sent' };
}

/**
 * What an earlier life of the bridge did, before its store was lost or set back. A ticket that was registered while this process
 * runs cannot have a record, so the look-up is spared.
 */
async function findForgotten(
  action: Action,
  earlier: Intent | undefined,
  context: PerformContext,
): Promise<Ref | undefined> {
  if (!isOnceOnly(action) || earlier?.state === 'sending' || !context.mayBeForgotten) {
    return undefined;
  }

  const { desk, signal } = context;
  if (action.do !== 'open') {
    // A record that cannot be read refuses the action itself, which makes a letter of it.
    const found = await desk.find(action, signal).catch(unlessDead);
    return found?.outcome === 'present' ? found.ref : undefined;
  }

  const found = await desk.find(action, signal);
  return found.outcome === 'present' ? found.ref : findInherited(action, context);
}

function unlessDead(thrown: unknown): undefined {
  if (toBridgeError(thrown).disposition !== 'dead') {
    throw thrown;
  }
}

/**
 * A record that was opened for a ticket that was merged into this one, of which the memory knows nothing any more. One whose
 * work is done belongs to what was, as it would if it were remembered.
 */
async function findInherited(
  action: Extract<Action, { do: 'open' }>,
  { heirOf, store, desk, signal }: PerformContext,
): Promise<Ref | undefined> {
  for (const origin of heirOf) {
    const { done } = await store.link(origin);
    const found = done[action.key] === undefined ? await desk.find({ ...action, origin }, signal) : undefined;
    if (found?.outcome === 'present' && (await desk.read(found.ref, signal)).phase !== 'done') {
      return found.ref;
    }
  }
  return undefined;
}

/** The one call of an action. Throws what the desk throws. */
export async function callDesk(
  action: Action,
  cargo: Cargo | undefined,
  desk: Desk,
  signal: AbortSignal,
): Promise<{ readonly ref: Ref } & Told> {
  switch (action.do) {
    case 'open':
      return desk.open(action.draft, action.key, action.origin, signal);
    case 'comment':
      return desk.comment(action.ref, toNewComment(action), action.key, signal);
    case 'update':
      await desk.update(action.ref, action.fields, signal);
      return { ref: action.ref };
    case 'attach':
      if (cargo === undefined) {
        throw new BridgeError('INTERNAL', `the file «${action.file.name}» was not loaded`);
      }
      return deliver(action, cargo, desk, signal);
    case 'edit':
      await desk.edit(action.ref, action.commentId, action.text, signal);
      return { ref: action.ref };
    case 'assign':
      await desk.assign(action.ref, action.user, signal);
      return { ref: action.ref };
    case 'move':
      await desk.move(action.ref, action, signal);
      return { ref: action.ref };
    case 'relate':
      await desk.relate(action.ref, action.to, action, signal);
      return { ref: action.ref };
  }
}

function toNewComment({ comment, along }: Extract<Action, { do: 'comment' }>): NewComment {
  return along === undefined ? comment : { ...comment, along };
}

/** Waiting costs no try; a refusal of the source is final at once, everything else after as many tries as a call has. */
async function failUnsent(
  action: Action,
  error: BridgeError,
  attempt: Attempt | undefined,
  context: PerformContext,
): Promise<Performed> {
  const { claim, store, now, signal, maxAttempts } = context;
  if (isWaiting(error) || signal.aborted) {
    throw error;
  }

  const tried = await store.countUnsent(claim, action, now(), attempt);
  if (error.disposition !== 'dead' && tried.attempts < maxAttempts) {
    throw error;
  }

  return refuse(action, tried, error.disposition === 'dead' ? error : exhausted(tried, error), context);
}

/** Whether the error says nothing about the action. */
function isWaiting({ code, disposition }: BridgeError): boolean {
  return disposition === 'outage' || disposition === 'parked' || code === 'RATE_LIMITED';
}

async function fail(
  action: Action,
  intent: Intent,
  error: BridgeError,
  attempt: Attempt | undefined,
  context: PerformContext,
): Promise<Performed> {
  const { claim, store, maxAttempts } = context;
  if (isWaiting(error)) {
    await store.retract(claim, action, attempt);
    throw error;
  }

  if (error.disposition === 'dead' && partsOf(action).length > 1) {
    // Nothing was written. Which of the two it was shows when each travels alone.
    await store.retract(claim, action, attempt);
    return { outcome: 'parted', error };
  }

  if (error.disposition === 'dead') {
    return refuse(action, intent, error, context, attempt);
  }

  // A once-only action in doubt is given up only after it was looked up once more.
  const mayHaveHappened = isOnceOnly(action) && error.disposition === 'in-doubt';
  if (mayHaveHappened || intent.attempts < maxAttempts) {
    await (attempt === undefined ? undefined : store.keepAttempt(claim, attempt));
    throw error;
  }

  return refuse(action, intent, exhausted(intent, error), context, attempt);
}

function exhausted({ key, attempts }: Intent, error: BridgeError): BridgeError {
  const message = `«${key}» failed ${attempts} times, last: ${error.message}`;
  const details = { ...error.details, last_code: error.code };
  return new BridgeError('ATTEMPTS_EXHAUSTED', message, { cause: error, details });
}

async function refuse(
  action: Action,
  intent: Intent,
  error: BridgeError,
  { claim, ticket, store, now, rules }: PerformContext,
  attempt?: Attempt,
): Promise<Performed> {
  const details = { ...error.details, attempts: intent.attempts };
  const by = rules === undefined ? {} : { rules };
  const letter = { ticket, action, code: error.code, message: error.message, details, at: now(), ...by };
  await store.refuse(claim, action, letter, attempt);
  return { outcome: 'refused', error };
}

function stillInDoubt({ key, attempts }: Intent): BridgeError {
  return new BridgeError(
    'STILL_IN_DOUBT',
    `«${key}» was sent ${attempts} times, never answered, and no effect is found`,
  );
}

/** One line for logs and the audit, e.g. `comment OSSTTMB2B-7`, `move and comment 2026112310000042`. */
export function describeAction(action: Action): string {
  if (action.do === 'open' && action.role !== 'issue') {
    return `open ${action.role} ${action.name} for ${nameOf(action.origin)}`;
  }

  return action.do === 'open'
    ? `open ${action.role} for ${nameOf(action.origin)}`
    : `${partsOf(action)
        .map((part) => part.do)
        .join(' and ')} ${nameOf(action.ref)}`;
}

import type { DateTime } from 'luxon';
import type { Desk } from '../connector.ts';
import { type Action, isOnceOnly } from '../domain/action.ts';
import type { Agreed } from '../domain/link.ts';
import { nameOf, type Ref } from '../domain/ticket.ts';
import { BridgeError, toBridgeError } from '../errors.ts';
import type { Claim, Intent, Store } from '../store/store.ts';

export interface PerformContext {
  readonly claim: Claim;
  readonly store: Store;
  readonly desk: Desk;
  readonly now: () => DateTime;
  readonly signal: AbortSignal;
  readonly maxAttempts: number;
  /** What to remember together with the effect, in the same transaction. */
  readonly changeAfter: (effect: Ref) => { readonly issue?: Ref; readonly agreed?: Agreed };
}

/** How an action ended; a transient failure is thrown instead. */
export type Performed =
  | { readonly outcome: 'done'; readonly effect: Ref; readonly adopted: 'adopted' | 'sent' }
  | { readonly outcome: 'refused'; readonly error: BridgeError };

/**
 * Carries one action out: intent, look-up if an earlier try is in doubt, one call, result. A refusal becomes a dead
 * letter of its own. Throws what is worth another try: `again`, `outage`, `in-doubt`.
 */
export async function perform(action: Action, context: PerformContext): Promise<Performed> {
  const { claim, store, now } = context;
  const earlier = await store.intent(claim.ticket, action.key);
  const found = await lookUp(earlier, context);
  if (found !== undefined) {
    await store.complete(claim, action, found.id, context.changeAfter(found), now());
    return { outcome: 'done', effect: found, adopted: 'adopted' };
  }

  const intent = await store.intend(claim, action, now());
  const answer = await call(action, context.desk, context.signal).catch(toBridgeError);
  if (answer instanceof BridgeError) {
    return fail(action, intent, answer, context);
  }

  // A failure to write this down leaves the intent in doubt, and the effect is looked up: it must never be retracted.
  await store.complete(claim, action, answer.id, context.changeAfter(answer), now());
  return { outcome: 'done', effect: answer, adopted: 'sent' };
}

/** The effect of an earlier try, if that try may have had one and it can be found. */
async function lookUp(intent: Intent | undefined, context: PerformContext): Promise<Ref | undefined> {
  if (intent === undefined || intent.state !== 'sending' || !isOnceOnly(intent.action)) {
    return undefined;
  }

  const found = await context.desk.find(intent.action, context.signal);
  if (found.outcome === 'present') {
    return found.ref;
  }

  if (found.outcome === 'unclear') {
    const waitMs = intent.lastSentAt.plus({ milliseconds: found.settleMs }).diff(context.now()).milliseconds;
    if (waitMs > 0) {
      throw new BridgeError('OUTCOME_UNKNOWN', `«${intent.key}» is in doubt; its effect cannot be ruled out yet`, {
        retryAfterMs: waitMs,
      });
    }
  }

  return undefined;
}

async function call(action: Action, desk: Desk, signal: AbortSignal): Promise<Ref> {
  switch (action.do) {
    case 'open':
      return desk.open(action.draft, action.key, action.origin, signal);
    case 'comment':
      return desk.comment(action.ref, action.comment, action.key, signal);
    case 'update':
      await desk.update(action.ref, action.fields, signal);
      return action.ref;
    case 'move':
      await desk.move(action.ref, action.to, action.fields, signal);
      return action.ref;
    case 'relate':
      await desk.relate(action.ref, action.to, action.as, { title: action.title, url: action.url }, signal);
      return action.ref;
  }
}

async function fail(action: Action, intent: Intent, error: BridgeError, context: PerformContext): Promise<Performed> {
  const { claim, store, now, maxAttempts } = context;
  if (error.disposition === 'outage' || error.code === 'RATE_LIMITED') {
    await store.retract(claim, action);
    throw error;
  }

  if (error.disposition !== 'dead' && intent.attempts < maxAttempts) {
    throw error;
  }

  const final = error.disposition === 'dead' ? error : exhausted(error, intent);
  await store.refuse(claim, action, {
    ticket: claim.ticket,
    action,
    code: final.code,
    message: final.message,
    details: { ...final.details, attempts: intent.attempts },
    at: now(),
  });
  return { outcome: 'refused', error: final };
}

function exhausted(error: BridgeError, intent: Intent): BridgeError {
  const code = error.disposition === 'in-doubt' ? 'STILL_IN_DOUBT' : 'ATTEMPTS_EXHAUSTED';
  return new BridgeError(code, `«${intent.key}» failed ${intent.attempts} times, last: ${error.message}`, {
    cause: error,
    details: { ...error.details, lastCode: error.code },
  });
}

/** One line for logs and the audit, e.g. `comment OSSTTMB2B-7`. */
export function describeAction(action: Action): string {
  return action.do === 'open'
    ? `open ${action.role} for ${nameOf(action.origin)}`
    : `${action.do} ${nameOf(action.ref)}`;
}

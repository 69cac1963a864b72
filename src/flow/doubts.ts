import type { DateTime } from 'luxon';
import { type Action, type ActionKey, isKnown, isOnceOnly, systemOf } from '../domain/action.ts';
import { isSameRecord, type Ref } from '../domain/ticket.ts';
import { BridgeError, toBridgeError } from '../errors.ts';
import type { Intent, Store } from '../store/store.ts';
import { type Desks, deskOf } from './gather.ts';

/** What became of the calls that earlier looks left in doubt. */
export interface Doubts {
  /** They took effect; the effect's ref. */
  readonly present: readonly { readonly action: Action; readonly effect: Ref }[];
  /** They surely had none, and may be made again. */
  readonly absent: readonly ActionKey[];
  /** Unanswered calls that describe a state: whoever still wants it makes them again. */
  readonly repeatable: readonly Action[];
  /** It cannot be told yet. Nothing of the kind may be sent until it can. */
  readonly unsettled: ReadonlyMap<ActionKey, { readonly action: Action; readonly error: BridgeError }>;
}

/**
 * Looks up the effects of calls that were not answered: a process was killed, a connection broke, a server failed. Not
 * finding one proves nothing until the system cannot be working on the call any more. What was to be written into a
 * record that is gone rests until that is back: nobody can tell, and nothing is sent to it.
 */
export async function examineDoubts(
  ticket: Ref,
  gone: readonly Ref[],
  {
    store,
    desks,
    now,
  }: { readonly store: Pick<Store, 'doubtful'>; readonly desks: Desks; readonly now: () => DateTime },
  signal: AbortSignal,
): Promise<Doubts> {
  const present: { action: Action; effect: Ref }[] = [];
  const absent: ActionKey[] = [];
  const unsettled = new Map<ActionKey, { action: Action; error: BridgeError }>();
  const repeatable: Action[] = [];
  for (const intent of await store.doubtful(ticket)) {
    const { action } = intent;
    if (!isKnown(action)) {
      unsettled.set(action.key, { action, error: unknown(intent) });
      continue;
    }
    if (!isOnceOnly(action)) {
      repeatable.push(action);
      continue;
    }
    if (action.do !== 'open' && gone.some((each) => isSameRecord(action.ref, each))) {
      continue;
    }

    try {
      const found = await deskOf(desks, systemOf(action)).find(action, signal);
      const waitMs = found.outcome === 'unclear' ? waitOf(intent, found.settleMs, now()) : 0;
      if (found.outcome === 'present') {
        present.push({ action, effect: found.ref });
      } else if (waitMs > 0) {
        unsettled.set(action.key, { action, error: settling(intent, waitMs) });
      } else {
        absent.push(action.key);
      }
    } catch (thrown) {
      unsettled.set(action.key, { action, error: toBridgeError(thrown) });
    }
  }
  return { present, absent, repeatable, unsettled };
}

function waitOf({ lastSentAt }: Intent, settleMs: number, now: DateTime): number {
  return lastSentAt.plus({ milliseconds: settleMs }).diff(now).milliseconds;
}

function settling({ key }: Intent, retryAfterMs: number): BridgeError {
  return new BridgeError('EFFECT_SETTLING', `«${key}» is in doubt; its effect cannot be ruled out yet`, {
    retryAfterMs,
  });
}

/** Instances are replaced one after the other, and this one is older than the one that made the call. */
function unknown({ key }: Intent): BridgeError {
  return new BridgeError('INTERNAL', `«${key}» was begun by a newer version of the bridge, which alone can look it up`);
}

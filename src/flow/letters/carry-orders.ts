import type { DateTime } from 'luxon';
import { type Action, type ActionKey, isOnceOnly, partsOf, systemOf } from '../../domain/action.ts';
import type { Facts } from '../../domain/facts.ts';
import type { Reason } from '../../domain/reason.ts';
import type { Ref, SystemName } from '../../domain/ticket.ts';
import { type BridgeError, toBridgeError } from '../../errors.ts';
import type { OrderEnd } from '../../store/letters.ts';
import type { Claim, DeadLetter, Store } from '../../store/store.ts';
import type { Performed } from '../perform.ts';
import type { Progress } from '../progress.ts';

export interface OrderContext {
  readonly store: Pick<Store, 'orders' | 'settleOrders'>;
  readonly progress: Pick<Progress, 'facts' | 'take'>;
  readonly carry: (action: Action) => Promise<Performed>;
  /** Throws while something about the same thing is in doubt. */
  readonly refuseRival: (action: Action) => void;
  /** What failed for now, by system: an order joins those who wait. */
  readonly held: Map<SystemName, BridgeError>;
  readonly signal: AbortSignal;
}

/** What a look has to know of the replays that were ordered for its ticket. */
export interface Orders {
  /** Those of the keys that no order still needs: what it left in doubt must not be forgotten. */
  without(keys: readonly ActionKey[]): readonly ActionKey[];
  /** The look has left nothing undone, or nobody can tell what there is to do. */
  settle(claim: Claim, end: OrderEnd, now: DateTime): Promise<void>;
}

/**
 * Carries out replays that people ordered as recorded: exactly that action, under the same care as every other. Its intent is
 * written first, what is in doubt is looked up, and what was done meanwhile is not done again. A replay by the rules of the
 * moment needs nothing here: its refusal is lifted, and the decision offers the action again.
 */
export async function carryOrders(ticket: Ref, context: OrderContext): Promise<Orders> {
  const { store, held } = context;
  const letters = await store.orders(ticket);
  const recorded = letters.filter(({ order }) => order?.as === 'recorded');
  for (const letter of recorded) {
    const { action } = letter;
    if (action === undefined || held.has(systemOf(action))) {
      continue;
    }

    try {
      await carryOne(action, letter, context);
    } catch (thrown) {
      held.set(systemOf(action), toBridgeError(thrown));
    }
  }

  const keys = new Set(recorded.flatMap(({ action }) => (action === undefined ? [] : partsOf(action))).map(keyOf));
  return {
    without: (each) => each.filter((key) => !keys.has(key)),
    settle: async (claim, end, now) => {
      if (letters.length > 0) {
        await store.settleOrders(claim, end, now);
      }
    },
  };
}

/** What is refused in company is tried alone, like every other action. */
async function carryOne(action: Action, letter: DeadLetter, context: OrderContext): Promise<void> {
  const { progress, carry, refuseRival, signal } = context;
  if (isOver(action, progress.facts())) {
    return;
  }

  signal.throwIfAborted();
  refuseRival(action);
  const result = await carry(action);
  await progress.take(
    action,
    result,
    partsOf(action).map((part) => reasonOf(letter, part)),
  );
  for (const part of result.outcome === 'parted' ? partsOf(action) : []) {
    await carryOne(part, letter, context);
  }
}

function keyOf({ key }: Action): ActionKey {
  return key;
}

/** It was done since, be it under another key: a ticket has one issue, and one linked record of a name. */
function isOver(action: Action, { link }: Facts): boolean {
  if (action.do === 'open') {
    return action.role === 'issue'
      ? link.issue !== undefined
      : link.related.some(({ name }) => name === action.name) || link.done[action.key] !== undefined;
  }

  return isOnceOnly(action) && link.done[action.key] !== undefined;
}

function reasonOf({ id, order, revisionOf }: DeadLetter, { key }: Action): Reason {
  const what = revisionOf === undefined ? 'as it was recorded' : 'as it was edited';
  const evidence = `${order?.by ?? 'somebody'} ordered the replay of letter ${id}, ${what}`;
  return { rule: 'replay-was-ordered', clause: '', evidence, action: key };
}

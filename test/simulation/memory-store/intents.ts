import type { DateTime } from 'luxon';
import type { Action, ActionKey } from '../../../src/domain/action.ts';
import type { Ref } from '../../../src/domain/ticket.ts';
import { momentOf } from '../../../src/store/rows.ts';
import type { Claim, Intent, LinkChange, NewDeadLetter } from '../../../src/store/store.ts';
import { openLetter, resolveWhere } from './letters.ts';
import { applyChange, demandFree } from './memory.ts';
import { demandClaim, type Kept, millisOf, type Tables } from './tables.ts';

/** A try is counted. One that was sent is in doubt until its end is written down. */
export function count(
  tables: Tables,
  claim: Claim,
  action: Action,
  state: 'sending' | 'unsent',
  now: DateTime,
): Intent {
  demandClaim(tables, claim);
  const earlier = find(tables, claim.ticket, action.key);
  const repeats = earlier?.state === 'sending' || earlier?.state === 'unsent';
  const kept: Kept = {
    ...fresh(action, now.toMillis()),
    state,
    attempts: repeats ? earlier.attempts + 1 : 1,
    ...(repeats ? { firstSentAt: earlier.firstSentAt } : {}),
  };
  if (earlier !== undefined && earlier.action !== kept.action) {
    resolve(tables, claim.ticket, action.key);
  }
  put(tables, claim.ticket, action.key, kept);
  return intentOf(action.key, kept);
}

export function intent(tables: Tables, ticket: Ref, key: ActionKey): Intent | undefined {
  const kept = find(tables, ticket, key);
  return kept === undefined ? undefined : intentOf(key, kept);
}

export function doubtful({ intents }: Tables, ticket: Ref): readonly Intent[] {
  return [...(intents.get(ticket.id) ?? [])]
    .filter(([, { state }]) => state === 'sending')
    .toSorted(([left, one], [right, other]) => one.firstSentAt - other.firstSentAt || (left < right ? -1 : 1))
    .map(([key, kept]) => intentOf(key, kept));
}

export function forget(tables: Tables, claim: Claim, key: ActionKey): void {
  demandClaim(tables, claim);
  if (find(tables, claim.ticket, key)?.state === 'sending') {
    tables.intents.get(claim.ticket.id)?.delete(key);
  }
}

export function complete(
  tables: Tables,
  claim: Claim,
  action: Action,
  effect: string,
  change: LinkChange,
  now: DateTime,
): void {
  demandClaim(tables, claim);
  demandFree(tables, claim, change);
  end(tables, claim.ticket, action, now, { state: 'done', effect });
  applyChange(tables, claim, change);
}

export function refuse(tables: Tables, claim: Claim, action: Action, letter: NewDeadLetter): void {
  demandClaim(tables, claim);
  millisOf(letter.at);
  end(tables, claim.ticket, action, letter.at, { state: 'refused', effect: undefined });
  openLetter(tables, letter, claim.ticket, action);
}

export function retract(tables: Tables, claim: Claim, action: Action): void {
  demandClaim(tables, claim);
  const earlier = find(tables, claim.ticket, action.key);
  if (earlier?.state !== 'sending') {
    return;
  }
  if (earlier.attempts > 1) {
    put(tables, claim.ticket, action.key, { ...earlier, attempts: earlier.attempts - 1 });
  } else {
    tables.intents.get(claim.ticket.id)?.delete(action.key);
  }
}

function end(tables: Tables, ticket: Ref, action: Action, now: DateTime, ended: Pick<Kept, 'state' | 'effect'>): void {
  const earlier = find(tables, ticket, action.key) ?? fresh(action, now.toMillis());
  put(tables, ticket, action.key, { ...earlier, ...ended, action: JSON.stringify(action) });
  resolve(tables, ticket, action.key);
}

function resolve(tables: Tables, ticket: Ref, key: ActionKey): void {
  resolveWhere(tables, (letter) => letter.ticket === ticket.id && letter.actionKey === key);
}

function find({ intents }: Tables, ticket: Ref, key: ActionKey): Kept | undefined {
  return intents.get(ticket.id)?.get(key);
}

function put({ intents }: Tables, ticket: Ref, key: ActionKey, kept: Kept): void {
  const own = intents.get(ticket.id) ?? new Map();
  intents.set(ticket.id, own.set(key, kept));
}

function fresh(action: Action, at: number): Kept {
  return {
    state: 'sending',
    action: JSON.stringify(action),
    attempts: 0,
    firstSentAt: at,
    lastSentAt: at,
    effect: undefined,
  };
}

function intentOf(key: ActionKey, { state, action, attempts, firstSentAt, lastSentAt }: Kept): Intent {
  return {
    key,
    action: JSON.parse(action),
    state,
    attempts,
    firstSentAt: momentOf(firstSentAt),
    lastSentAt: momentOf(lastSentAt),
  };
}

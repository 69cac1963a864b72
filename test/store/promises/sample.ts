import { DateTime } from 'luxon';
import type { Action } from '../../../src/domain/action.ts';
import type { TicketEvent } from '../../../src/domain/event.ts';
import type { Ref } from '../../../src/domain/ticket.ts';
import type { Claim, NewDeadLetter, Store } from '../../../src/store/store.ts';

/** An empty database without a schema, with the store under test on it. */
export interface Subject {
  readonly store: Store;
  /** A store of another instance on the same data; the same one where there can be one instance only. */
  readonly other: Store;
  /** Runs SQL behind the store's back. */
  execute(sql: string): Promise<void>;
  close(): Promise<void>;
}

export const now = DateTime.fromISO('2026-03-02T09:00:00.000Z', { zone: 'utc' });
export const MINUTE = 60_000;
export const plus = (milliseconds: number) => now.plus(milliseconds);

export const ticket = (id: string): Ref => ({ system: 'otrs', id, key: `2026030210${id.padStart(6, '0')}` });
export const issue = (id: string): Ref => ({ system: 'jira', id, key: `OSSTTMB2B-${id}` });

export function event(id: string, ref: Ref, changes: Partial<TicketEvent> = {}): TicketEvent {
  return { id, ref, kind: 'changed', channel: 'webhook', at: now, ...changes };
}

export function commentOn(ref: Ref, text: string, key = 'comment:jira:17'): Action {
  return { do: 'comment', key, ref, comment: { text, subject: 'Комментарий 3ЛТП', visibility: 'internal' } };
}

export const letter = (changes: Partial<NewDeadLetter> = {}): NewDeadLetter => ({
  code: 'REFUSED',
  message: 'Field «customfield_10200» cannot be set.',
  details: { field: 'customfield_10200', answer: { статус: 400 } },
  at: now,
  ...changes,
});

export async function claimOne(store: Store, at = now, leaseMs = MINUTE): Promise<Claim> {
  const [claim] = await store.claim('worker', 1, leaseMs, at);
  if (claim === undefined) {
    throw new Error('there is no ticket to claim');
  }
  return claim;
}

/** Brings a ticket into work. */
export async function begin(store: Store, id = '42'): Promise<Claim> {
  await store.accept([event(`begin-${id}`, ticket(id))], now);
  return claimOne(store);
}

export async function linkTo(store: Store, id: string, ref: Ref): Promise<void> {
  const claim = await begin(store, id);
  await store.remember(claim, { issue: ref });
  await store.release(claim, { outcome: 'settled' }, now);
}

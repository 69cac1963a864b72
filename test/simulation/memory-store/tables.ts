import type { DateTime } from 'luxon';
import type { EventChannel, EventKind } from '../../../src/domain/event.ts';
import type { RelatedRef } from '../../../src/domain/link.ts';
import { nameOf, type Ref } from '../../../src/domain/ticket.ts';
import { BridgeError } from '../../../src/errors.ts';
import type { AuditEntry, Claim, DeadLetterState, IntentState } from '../../../src/store/store.ts';

/** When to look at a ticket again, who is looking, and which arrivals the looks have covered. Moments are milliseconds. */
export interface Work {
  readonly ticket: string;
  key: string | undefined;
  due: number | undefined;
  /** Due for a reason that somebody waits for. */
  urgent: number | undefined;
  attempt: number;
  lease: number | undefined;
  fence: number;
  arrived: number;
  covered: number;
  waitingSince: number | undefined;
  waitsFor: string | undefined;
  /** By id, those of `Tables.events` that are about this ticket. */
  readonly events: Map<string, Event>;
  urgency: number;
}

export interface Event {
  ticket: string;
  /** Number of its last arrival within the ticket. */
  turn: number;
  kind: EventKind;
  channel: EventChannel;
  readonly record: Ref;
  lastAt: number;
}

export interface Memory {
  key: string | undefined;
  issue: Ref | undefined;
  /** JSON, as a database would keep it: nobody else can change it. */
  agreed: string;
  related: (RelatedRef & { readonly position: number })[];
}

export interface Kept {
  state: IntentState;
  /** JSON. */
  action: string;
  attempts: number;
  firstSentAt: number;
  lastSentAt: number;
  effect: string | undefined;
}

export interface Letter {
  readonly id: string;
  ticket: string | undefined;
  key: string | undefined;
  readonly actionKey: string | undefined;
  readonly action: string | undefined;
  readonly code: string;
  message: string;
  details: string;
  at: number;
  state: DeadLetterState;
}

export interface Seen {
  readonly key: string | undefined;
  readonly at: number;
  readonly isDone: boolean;
  readonly rules: string;
  readonly facts: string | undefined;
}

/** All that the store knows. Plain data, so that a copy of it is a backup. */
export interface Tables {
  readonly work: Map<string, Work>;
  readonly events: Map<string, Event>;
  readonly memories: Map<string, Memory>;
  /** By ticket, then by key of the action. */
  readonly intents: Map<string, Map<string, Kept>>;
  readonly letters: Letter[];
  readonly sweeps: Map<string, { begunAt: number; since: number | undefined }>;
  readonly snapshots: Map<string, Seen>;
  readonly audit: (Omit<AuditEntry, 'at' | 'detail'> & { readonly at: number; readonly detail: string })[];
}

export function emptyTables(): Tables {
  return {
    work: new Map(),
    events: new Map(),
    memories: new Map(),
    intents: new Map(),
    letters: [],
    sweeps: new Map(),
    snapshots: new Map(),
    audit: [],
  };
}

/** No database takes a moment that is none. */
export function millisOf(moment: DateTime): number {
  if (!moment.isValid) {
    throw new BridgeError('INTERNAL', 'a moment that is none cannot be kept');
  }

  return moment.toMillis();
}

/** Throws `LEASE_LOST` if the claim is not in force any more. */
export function demandClaim({ work }: Tables, { ticket, fence }: Claim): void {
  const row = work.get(ticket.id);
  if (row?.fence !== fence || row.lease === undefined) {
    throw new BridgeError('LEASE_LOST', `the lease on ticket ${nameOf(ticket)} was lost`);
  }
}

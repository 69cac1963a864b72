import type { Ref } from '../../src/domain/ticket.ts';
import { createMemoryDesk, type MemoryDesk } from '../support/memory-desk.ts';
import { mergeIn } from '../support/merging.ts';
import type { Faults } from './faults.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

export type System = 'otrs' | 'jira';

/** A webhook on its way; a repeat has the same id. */
export interface Message {
  readonly id: string;
  readonly system: System;
  readonly record: string;
}

/** What is outside: both systems with what people do there, and the webhooks that tell of it. */
export interface World {
  readonly desks: Readonly<Record<System, MemoryDesk>>;
  /** Issues by the ticket that they were opened for, in the order of opening. */
  readonly issues: ReadonlyMap<string, readonly Ref[]>;
  opened(origin: Ref, issue: Ref): void;
  /** Issues of the ticket and of those that were merged into it. */
  issuesOf(ticket: string): readonly Ref[];
  merge(merged: string, main: string): void;
  /** The ticket that goes on in place of this one, mostly itself. */
  heirOf(ticket: string): string;
  isHeir(ticket: string): boolean;
  /** Whether a look-up can see the record by now. */
  isIndexed(ref: Ref): boolean;
  /** The ticket that meets something evil for ever, and its issue. */
  isPoisoned(system: string, record: string): boolean;
  readonly poisoned: string | undefined;
  /** Something changed: webhooks are sent, unless they get lost. */
  changed(system: System, record: string): void;
  /** What people do just before OTRS lists its changes. */
  beforeListing(act: () => void): void;
  /** A system begins to list its changes. */
  listed(system: System): void;
  /** The bridge changed something: its own webhooks are mostly filtered. */
  echo(system: string, record: string): void;
}

interface WorldContext {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly faults: () => Faults;
  readonly poisoned: string | undefined;
  readonly deliver: (message: Message) => void;
}

export function createWorld({ random, scheduler, faults, poisoned, deliver }: WorldContext): World {
  const issues = new Map<string, Ref[]>();
  const indexedAt = new Map<string, number>();
  const heirs = new Map<string, string>();
  const listeners: (() => void)[] = [];
  let sent = 0;

  const send = (system: System, record: string) => {
    const { webhookLost, webhookDoubled, webhookLateMs } = faults();
    sent += 1;
    const message = { id: `hook-${sent}`, system, record };
    const copies = random.chance(webhookLost) ? 0 : random.chance(webhookDoubled) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      scheduler.after(random.between(1, webhookLateMs), `${message.id} arrives`, () => deliver(message));
    }
  };

  const desks = {
    otrs: createMemoryDesk('otrs', scheduler.trueTime),
    jira: createMemoryDesk('jira', scheduler.trueTime),
  };
  const heirOf = (ticket: string) => heirs.get(ticket) ?? ticket;

  return {
    desks,
    heirOf,
    isHeir: (ticket) => [...heirs.values()].includes(ticket),
    issuesOf: (ticket) => [...issues].flatMap(([each, refs]) => (heirOf(each) === heirOf(ticket) ? refs : [])),
    merge: (merged, main) => {
      heirs.set(merged, main);
      mergeIn(desks.otrs, merged, main);
      send('otrs', merged);
      send('otrs', main);
    },
    issues,
    poisoned,
    opened: (origin, issue) => {
      issues.set(origin.id, [...(issues.get(origin.id) ?? []), issue]);
      indexedAt.set(issue.id, scheduler.at() + random.between(0, faults().indexLagMs));
    },
    isIndexed: ({ id }) => (indexedAt.get(id) ?? 0) <= scheduler.at(),
    isPoisoned: (system, record) =>
      poisoned !== undefined &&
      (system === 'otrs' ? record === poisoned : (issues.get(poisoned) ?? []).some(({ id }) => id === record)),
    changed: send,
    beforeListing: (act) => listeners.push(act),
    listed: (system) => {
      for (const act of system === 'otrs' ? listeners : []) {
        act();
      }
    },
    echo: (system, record) => {
      if (random.chance(0.2)) {
        send(system === 'otrs' ? 'otrs' : 'jira', record);
      }
    },
  };
}

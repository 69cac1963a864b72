import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as immediately, setTimeout as sleep } from 'node:timers/promises';
import type { DateTime } from 'luxon';
import { pino } from 'pino';
import type { Desk } from '../../src/connector.ts';
import type { Policy } from '../../src/domain/decide.ts';
import type { TicketEvent } from '../../src/domain/event.ts';
import type { Ref, Snapshot } from '../../src/domain/ticket.ts';
import { createAllowance } from '../../src/files/allowance.ts';
import { createGate, type Gate, guard } from '../../src/flow/gate.ts';
import { createPartWith } from '../../src/flow/gone-ticket.ts';
import { synchronise } from '../../src/flow/synchronise.ts';
import { createTellDelay } from '../../src/flow/tell-delay.ts';
import { type EndedLook, startWorker } from '../../src/flow/worker.ts';
import { writeFacts } from '../../src/replay/facts-file.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { createMemoryDesk, createTestClock, type MemoryDesk } from './memory-desk.ts';
import { quietPolicy } from './policy.ts';
import { aTicket, NOW } from './records.ts';

const log = pino({ level: 'silent' });

/** A folder that no disk stands behind, where the platform has one. */
function memoryFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

/** The flow on a real SQLite store, two memory desks and a clock that stands still: everything but HTTP. */
export async function createBridgeRig(
  options: {
    readonly maxAttempts?: number;
    readonly otrs?: MemoryDesk;
    readonly jira?: MemoryDesk;
    /** Takes the place of the memory desk, e.g. the real one on a sandbox. */
    readonly jiraDesk?: Desk;
    readonly policy?: Policy;
    /** Connected systems besides, by their names. */
    readonly further?: Readonly<Record<string, Desk>>;
    /** True lets tickets say that their carrying waits or has failed; other notes are easier to count without. */
    readonly tellsDelays?: boolean;
    /** False spares the disk, where a test writes very much. */
    readonly isOnDisk?: boolean;
    /** Shared with whatever else has to keep the same time. */
    readonly clock?: ReturnType<typeof createTestClock>;
  } = {},
) {
  const folder = mkdtempSync(join(options.isOnDisk === false ? memoryFolder() : tmpdir(), 'bridge-rig-'));
  const store = openSqliteStore({ file: join(folder, 'bridge.db'), ticketSystem: 'otrs', log });
  await store.migrate();
  const clock = options.clock ?? createTestClock(NOW);
  const otrs = options.otrs ?? createMemoryDesk('otrs', clock.now);
  const jira = options.jira ?? createMemoryDesk('jira', clock.now);
  const gates: Gate[] = [];
  const behindGate = (name: string, desk: Desk): Desk => {
    const gate = createGate(name, clock.now);
    gates.push(gate);
    return guard(desk, gate);
  };
  const desks = {
    otrs: behindGate('otrs', otrs),
    jira: behindGate('jira', options.jiraDesk ?? jira),
    ...Object.fromEntries(Object.entries(options.further ?? {}).map(([name, desk]) => [name, behindGate(name, desk)])),
  };
  const { policy = quietPolicy, maxAttempts = 5 } = options;
  const looks: EndedLook[] = [];
  let arrivals = 0;
  const rules = { policy };

  const context = {
    desks,
    store,
    policy: () => rules.policy,
    now: clock.now,
    maxAttempts,
    filesAhead: createAllowance(),
    /** As after a start long after the ticket: nothing is taken for surely remembered. */
    startedAt: clock.now(),
    log,
    onEffect: () => {},
    writeFacts,
  };

  const gone: string[] = [];
  const partWith = createPartWith({ ...context, onGone: ({ id }) => gone.push(id) });

  /** Whoever waits for a system comes at once when it is back. */
  const rouse = async () => {
    for (const { system, state } of gates) {
      if (state().state === 'open') {
        await store.rouse(system, 1_000, clock.now());
      }
    }
  };

  /** Lets the worker run until nothing is due at the clock's moment. */
  const work = async (): Promise<void> => {
    do {
      await workOnce();
      await rouse();
    } while (await isBusy(clock.now()));
  };

  const workOnce = async (): Promise<void> => {
    const worker = startWorker(
      { concurrency: 4, leaseMs: 60_000, pollMs: 1, maxAttempts },
      {
        store,
        owner: 'test',
        look: (claim, signal, stepAside) => synchronise(claim, context, signal, stepAside),
        now: clock.now,
        random: () => 0.5,
        log,
        onLook: (ended) => looks.push(ended),
        partWith,
        ...(options.tellsDelays === true ? { tellDelay: createTellDelay(context) } : {}),
      },
    );
    while (await isBusy(clock.now())) {
      // A desk behind HTTP needs the processor itself.
      await (options.jiraDesk === undefined ? immediately() : sleep(10));
    }
    await worker.stop(10_000);
  };

  const isBusy = async (now: DateTime): Promise<boolean> => {
    const due = await store.nextDue();
    return due !== undefined && due <= now;
  };

  return {
    store,
    clock,
    otrs,
    jira,
    desks,
    looks,
    /** Ids of tickets that have come to be gone. */
    gone,
    context,
    /** The rules in force; a test may put others in place. */
    rules,
    work,
    /** A webhook told of the record. */
    tell: async (ref: Ref, changes: Partial<TicketEvent> = {}) => {
      arrivals += 1;
      return store.accept(
        [{ id: `event-${arrivals}`, ref, kind: 'changed', channel: 'webhook', at: clock.now(), ...changes }],
        clock.now(),
      );
    },
    ticket: (id: string): Snapshot => otrs.records.get(id) ?? aTicket(),
    issues: () => [...jira.records.values()],
    letters: () => store.deadLetters({ limit: 100 }),
    stop: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

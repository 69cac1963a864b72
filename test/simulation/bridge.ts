import { pino } from 'pino';
import type { TicketEvent } from '../../src/domain/event.ts';
import { BridgeError } from '../../src/errors.ts';
import { createAllowance } from '../../src/files/allowance.ts';
import { createGate, guard } from '../../src/flow/gate.ts';
import { createPartWith } from '../../src/flow/gone-ticket.ts';
import { createIngest, createSink, type Ingest } from '../../src/flow/ingest.ts';
import { startRousing } from '../../src/flow/rousing.ts';
import { startSweeper } from '../../src/flow/sweep.ts';
import { synchronise } from '../../src/flow/synchronise.ts';
import { type EndedLook, startWorker } from '../../src/flow/worker.ts';
import type { Intake, Sink } from '../../src/intake/intake.ts';
import { takeTogether } from '../../src/intake/together.ts';
import type { Process } from './scheduler.ts';
import type { Simulation } from './simulation.ts';
import { createStorePort } from './store-port.ts';
import { createWire } from './wire.ts';

const log = pino({ level: 'silent' });

export const MAX_ATTEMPTS = 10;
export const LEASE_MS = 60_000;

/** The bridge's own parts in one process, as `src/app.ts` puts them together, on ports that the simulation holds. */
export interface Bridge {
  readonly process: Process;
  readonly ingest: Ingest;
  readonly sink: Sink;
  /** Ends what is in hand, as at a SIGTERM. */
  stop(): Promise<void>;
}

/** How long looks in hand may go on after a SIGTERM. */
const GRACE_MS = 10_000;

export function startBridge(
  process: Process,
  simulation: Simulation,
  publish: ((events: readonly TicketEvent[], process: Process) => Promise<void>) | undefined,
  onLook: (ended: EndedLook) => void,
): Bridge {
  const { scheduler, world, database, policy, random, now, concurrency } = simulation;
  const store = createStorePort(database.open(), process, simulation);
  const timers = scheduler.timersOf(process);
  const wires = {
    otrs: createWire('otrs', world.desks.otrs, process, simulation),
    jira: createWire('jira', world.desks.jira, process, simulation),
  };
  const gates = { otrs: createGate('otrs', now), jira: createGate('jira', now) };
  const desks = { otrs: guard(wires.otrs, gates.otrs), jira: guard(wires.jira, gates.jira) };
  const context = {
    desks,
    store,
    policy: () => policy,
    now,
    maxAttempts: MAX_ATTEMPTS,
    filesAhead: createAllowance(),
    startedAt: now(),
    log,
    onEffect: () => {},
  };
  const worker = startWorker(
    { concurrency, leaseMs: LEASE_MS, pollMs: 30_000, maxAttempts: MAX_ATTEMPTS },
    {
      store,
      owner: process.name,
      look: (claim, signal, stepAside) => synchronise(claim, context, signal, stepAside),
      now,
      random: random.next,
      log,
      onLook,
      partWith: createPartWith({ ...context, onGone: () => {} }),
      timers,
    },
  );
  const rousing = startRousing({
    gates: Object.values(gates),
    store,
    now,
    log,
    onRoused: () => worker.wake(),
    timers,
  });
  const sweeper = startSweeper(
    { everyMs: 120_000, overlapMs: 120_000, firstLookBackMs: 3_600_000 },
    { desks, store, now, log, onSwept: () => worker.wake(), timers },
  );
  const sink = takeTogether(
    createSink(store, now, () => worker.wake()),
    timers.once,
    1,
  );
  const connection = (system: 'otrs' | 'jira') => ({ desk: wires[system], receive });
  const ingest = createIngest({
    connections: { otrs: connection('otrs'), jira: connection('jira') },
    intake: intakeOf(publish === undefined ? sink : (events) => publish(events, process)),
    sink,
    now,
    log,
  });
  return {
    process,
    ingest,
    sink,
    stop: async () => {
      await sweeper.stop();
      rousing.stop();
      await worker.stop(GRACE_MS);
    },
  };
}

function receive({ body }: { readonly body: Buffer }) {
  const { id, system, record } = JSON.parse(body.toString());
  return [{ ref: { system, id: record }, kind: 'changed' as const, id }];
}

function intakeOf(publish: Intake['publish']): Intake {
  return { publish, start: async () => {}, health: () => ({ ok: true, detail: '' }), close: async () => {} };
}

export function brokerAway(): BridgeError {
  return new BridgeError('BROKER_UNAVAILABLE', 'the broker does not confirm');
}

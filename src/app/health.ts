import type { DateTime } from 'luxon';
import { toBridgeError } from '../errors.ts';
import type { Gate } from '../flow/gate.ts';
import type { Part } from '../http/health.ts';
import type { Intake } from '../intake/intake.ts';
import type { Metrics } from '../metrics.ts';
import type { Store } from '../store/store.ts';
import type { ParkedMappings } from './parked.ts';

export interface Parts {
  readonly store: Store;
  readonly intake: Intake;
  readonly gates: readonly Gate[];
  /** Why the store took nothing in a moment ago, if so. */
  readonly storeFault: () => string | undefined;
  readonly rules: { readonly health: () => Part };
  readonly parked: Pick<ParkedMappings, 'of'>;
}

/** Without the store nothing can be taken in; without broker, OTRS or JIRA it can, and waits. */
export async function readiness(parts: Parts): Promise<Readonly<Record<string, Part>>> {
  const { store, intake, gates, storeFault, rules, parked } = parts;
  const fault = storeFault();
  const stored = await store.verify().then(
    () => (fault === undefined ? { ok: true, detail: 'the store answers' } : { ok: false, detail: fault }),
    (thrown: unknown) => ({ ok: false, detail: toBridgeError(thrown).message }),
  );
  const systems = gates.map((gate) => {
    const state = gate.state();
    const detail =
      state.state === 'open'
        ? ['calls go through', ...parked.of(gate.system).map(({ reason }) => `tickets wait: ${reason}`)].join('; ')
        : `tickets wait since ${state.since.toISO()}: ${state.code}, ${state.reason}`;
    return [gate.system, { ok: state.state === 'open', detail, required: false }] as const;
  });
  return {
    store: { ...stored, required: true },
    intake: { ...intake.health(), required: false },
    rules: rules.health(),
    ...Object.fromEntries(systems),
  };
}

/** Brings the gauges up to date. */
export async function measure(
  { store, intake, gates }: Omit<Parts, 'rules' | 'parked'>,
  metrics: Metrics,
  now: DateTime,
): Promise<void> {
  metrics.intakeUp.set(intake.health().ok ? 1 : 0);
  for (const gate of gates) {
    metrics.systemUp.set({ system: gate.system }, gate.state().state === 'open' ? 1 : 0);
  }

  const backlog = await store.backlog(now);
  metrics.backlogTickets.set(backlog.due);
  metrics.backlogOldestSeconds.set(backlog.oldestWaitMs / 1000);
  metrics.deadLetters.set(backlog.deadLetters);
  metrics.newsWaiting.set(await store.outbox.size());

  const { letters, sweptUntil, retrying } = await store.signals();
  metrics.retryingTickets.set(retrying);
  for (const [system, until] of Object.entries(sweptUntil)) {
    metrics.sweepLagSeconds.set({ system }, Math.max(0, now.diff(until).as('seconds')));
  }
  metrics.deadLettersByCode.reset();
  for (const [code, count] of Object.entries(letters)) {
    metrics.deadLettersByCode.set({ code }, count);
  }
}

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { checkApp } from './app/check.ts';
import { type AppConfig, linkedSystemsOf, loadSettings, type Settings } from './app/config.ts';
import { doorOptions, graceOf } from './app/door-options.ts';
import { createExchangeRecorder } from './app/exchanges.ts';
import { explainTicket as explainAt } from './app/explain.ts';
import { measure, readiness } from './app/health.ts';
import { createIntake } from './app/intake.ts';
import { type LetterAccess, openLetterOffice } from './app/letters.ts';
import { type Looking, type Observers, startLooking } from './app/looking.ts';
import { startNews } from './app/news.ts';
import { allProofs } from './app/proofs.ts';
import { keepNoLonger } from './app/retention.ts';
import { checkRoundTrip, type RoundTrip } from './app/round-trip.ts';
import { keepRules, type Rules } from './app/rules.ts';
import { setUpBroker as setUpBrokerOf } from './app/set-up-broker.ts';
import { openStore } from './app/store.ts';
import { connectSystems, type Systems, takesWebhooks } from './app/systems.ts';
import { createLookTrace } from './app/trace.ts';
import { type NameWatch, watchNames } from './app/watch-names.ts';
import { watchSink } from './app/watch-sink.ts';
import type { Finding } from './connector.ts';
import type { Policy } from './domain/decide.ts';
import type { Ref, SystemName } from './domain/ticket.ts';
import { explain } from './explain/explain.ts';
import type { Explanation } from './explain/explanation.ts';
import type { ExplainRequest } from './explain/request.ts';
import { gather } from './flow/gather.ts';
import { createIngest, createSink } from './flow/ingest.ts';
import { type JobWorker, startJobWorker } from './flow/letters/jobs.ts';
import type { LetterOffice } from './flow/letters/office.ts';
import { startRousing } from './flow/rousing.ts';
import { createSilenceWatch, type SilenceWatch } from './flow/silence.ts';
import { type Sweeper, startSweeper } from './flow/sweep.ts';
import { platformTimers } from './flow/timers.ts';
import type { Worker } from './flow/worker.ts';
import { createHttpServer } from './http/server.ts';
import { parseCloudEvent } from './intake/cloud-event.ts';
import { takeTogether } from './intake/together.ts';
import { createLog } from './log.ts';
import { addProcessMetrics, createMetrics, type Metrics } from './metrics.ts';
import { loadNamesInUse } from './policy/load.ts';
import type { Store } from './store/store.ts';

/** The bridge's only clock. */
const now = () => DateTime.utc();

/** Longest time to read a ticket and its issue for an explanation. */
const EXPLAIN_MS = 60_000;

export type { Observers } from './app/looking.ts';

export interface App {
  /** Where the door is open, e.g. `http://127.0.0.1:8400`. */
  readonly address: string;
  readonly store: Store;
  /** Version of the rules in force. */
  rules(): string;
  /** Compares the rules with their files now. */
  reloadRules(why?: 'asked'): Promise<void>;
  /** Asks both systems now for what no webhook told. */
  sweepNow(): Promise<void>;
  /** Compares the names in the rules with both systems now. */
  compareNames(): Promise<void>;
  /** Reads both systems and says why the rules decide about the ticket as they do. Throws what the systems answer. */
  explain(ticket: Ref): Promise<Explanation>;
  /** Takes nothing more in, finishes or gives back what is in work, and closes everything. */
  stop(): Promise<void>;
}

/**
 * Builds and starts the bridge: the store first, the door last, and stops in the opposite order, also when starting
 * fails half-way. Throws `STORE_*` if the store cannot be used: without it nothing that was accepted could be kept.
 */
export async function startApp({ config, policy }: Settings, observers: Observers = {}): Promise<App> {
  const log = observers.log ?? createLog(config.log.level);
  const metrics = createMetrics();
  addProcessMetrics(metrics);
  await using starting = new AsyncDisposableStack();

  const store = openStore(config, log);
  starting.defer(() => store.close());
  await prepareStore(config, store, log);

  const trace = createLookTrace();
  const recorder = createExchangeRecorder(config.store.keep_exchanges);
  const systems = connectSystems(config, now, log, metrics, { ...trace.hooks, onExchange: recorder.onExchange });
  starting.defer(async () => {
    await Promise.all(Object.values(systems.desks).map((desk) => desk.close()));
  });

  const names = watchNamesOf(config, systems, log, metrics);
  starting.defer(() => names.stop());
  const told = { wake: () => worker.wake(), changed: () => names.rulesChanged() };
  const rules = watchRules({ config, policy }, store, log, metrics, told);
  starting.defer(() => rules.stop());
  const news = await startNews(config, store, nameOfProcess(), now, log, metrics);
  starting.defer(() => news.stop());
  const watching = { ...observers, owner: nameOfProcess(), news, recorder, trace };
  const worker = startLooking(config, rules, systems, store, now, log, metrics, watching);
  starting.defer(() => worker.stop(graceOf(config)));
  const rousing = startRousing({ gates: systems.gates, store, now, log, onRoused: () => worker.wake() });
  starting.defer(() => rousing.stop());

  const { sink, fault } = openSink(store, metrics, worker);
  const intake = createIntake(config, sink, store, now, log);
  starting.defer(() => intake.close());
  await intake.start();

  const jobs = startJobs(store, worker, log);
  starting.defer(() => jobs.stop());

  starting.defer(keepNoLonger(config, store, now, log, metrics).stop);
  const silence = watchSilence(store, log, metrics);
  const sweeper = startSweeping(config, systems, store, log, metrics, worker, silence);
  starting.defer(() => sweeper.stop());

  const parts = { store, intake, gates: systems.gates, parked: systems.parked, storeFault: fault, rules };
  const accept = createIngest({ ...systems, intake, sink, now, log, onHeard: heardBy(silence, worker) });
  const door = createHttpServer(doorOptions(config), {
    accept,
    proofs: allProofs(config),
    metrics,
    log,
    readiness: () => readiness(parts),
    measure: () => measure(parts, metrics, now()),
  });
  starting.defer(() => door.close());
  const address = await door.listen();
  log.info({ address, store: config.store.kind, intake: config.intake.kind, rules: policy.version }, 'bridge started');

  const running = starting.move();
  return {
    address,
    store,
    rules: () => rules.policy().version,
    reloadRules: (why) => reloadRules(rules, log, why),
    sweepNow: () => sweeper.sweepNow(),
    compareNames: () => names.compareNow(),
    explain: (ticket) => explainNow(ticket, systems, store, rules.policy),
    stop: async () => {
      await running.disposeAsync();
      log.info('bridge stopped');
    },
  };
}

async function reloadRules(rules: Rules, log: Logger, why?: 'asked'): Promise<void> {
  await rules.reload();
  if (why === 'asked') {
    log.info({ rules: rules.policy().version, state: rules.health().detail }, 'rules compared with their files');
  }
}

/** `bridge serve`: runs until the signal. SIGHUP compares the rules with their files, also while the bridge starts. */
export async function serve(file: string, signal: AbortSignal): Promise<void> {
  const started: App[] = [];
  const reload = () => {
    for (const app of started) {
      void app.reloadRules('asked');
    }
  };
  process.on('SIGHUP', reload);
  const app = await startApp(await loadSettings(file));
  started.push(app);
  if (!signal.aborted) {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
  await app.stop();
  process.off('SIGHUP', reload);
}

/** `bridge check`: everything that can be found out without writing, and on demand whether a webhook arrives. */
export async function check(file: string, signal: AbortSignal, trip?: RoundTrip): Promise<readonly Finding[]> {
  const settings = await loadSettings(file);
  const findings = await checkApp(settings, now, signal);
  return trip === undefined ? findings : [...findings, ...(await checkRoundTrip(settings.config, trip, now, signal))];
}

/** `bridge explain`: why the rules decide about a ticket as they do. */
export async function explainTicket(file: string, request: ExplainRequest, signal: AbortSignal): Promise<Explanation> {
  return explainAt(file, request, now, signal);
}

/** `bridge migrate`: brings the store's schema up to date; answers with the names of the migrations applied. */
export async function migrate(file: string): Promise<readonly string[]> {
  const { config } = await loadSettings(file);
  const store = openStore(config, createLog(config.log.level));
  return store.migrate().finally(() => store.close());
}

/** `bridge migrate --broker-admin`: creates what the bridge needs at RabbitMQ; answers with one line for each thing. */
export async function setUpBroker(file: string, administrator: string): Promise<readonly string[]> {
  const { config } = await loadSettings(file);
  return setUpBrokerOf(config, administrator);
}

/** `bridge dead-letters`: works on the store, also while the bridge runs on it. */
export async function withLetters<Result>(
  file: string,
  access: LetterAccess,
  work: (office: LetterOffice) => Promise<Result>,
): Promise<Result> {
  return openLetterOffice(file, access, now, work);
}

async function explainNow(ticket: Ref, { desks }: Systems, store: Store, policy: () => Policy): Promise<Explanation> {
  const { facts } = await gather(ticket, desks, store, AbortSignal.timeout(EXPLAIN_MS), { isForPeople: true });
  return explain(facts, policy(), now());
}

/** SQLite belongs to this process alone, so it is brought up to date here; PostgreSQL is the administrator's. */
async function prepareStore({ store: { kind } }: AppConfig, store: Store, log: Logger): Promise<void> {
  if (kind === 'sqlite') {
    const applied = await store.migrate();
    if (applied.length > 0) {
      log.info({ applied }, 'store brought up to date');
    }
  }

  await store.verify();
  const ended = await store.endDeadClaims(now());
  if (ended > 0) {
    log.info({ tickets: ended }, 'tickets taken over from a process that died');
  }
}

/** How long mapping files must keep still before they are read, and how often they are compared unasked. */
const RULES_SETTLE_MS = 200;
const RULES_POLL_MS = 15_000;

/** New rules concern every ticket whose work is not done (R29): they are looked at again, a few at a time. */
function watchRules(
  { config, policy }: Settings,
  store: Store,
  log: Logger,
  metrics: Metrics,
  { wake, changed }: { readonly wake: () => void; readonly changed: () => void },
): Rules {
  const options = {
    folder: config.mappings,
    linked: linkedSystemsOf(config),
    settleMs: RULES_SETTLE_MS,
    pollMs: RULES_POLL_MS,
  };
  let inForce = policy.version;
  const onInForce = async ({ version }: Policy) => {
    if (version !== inForce) {
      inForce = version;
      changed();
    }
    const tickets = await store.wakeStale(version, now());
    if (tickets > 0) {
      log.info({ rules: version, tickets }, 'tickets will be looked at under the new rules');
      wake();
    }
  };
  return keepRules(policy, options, { log, metrics, onInForce });
}

function watchNamesOf(config: AppConfig, { desks, gates }: Systems, log: Logger, metrics: Metrics): NameWatch {
  const everyMs = config.checks.every_hours * 3_600_000;
  return watchNames({ everyMs }, { expected: () => loadNamesInUse(config.mappings), desks, gates, log, metrics });
}

/** Events become durable and due, and whoever asks is told whether the last ones did. */
function openSink(store: Store, metrics: Metrics, worker: Pick<Worker, 'wake'>) {
  const accept = createSink(store, now, (accepted, foreign) => {
    metrics.events.inc({ outcome: 'accepted' }, accepted);
    metrics.events.inc({ outcome: 'foreign' }, foreign);
    worker.wake();
  });
  return watchSink(takeTogether(accept, platformTimers.once), now);
}

/** A genuine webhook came: the watch over silent systems wants to know, and whoever holds the door up. */
function heardBy({ heard }: SilenceWatch, { visited }: Looking) {
  return (system: SystemName) => {
    heard(system);
    visited();
  };
}

function startJobs(store: Store, { wake }: Pick<Worker, 'wake'>, log: Logger): JobWorker {
  return startJobWorker({ store, owner: nameOfProcess(), now, readMessage: parseCloudEvent, log, wake });
}

/** Tells this process from others on the same store. */
function nameOfProcess(): string {
  return `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
}

function watchSilence(store: Store, log: Logger, metrics: Metrics): SilenceWatch {
  return createSilenceWatch({
    store,
    now,
    log,
    onUntold: (system, changes) => metrics.untoldChanges.inc({ system }, changes),
  });
}

function startSweeping(
  config: AppConfig,
  { desks }: Systems,
  store: Store,
  log: Logger,
  metrics: Metrics,
  worker: Worker,
  silence: SilenceWatch,
): Sweeper {
  const { sweep } = config;
  // Of a system that sends no webhooks nobody is to be told that they are silent.
  const concerns: SilenceWatch['concerns'] = (system, change) =>
    takesWebhooks(config, system) && silence.concerns(system, change);
  return startSweeper(
    {
      everyMs: sweep.every_seconds * 1000,
      overlapMs: sweep.overlap_seconds * 1000,
      firstLookBackMs: sweep.first_look_back_hours * 3_600_000,
    },
    {
      desks,
      store,
      now,
      log,
      onSwept: (system, { seen, news, isProven }) => {
        metrics.sweepProven.set({ system }, isProven ? 1 : 0);
        metrics.sweptChanges.inc({ system, kind: 'seen' }, seen);
        metrics.sweptChanges.inc({ system, kind: 'news' }, news);
        worker.wake();
      },
      witness: { ...silence, concerns },
    },
  );
}

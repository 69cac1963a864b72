import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

const SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * Every metric of the bridge, in a registry of its own. Labels take few values: names of systems, kinds, outcomes and
 * mappings, never tickets, texts or addresses.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];

  return {
    registry,
    webhooks: new Counter({
      name: 'bridge_webhooks_total',
      help: 'Webhooks that arrived, by sending system and HTTP status of the answer.',
      labelNames: ['system', 'status'] as const,
      registers,
    }),
    webhookSeconds: new Histogram({
      name: 'bridge_webhook_seconds',
      help: 'Time from the first byte of a webhook to its answer.',
      labelNames: ['system'] as const,
      buckets: SECONDS,
      registers,
    }),
    events: new Counter({
      name: 'bridge_events_total',
      help: 'Events that reached the store: accepted ones, and foreign ones that lead to no ticket.',
      labelNames: ['outcome'] as const,
      registers,
    }),
    looks: new Counter({
      name: 'bridge_looks_total',
      help: 'Looks at tickets by how they ended.',
      labelNames: ['outcome'] as const,
      registers,
    }),
    goneTickets: new Counter({
      name: 'bridge_gone_tickets_total',
      help: 'Tickets that could not be read any more, deleted or hidden, and are looked at no more until something happens.',
      registers,
    }),
    lookSeconds: new Histogram({
      name: 'bridge_look_seconds',
      help: 'Duration of one look at one ticket.',
      buckets: SECONDS,
      registers,
    }),
    actions: new Counter({
      name: 'bridge_actions_total',
      help: 'Actions carried out in the connected systems, by kind and outcome.',
      labelNames: ['system', 'action', 'outcome'] as const,
      registers,
    }),
    sweptChanges: new Counter({
      name: 'bridge_swept_changes_total',
      help: 'Changes that a sweep saw; `news` are those that no webhook had told of. Steady news mean lost webhooks.',
      labelNames: ['system', 'kind'] as const,
      registers,
    }),
    untoldChanges: new Counter({
      name: 'bridge_untold_changes_total',
      help: 'Changes by others that a sweep found minutes later and no webhook told of.',
      labelNames: ['system'] as const,
      registers,
    }),
    rulesReloads: new Counter({
      name: 'bridge_rules_reloads_total',
      help: 'Changes of the mapping files: `swapped` are in force, `refused` had faults.',
      labelNames: ['outcome'] as const,
      registers,
    }),
    ...createOutwardCounters(registers),
    ...createGauges(registers),
  };
}

/** What leaves the bridge: calls and news. */
function createOutwardCounters(registers: Registry[]) {
  return {
    calls: new Counter({
      name: 'bridge_calls_total',
      help: 'HTTP calls to the connected systems that were begun.',
      labelNames: ['system'] as const,
      registers,
    }),
    callFaults: new Counter({
      name: 'bridge_call_faults_total',
      help: 'HTTP calls to the connected systems that did not go well, by the error that they were taken for.',
      labelNames: ['system', 'code'] as const,
      registers,
    }),
    news: new Counter({
      name: 'bridge_news_total',
      help: 'News for other programs: `sent` ones were confirmed by the broker, `dropped` ones waited too long for it.',
      labelNames: ['outcome'] as const,
      registers,
    }),
  };
}

/** What is so at this moment, as against what has been counted. */
function createGauges(registers: Registry[]) {
  return {
    systemUp: new Gauge({
      name: 'bridge_system_up',
      help: '1 while calls to the system go through, 0 while the bridge waits for it to come back.',
      labelNames: ['system'] as const,
      registers,
    }),
    sweepProven: new Gauge({
      name: 'bridge_sweep_proven',
      help: '1 while the last sweep of the system proved that it saw every change, 0 while it only looked.',
      labelNames: ['system'] as const,
      registers,
    }),
    rateLimitRemaining: new Gauge({
      name: 'bridge_rate_limit_remaining',
      help: 'Calls that the system still takes before it refuses them for a time, as its last answer said; absent where it does not say.',
      labelNames: ['system'] as const,
      registers,
    }),
    intakeUp: new Gauge({
      name: 'bridge_intake_up',
      help: '1 while the intake is healthy, 0 while webhooks bypass the broker.',
      registers,
    }),
    rulesInfo: new Gauge({
      name: 'bridge_rules_info',
      help: 'Always 1; the label is the version of the rules in force.',
      labelNames: ['version'] as const,
      registers,
    }),
    rulesStale: new Gauge({
      name: 'bridge_rules_stale',
      help: '1 while the mapping files on disk are broken and older rules stay in force.',
      registers,
    }),
    ...createStoreGauges(registers),
  };
}

/** What waits, and what waits for a person. */
function createStoreGauges(registers: Registry[]) {
  return {
    backlogTickets: new Gauge({
      name: 'bridge_backlog_tickets',
      help: 'Tickets that are due or in work.',
      registers,
    }),
    backlogOldestSeconds: new Gauge({
      name: 'bridge_backlog_oldest_seconds',
      help: 'Age of the oldest event that no look has covered yet.',
      registers,
    }),
    parkedMappings: new Gauge({
      name: 'bridge_parked_mappings',
      help: '1 for each mapping that no issue can be opened with until a person mends it or the screen.',
      labelNames: ['system', 'project', 'type'] as const,
      registers,
    }),
    checkFindings: new Gauge({
      name: 'bridge_check_findings',
      help: 'What the last comparison of the rules with the systems found, by level.',
      labelNames: ['system', 'level'] as const,
      registers,
    }),
    prunedRows: new Counter({
      name: 'bridge_pruned_rows_total',
      help: 'Rows of the store that were taken away for their age, by kind.',
      labelNames: ['kind'] as const,
      registers,
    }),
    newsWaiting: new Gauge({
      name: 'bridge_news_waiting',
      help: 'News that wait for the broker; always 0 where none are wanted.',
      registers,
    }),
    sweepLagSeconds: new Gauge({
      name: 'bridge_sweep_lag_seconds',
      help: 'Seconds since the moment up to which the sweep of the system has provably seen every change; absent before the first proof.',
      labelNames: ['system'] as const,
      registers,
    }),
    retryingTickets: new Gauge({
      name: 'bridge_retrying_tickets',
      help: 'Tickets whose last look failed: their attempts are counted. Waiting for a system that is down counts none.',
      registers,
    }),
    deadLettersByCode: new Gauge({
      name: 'bridge_dead_letters_by_code',
      help: 'Open dead letters by error code (docs/errors.md).',
      labelNames: ['code'] as const,
      registers,
    }),
    deadLetters: new Gauge({
      name: 'bridge_dead_letters',
      help: 'Open dead letters: what waits for a person.',
      registers,
    }),
  };
}

/** Adds memory, CPU and event loop figures of this process; left out where several registries share one process. */
export function addProcessMetrics({ registry }: Metrics): void {
  collectDefaultMetrics({ register: registry });
}

import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { type Retention, startRetention } from '../flow/retention.ts';
import type { Metrics } from '../metrics.ts';
import type { Store } from '../store/store.ts';
import type { AppConfig } from './config.ts';

/** Takes away what is older than the configuration says, every hour. */
export function keepNoLonger(
  { retention: days }: AppConfig,
  store: Store,
  now: () => DateTime,
  log: Logger,
  metrics: Metrics,
): Retention {
  return startRetention(
    {
      events: days.events_days,
      attempts: days.attempts_days,
      looks: days.looks_days,
      letters: days.letters_days,
      jobs: days.letters_days,
      snapshots: days.snapshots_days,
    },
    { store, now, log, onPruned: (kind, rows) => metrics.prunedRows.inc({ kind }, rows) },
  );
}

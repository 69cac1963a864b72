import type { DateTime } from 'luxon';
import type { Policy } from '../../src/domain/decide.ts';
import type { Database } from './database.ts';
import type { Faults } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { World } from './world.ts';

const SABOTAGES = ['no-look-up', 'no-fences', 'no-echo-guard', 'no-visibility-filter'] as const;

/** A promise of the bridge that is broken on purpose, to see that the checks find out. */
export type Sabotage = (typeof SABOTAGES)[number];

export function isSabotage(name: string): name is Sabotage {
  return SABOTAGES.some((each) => each === name);
}

/** What all parts of one run share. */
export interface Simulation {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly database: Database;
  readonly ledger: Ledger;
  readonly world: World;
  readonly policy: Policy;
  /** Tickets that one process has in work at once. */
  readonly concurrency: number;
  readonly sabotage: Sabotage | undefined;
  /** The clock of the bridge's processes. */
  readonly now: () => DateTime;
  /** What goes wrong now; nothing any more once the time of faults is over. */
  faults(): Faults;
}

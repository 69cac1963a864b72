import { type Faults, noFaults } from './faults.ts';
import type { Outcome } from './run.ts';

/** The faults of a seed without those of the kinds that are named. */
export function sparing(kinds: readonly string[]): (faults: Faults) => Faults {
  const spared = Object.fromEntries(Object.entries(noFaults).filter(([kind]) => kinds.includes(kind)));
  return (faults) => ({ ...faults, ...spared });
}

/** Takes away one kind of fault after the other while the run still breaks a promise; answers with those that it can spare. */
export async function shrink(run: (spared: readonly string[]) => Promise<Outcome>): Promise<readonly string[]> {
  let spared: readonly string[] = [];
  for (const kind of Object.keys(noFaults)) {
    const fewer = [...spared, kind];
    if ((await run(fewer)).complaints.length > 0) {
      spared = fewer;
    }
  }
  return spared;
}

import { type Carried, type OutageOptions, playOutage } from '../../test/simulation/outage.ts';
import { openDatabase } from '../../test/simulation/play.ts';

/** Plays the outage and prints what became of the tickets, by their priority. Exit code 1 if one failed for it. */
export async function showOutage(
  options: Omit<OutageOptions, 'database' | 'write'>,
  store: 'memory' | 'sqlite',
  write: ((line: string) => void) | undefined,
): Promise<void> {
  const { hours, tickets } = options;
  const { carried, letters, spent, calls, isAtRest } = await playOutage({
    ...options,
    database: await openDatabase(store),
    write,
  });
  const isGood = isAtRest && letters === 0 && spent.length === 0 && carried.length === tickets;

  console.log(`JIRA was away for ${hours} h, and ${tickets} tickets were registered meanwhile.`);
  console.log(`  calls meanwhile: ${calls.otrs} to OTRS, ${calls.jira} to JIRA`);
  console.log(`  dead letters: ${letters}; attempts spent: ${spent.length}; carried: ${carried.length}`);
  console.log(`  ${isAtRest ? 'at rest in the end' : 'NOT at rest in the end'}`);
  console.log('\n  carried after the return, in s       first     median       last    tickets');
  const groups = Map.groupBy(carried, ({ priority }) => priority);
  for (const [priority, group] of [...groups].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    console.log(`  ${priority.padEnd(32)}${timesOf(group).join('')}${String(group.length).padStart(11)}`);
  }
  console.log('\n  issues opened in each second after the first one');
  console.log(`  ${perSecond(carried).slice(0, 30).join(' ')} …`);
  for (const complaint of spent.slice(0, 20)) {
    console.log(`  WRONG: ${complaint}`);
  }
  process.exitCode = isGood ? 0 : 1;
}

function timesOf(group: readonly Carried[]): readonly string[] {
  const times = group.map(({ afterMs }) => afterMs);
  return [times.at(0), times.at(Math.floor(times.length / 2)), times.at(-1)].map((ms = 0) =>
    (ms / 1000).toFixed(0).padStart(11),
  );
}

function perSecond(carried: readonly Carried[]): readonly number[] {
  const begin = carried[0]?.afterMs ?? 0;
  const counts = Map.groupBy(carried, ({ afterMs }) => Math.floor((afterMs - begin) / 1000));
  return Array.from({ length: Math.max(0, ...counts.keys()) + 1 }, (_, second) => counts.get(second)?.length ?? 0);
}

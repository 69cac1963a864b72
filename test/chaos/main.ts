import { parseArgs } from 'node:util';
import { play, type Row } from './play.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios/all.ts';
import { printTable } from './table.ts';
import { type Profile, startWorld } from './world.ts';

const USAGE = `npm run test:chaos [-- --profile embedded|production] [--only TEXT] [--seed N] [--break look-up]

Real bridges, RabbitMQ, PostgreSQL and sandbox desks under faults. Counts what people did and what came of it.

  --profile NAME   embedded (one process, SQLite) or production (three processes, RabbitMQ, PostgreSQL); both if not given
  --only TEXT      scenarios whose title holds the text
  --seed N         for all that is left to chance; the time if not given, and printed
  --break look-up  takes the look-up of unanswered calls out of the bridge, to see that the run then fails
  --help           show this text

Ends with 0 if nothing was lost, doubled, out of order or left in a dead letter, otherwise with 1. Five minutes on two cores.
`;

/** What can be taken out of the bridge, and the module that does it. */
const SABOTAGE: Readonly<Record<string, string>> = {
  'look-up': new URL('modules/without-look-up.ts', import.meta.url).href,
};

async function playAll(profile: Profile, chosen: readonly Scenario[], seed: number, modules: readonly string[]) {
  const rows: Row[] = [];
  const world = await startWorld({ profile, seed, modules });
  try {
    for (const scenario of chosen) {
      const row = await play(scenario, world);
      rows.push(row);
      printTable.row(row);
      if (!row.isWell) {
        console.log(`    logs and stories: ${await world.keepTraces(row.tickets)}`);
      }
    }
  } finally {
    await world.stop();
  }
  return rows;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      profile: { type: 'string' },
      only: { type: 'string', default: '' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      break: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }

  const modules = values.break === undefined ? [] : [SABOTAGE[values.break] ?? fail(`nothing called ${values.break}`)];
  const profiles = (['embedded', 'production'] as const).filter((each) => each === (values.profile ?? each));
  const seed = Number(values.seed);
  const started = performance.now();
  console.log(`seed ${seed}`);
  // Both at a time: most of it is waiting.
  const played = await Promise.all(
    profiles.map((profile) => {
      const chosen = scenarios.filter((each) => each.profiles.includes(profile) && each.title.includes(values.only));
      return chosen.length === 0 ? [] : playAll(profile, chosen, seed, modules);
    }),
  );
  const rows = played.flat();

  printTable.all(rows);
  const isWell = rows.length > 0 && rows.every(({ isWell }) => isWell);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`\nseed ${seed}, ${seconds} s: ${isWell ? 'nothing lost, doubled or out of order' : 'NOT WELL'}`);
  return isWell ? 0 : 1;
}

function fail(reason: string): never {
  throw new Error(reason);
}

process.exitCode = await main();

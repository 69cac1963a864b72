import { parseArgs } from 'node:util';
import { createMemoryDatabase } from '../test/simulation/memory-database.ts';
import { simulate } from '../test/simulation/run.ts';
import type { Sabotage } from '../test/simulation/simulation.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
    without: { type: 'string' },
  },
});
const database = await createMemoryDatabase();
const first = Number(values.seed);
const started = process.cpuUsage();
let turns = 0;
let effects = 0;
let wrong = 0;
for (let seed = first; seed < first + Number(values.seeds); seed += 1) {
  const outcome = await simulate({
    seed,
    database,
    sabotage: values.without === undefined ? undefined : (`no-${values.without}` as Sabotage),
    write: values.verbose ? console.log : undefined,
  });
  turns += outcome.turns;
  effects += outcome.effects;
  if (outcome.complaints.length > 0) {
    wrong += 1;
    console.log(`seed ${seed}: ${outcome.complaints.join('; ')}\n  npm run simulate -- --seed ${seed} --verbose`);
  }
}
const { user, system } = process.cpuUsage(started);
const seconds = (user + system) / 1_000_000;
console.log(
  `${values.seeds} seeds, ${wrong} wrong, ${turns} turns, ${effects} effects, ${seconds.toFixed(1)} s of processor time, ${(Number(values.seeds) / seconds).toFixed(1)} seeds/s`,
);

// Looks for seeds that break a promise of docs/design.md («What is guaranteed»), and tells the story of one.
import { parseArgs } from 'node:util';
import { createMemoryDatabase } from '../test/simulation/memory-database.ts';
import { type Outcome, simulate } from '../test/simulation/run.ts';
import { shrink, sparing } from '../test/simulation/shrink.ts';
import { isSabotage } from '../test/simulation/simulation.ts';

const help = `npm run simulate -- [--seed 1] [--seeds 1] [--spare kind,…] [--break promise] [--shrink] [--verbose]

  --seed     the first seed
  --seeds    how many seeds from there on
  --spare    kinds of faults that are left out, as --shrink names them
  --break    breaks a promise on purpose: no-look-up, no-fences, no-echo-guard or no-visibility-filter
  --shrink   of a seed that breaks a promise: leaves out all faults that it can do without
  --verbose  tells the story step by step`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    spare: { type: 'string', default: '' },
    break: { type: 'string' },
    shrink: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed);
const count = Number(values.seeds);
const broken = values.break;
if (values.help || !Number.isInteger(first) || !Number.isInteger(count) || (broken && !isSabotage(broken))) {
  console.log(help);
  process.exit(values.help ? 0 : 2);
}

const database = createMemoryDatabase();
const sabotage = broken !== undefined && isSabotage(broken) ? broken : undefined;
const run = (seed: number, spared: readonly string[], write?: (line: string) => void): Promise<Outcome> =>
  simulate({ seed, database, sabotage, change: sparing(spared), write });

const spared = values.spare.split(',').filter((kind) => kind !== '');
const started = process.cpuUsage();
let [turns, effects, wrong] = [0, 0, 0];
for (let seed = first; seed < first + count; seed += 1) {
  const outcome = await run(seed, spared, values.verbose ? console.log : undefined);
  turns += outcome.turns;
  effects += outcome.effects;
  if (outcome.complaints.length > 0) {
    wrong += 1;
    const needless = values.shrink ? await shrink((more) => run(seed, [...spared, ...more])) : [];
    const spare = [...spared, ...needless].join(',');
    console.log(`seed ${seed}:\n  ${outcome.complaints.join('\n  ')}`);
    console.log(
      `  npm run simulate -- --seed ${seed}${spare === '' ? '' : ` --spare ${spare}`}${sabotage === undefined ? '' : ` --break ${sabotage}`} --verbose`,
    );
  }
}
const { user, system } = process.cpuUsage(started);
const seconds = (user + system) / 1_000_000;
console.log(
  `${count} seeds, ${wrong} of them broke a promise; ${turns} turns, ${effects} effects; ${(count / seconds).toFixed(1)} seeds per second of processor time`,
);
process.exitCode = wrong > 0 ? 1 : 0;

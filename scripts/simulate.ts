// Looks for seeds that break a promise of docs/design.md («What is guaranteed»), and tells the story of one.
import { parseArgs } from 'node:util';
import { type Order, playAll } from '../test/simulation/crew.ts';
import { play } from '../test/simulation/play.ts';
import type { Outcome } from '../test/simulation/run.ts';
import { shrink } from '../test/simulation/shrink.ts';
import { isSabotage } from '../test/simulation/simulation.ts';
import { showOutage } from './simulate/show-outage.ts';

const help = `npm run simulate -- [--seed 1] [--seeds 1] [--store memory] [--spare kind,…] [--break promise] [--shrink] [--verbose]
       npm run simulate -- --outage 6h [--tickets 10000] [--seed 1] [--store memory]

  --seed     the first seed
  --seeds    how many seeds from there on; many are shared out to all cores
  --store    memory (a model of the store, quick) or sqlite (the real one)
  --spare    kinds of faults that are left out, as --shrink names them
  --break    breaks a promise on purpose: no-look-up, no-fences, no-echo-guard or no-visibility-filter
  --shrink   of a seed that breaks a promise: leaves out all faults that it can do without
  --verbose  tells the story step by step
  --outage   plays one thing alone: JIRA is away for so many hours, and comes back
  --tickets  how many tickets are registered meanwhile`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    store: { type: 'string', default: 'memory' },
    spare: { type: 'string', default: '' },
    break: { type: 'string' },
    outage: { type: 'string' },
    tickets: { type: 'string', default: '10000' },
    shrink: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const { break: broken, verbose } = values;
const store = values.store === 'memory' || values.store === 'sqlite' ? values.store : undefined;
const [first, count] = [Number(values.seed), Number(values.seeds)];
const hours = values.outage === undefined ? undefined : Number(/^(\d+(?:\.\d+)?)h$/.exec(values.outage)?.[1]);
const tickets = Number(values.tickets);
if (store !== undefined && hours !== undefined && hours > 0 && Number.isInteger(tickets) && !values.help) {
  await showOutage({ seed: first, hours, tickets }, store, verbose ? console.log : undefined);
  process.exit();
}

const isUsable =
  hours === undefined &&
  Number.isInteger(first) &&
  Number.isInteger(count) &&
  (broken === undefined || isSabotage(broken));
if (values.help || !isUsable || store === undefined) {
  console.log(help);
  process.exit(values.help ? 0 : 2);
}

const how: Omit<Order, 'seeds'> = {
  store,
  sabotage: broken,
  spared: values.spare.split(',').filter((kind) => kind !== ''),
};
/** What one command plays in one thread: more are worth the start of others. */
const FEW = 50;
const seeds = Array.from({ length: count }, (_, index) => first + index);
const bad: Outcome[] = [];
let [turns, effects] = [0, 0];
const startedAt = performance.now();

const take = (outcome: Outcome) => {
  turns += outcome.turns;
  effects += outcome.effects;
  if (outcome.complaints.length > 0) {
    bad.push(outcome);
    console.log(`seed ${outcome.seed}:\n  ${outcome.complaints.join('\n  ')}\n  ${replayOf(outcome.seed, how.spared)}`);
  }
};

function replayOf(seed: number, spared: readonly string[]): string {
  const options = [
    `--seed ${seed}`,
    ...(store === 'memory' ? [] : [`--store ${store}`]),
    ...(spared.length === 0 ? [] : [`--spare ${spared.join()}`]),
    ...(broken === undefined ? [] : [`--break ${broken}`]),
  ];
  return `npm run simulate -- ${options.join(' ')} --verbose`;
}

if (seeds.length > FEW && !verbose) {
  await playAll({ seeds, ...how }, take);
} else {
  for (const seed of seeds) {
    take(await play(seed, how, verbose ? console.log : undefined));
  }
}

for (const { seed } of values.shrink ? bad : []) {
  const needless = await shrink((more) => play(seed, { ...how, spared: [...how.spared, ...more] }));
  console.log(
    `seed ${seed} breaks a promise with fewer faults, too:\n  ${replayOf(seed, [...how.spared, ...needless])}`,
  );
}
const seconds = (performance.now() - startedAt) / 1000;
console.log(
  `${count} seeds, ${bad.length} of them broke a promise; ${turns} turns, ${effects} effects, ${seconds.toFixed(1)} s`,
);
process.exitCode = bad.length > 0 ? 1 : 0;

// The whole bridge beside programs that make the same calls, in one run: `npm run bench`, or this part alone:
// node scripts/bench-throughput.ts [--quick] [--rounds N] [--peers] [--write]
import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Carriage, compareCarrying } from './throughput/carrying.ts';
import { residentMegabytes } from './throughput/child.ts';
import { carriageCells, carriageColumns, keepFigures, whole } from './throughput/figures.ts';
import { benchOptions } from './throughput/options.ts';
import { accept, drain, queueUp } from './throughput/queued.ts';
import { type Contender, type Stage, setStage } from './throughput/stage.ts';

const { isQuick, rounds, withPeers, isWritten } = benchOptions();
const size = isQuick
  ? { tickets: 300, webhooks: 600, queued: 5_000, drained: 500 }
  : { tickets: 1_000, webhooks: 4_000, queued: 100_000, drained: 10_000 };
const RATE = 200;
const DURABLE = 'bare durable loop';

const figures = keepFigures(console.log);
await using stage = await setStage();
await compare(stage);
await accepting(stage);
await queueing(stage);
await draining(stage);
if (isWritten) {
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${whole(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
  await writeFile(
    join(import.meta.dirname, 'throughput', 'figures.md'),
    `Measured on ${machine}, by \`node scripts/bench-throughput.ts ${process.argv.slice(2).join(' ')}\`.\n\n${figures.page()}`,
  );
}

async function compare(on: Stage): Promise<void> {
  const contenders = [
    await on.bare('loop'),
    await on.bare('durable'),
    await on.embedded(),
    await on.production(1),
    ...(withPeers ? [await on.nodeRed()] : []),
  ];
  await firstSweeps();
  await compareAt(on, contenders, 'none', 'New tickets, calls answered at once');
  await compareAt(on, contenders, 'real', 'New tickets, calls as slow as in reality');
  await Promise.all(contenders.map((each) => each.stop()));
  const three = [await on.bare('durable'), await on.production(3)];
  await firstSweeps();
  await compareAt(on, three, 'none', 'New tickets, three instances, calls answered at once');
  await Promise.all(three.map((each) => each.stop()));
}

/** A bridge that has just begun looks for what it missed: that must not be the tickets of the others. */
function firstSweeps(): Promise<void> {
  return sleep(10_000);
}

async function compareAt(on: Stage, contenders: readonly Contender[], latency: 'none' | 'real', title: string) {
  await on.systems.ask({ ask: 'latency', of: latency });
  figures.table(`${title}: ${size.tickets} at a time, 32 in work, best of ${rounds}`, carriageColumns);
  const carried = await compareCarrying(on, contenders, size.tickets, rounds);
  const measure = carried.get(DURABLE)?.perSecond ?? Number.NaN;
  for (const [name, carriage] of carried) {
    figures.row(...carriageCells(name, carriage, measure));
    failOn(carriage, name);
  }
  await on.systems.ask({ ask: 'latency', of: 'none' });
}

async function accepting(on: Stage): Promise<void> {
  figures.table(`${RATE} webhooks/s, each durable before it is answered, JIRA away`, [
    'Program',
    'p50, ms',
    'p99, ms (goal 20)',
    'worst, ms',
    'refused',
    'start, ms (goal 1,000)',
    'idle, MB (goal 130)',
  ]);
  for (const start of [() => on.embedded(), () => on.production(1)]) {
    const bridge = await start();
    await firstSweeps();
    const [pid = 0] = bridge.pids;
    const idle = await residentMegabytes(pid);
    await on.systems.ask({ ask: 'jira', is: 'down' });
    const tickets = (await on.systems.ask({ ask: 'tickets', count: size.webhooks })) as readonly number[];
    const { p50, p99, worst, refused } = await accept(bridge, tickets, RATE);
    const [taken, slowest] = [`${p50.toFixed(1)}`, `${p99.toFixed(1)}`];
    figures.row(bridge.name, taken, slowest, whole(worst), whole(refused), whole(bridge.startMs ?? 0), whole(idle));
    await bridge.stop();
    await on.systems.ask({ ask: 'jira', is: 'up' });
  }
}

async function queueing(on: Stage): Promise<void> {
  figures.table('Tickets that wait while OTRS is away', ['Program', 'tickets', 'memory, MB (goal 300)', 'webhooks/s']);
  const bridge = await on.embedded();
  await on.systems.ask({ ask: 'otrs', is: 'down' });
  const { perSecond, megabytes } = await queueUp(bridge, size.queued);
  figures.row(bridge.name, whole(size.queued), whole(megabytes), whole(perSecond));
  await on.systems.ask({ ask: 'otrs', is: 'up' });
  await bridge.stop('SIGKILL');
}

async function draining(on: Stage): Promise<void> {
  figures.table(`${whole(size.drained)} tickets after an outage of JIRA, calls answered at once`, [
    'Program',
    'seconds',
    'lost',
    'doubled',
  ]);
  for (const start of [() => on.embedded(), () => on.production(3)]) {
    const bridge = await start();
    const { seconds, ...faults } = await drain(on, bridge, size.drained);
    figures.row(bridge.name, whole(seconds), whole(faults.lost), whole(faults.doubled));
    failOn(faults, bridge.name);
    await bridge.stop();
  }
}

/** Others may lose and double; the bridge may not. */
function failOn({ lost, doubled }: Pick<Carriage, 'lost' | 'doubled'>, name: string): void {
  if (name.startsWith('bridge') && lost + doubled > 0) {
    process.exitCode = 1;
    console.log(`    ${name} LOST ${lost} AND DOUBLED ${doubled}`);
  }
}

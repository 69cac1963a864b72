// The whole bridge beside bare programs that make the same calls, in one run: `npm run bench`, or alone with
// `node scripts/bench-throughput.ts [--quick]`.
import { cpus, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Carriage, compareCarrying } from './throughput/carrying.ts';
import { residentMegabytes } from './throughput/child.ts';
import { accept, drain, queueUp } from './throughput/queued.ts';
import { type Contender, type Stage, setStage } from './throughput/stage.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const size = values.quick
  ? { tickets: 300, rounds: 1, webhooks: 600, queued: 5_000, drained: 500 }
  : { tickets: 1_000, rounds: 3, webhooks: 4_000, queued: 100_000, drained: 10_000 };
const RATE = 200;

console.log(
  `carrying tickets on ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB; both systems are the sandbox, in a process of their own`,
);
await using stage = await setStage();
await atStart(stage);
await compare(stage);
await accepting(stage);
await queueing(stage);
await draining(stage);

async function atStart(on: Stage): Promise<void> {
  const bridge = await on.embedded();
  const [pid = 0] = bridge.pids;
  console.log(
    `  start until webhooks are taken ${whole(bridge.startMs ?? 0)} ms, idle ${whole(await residentMegabytes(pid))} MB`,
  );
  await bridge.stop();
}

async function compare(on: Stage): Promise<void> {
  const contenders = [await on.bare('loop'), await on.bare('durable'), await on.embedded(), await on.production(1)];
  await firstSweeps();
  await compareAt(on, contenders, 'none', 'at 0 ms');
  await compareAt(on, contenders, 'real', 'at real latencies');
  await Promise.all(contenders.map((each) => each.stop()));
  const three = [await on.bare('durable'), await on.production(3)];
  await firstSweeps();
  await compareAt(on, three, 'none', 'three instances at 0 ms');
  await Promise.all(three.map((each) => each.stop()));
}

/** A bridge that has just begun looks for what it missed: that must not be the tickets of the others. */
function firstSweeps(): Promise<void> {
  return sleep(10_000);
}

async function compareAt(on: Stage, contenders: readonly Contender[], latency: 'none' | 'real', title: string) {
  await on.systems.ask({ ask: 'latency', of: latency });
  const carried = await compareCarrying(on, contenders, size.tickets, size.rounds);
  const measure = carried.get('bare durable loop')?.perSecond ?? Number.NaN;
  console.log(`  ${title}, ${size.tickets} new tickets, 32 at once, the best of ${size.rounds}`);
  for (const [name, carriage] of carried) {
    console.log(
      `    ${name.padEnd(36)} ${describe(carriage)}   ${(carriage.perSecond / measure).toFixed(2)} x bare durable`,
    );
  }
  await on.systems.ask({ ask: 'latency', of: 'none' });
}

async function accepting(on: Stage): Promise<void> {
  for (const bridge of [await on.embedded(), await on.production(1)]) {
    await on.systems.ask({ ask: 'jira', is: 'down' });
    const tickets = (await on.systems.ask({ ask: 'tickets', count: size.webhooks })) as readonly number[];
    const { p50, p99, worst, refused } = await accept(bridge, tickets, RATE);
    console.log(
      `  accepting ${RATE} webhooks/s, ${bridge.name}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (goal 20), worst ${worst.toFixed(0)} ms, ${refused} refused`,
    );
    await bridge.stop();
    await on.systems.ask({ ask: 'jira', is: 'up' });
  }
}

async function queueing(on: Stage): Promise<void> {
  const bridge = await on.embedded();
  await on.systems.ask({ ask: 'otrs', is: 'down' });
  const { perSecond, megabytes } = await queueUp(bridge, size.queued);
  console.log(
    `  ${size.queued.toLocaleString('en')} tickets queued: ${whole(megabytes)} MB, taken in at ${whole(perSecond)} webhooks/s`,
  );
  await on.systems.ask({ ask: 'otrs', is: 'up' });
  await bridge.stop();
}

async function draining(on: Stage): Promise<void> {
  for (const start of [() => on.embedded(), () => on.production(1), () => on.production(3)]) {
    const bridge = await start();
    const { seconds, lost, doubled } = await drain(on, bridge, size.drained);
    console.log(
      `  ${size.drained.toLocaleString('en')} tickets after an outage of JIRA, ${bridge.name}: ${seconds.toFixed(0)} s, ${lost} lost, ${doubled} doubled`,
    );
    await bridge.stop();
  }
}

function describe({ perSecond, calls, processorMs, megabytes, lost, doubled }: Carriage): string {
  const faults = lost + doubled === 0 ? '' : `   ${lost} LOST, ${doubled} DOUBLED`;
  return `${whole(perSecond).padStart(5)} tickets/s   ${calls.toFixed(1)} calls   ${processorMs.toFixed(1).padStart(5)} ms of processor   ${whole(megabytes).padStart(4)} MB${faults}`;
}

function whole(figure: number): string {
  return Math.round(figure).toLocaleString('en');
}

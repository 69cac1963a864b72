// Figures of one run, to be compared with each other and not with another machine's: `npm run bench`.
import { join } from 'node:path';
import { createAnswerer } from '../src/cli/deadlines.ts';
import { readClock } from '../src/domain/clock/clock.ts';
import { createTable4, type Table4Case } from '../src/domain/table-4.ts';
import type { Snapshot } from '../src/domain/ticket.ts';
import { timelineOf } from '../src/domain/timeline.ts';
import { loadPolicy } from '../src/policy/load.ts';
import { randomTicket } from './bench-histories.ts';
import { benchOptions } from './throughput/options.ts';

// They are for the last part; whoever mistypes one learns it now.
benchOptions();

const CASES = 200_000;
const TICKETS = 20_000;
const GOAL = 20_000;
const MINUTE = 60_000;

const mappings = join(import.meta.dirname, '..', 'mappings');
const cold = await timed(() => loadPolicy(mappings));
let compiled = cold;
for (let round = 0; round < 5; round += 1) {
  const next = await timed(() => loadPolicy(mappings));
  compiled = next.ms < compiled.ms ? next : compiled;
}
const { sla, clock } = compiled.value;

const random = createRandom(20_261_123);
const cases = Array.from({ length: CASES }, () => randomCase());
const lines = cases.map((each) => JSON.stringify(written(each)));
const tickets = Array.from({ length: TICKETS }, () => randomTicket(random));
const entries = tickets.reduce((sum, { history }) => sum + history.length, 0) / TICKETS;
const table = createTable4(sla);
const answer = createAnswerer(sla, false);

// The first rounds warm the compiler up.
rate(() => cases.slice(0, 20_000).forEach((each) => void table.deadlines(each)));
rate(() => lines.slice(0, 20_000).forEach((text) => void answer({ text })));
rate(() => tickets.slice(0, 5_000).forEach(readTicket));

const heapBefore = process.memoryUsage().heapUsed;
const arithmetic = rate(() => cases.forEach((each) => void table.deadlines(each)));
const stream = rate(() => lines.forEach((text) => void answer({ text })));
const parsing = rate(() => lines.forEach((text) => void JSON.parse(text)));
const folding = rate(() => tickets.forEach(readTicket), TICKETS);
const placing = rate(() => tickets.forEach((ticket) => void timelineOf(ticket)), TICKETS);
const { rss, heapUsed } = process.memoryUsage();

const show = (figure: number) => Math.round(figure).toLocaleString('en').padStart(12);
console.log(`deadlines of Table 4, ${CASES.toLocaleString('en')} random cases, all stages, 0 to 3 pauses, one core`);
console.log(`  arithmetic alone         ${show(arithmetic)} tickets/s   ${(arithmetic / GOAL).toFixed(1)} x the goal`);
console.log(`  a line in, a line out    ${show(stream)} tickets/s   ${(stream / GOAL).toFixed(1)} x the goal`);
console.log(`  reading the JSON alone   ${show(parsing)} tickets/s   ${(parsing / stream).toFixed(1)} x a whole line`);
console.log(
  `deadlines of ${TICKETS.toLocaleString('en')} tickets from their history, ${entries.toFixed(0)} entries each, pauses among them`,
);
console.log(`  history to deadlines     ${show(folding)} tickets/s   ${(folding / GOAL).toFixed(1)} x the goal`);
console.log(`  the timeline alone       ${show(placing)} tickets/s   ${(placing / folding).toFixed(1)} x the whole`);
console.log(
  `  mappings read, checked and compiled in ${compiled.ms.toFixed(0)} ms (goal 100 ms), for the first time in ${cold.ms.toFixed(0)} ms`,
);
console.log(
  `  memory ${megabytes(rss)} MB, heap ${megabytes(heapBefore)} MB before and ${megabytes(heapUsed)} MB after`,
);

await import('./bench-diff.ts');
await import('./bench-calls.ts');
await import('./bench-files.ts');
await import('./bench-many-files.ts');
await import('./bench-letters.ts');
await import('./bench-throughput.ts');

function randomCase(): Table4Case {
  const registered = Date.UTC(2025, 0, 10) + Math.floor(random() * 700 * 1440) * MINUTE;
  const complete = registered + Math.floor(random() * 2_000) * MINUTE;
  const pauses = Array.from({ length: Math.floor(random() * 4) }, () => {
    const from = complete + Math.floor(random() * 10_000) * MINUTE;
    return { from, to: from + Math.floor(random() * 3_000) * MINUTE };
  });
  return { priority: 1 + Math.floor(random() * 4), registered, complete, pauses };
}

function readTicket(ticket: Snapshot): void {
  readClock(ticket, timelineOf(ticket), {
    policy: clock,
    completed: { at: ticket.createdAt.toMillis(), position: 0, evidence: 'registration' },
    isOurs: (service) => service.startsWith('NTTM'),
    now: ticket.changedAt.toMillis(),
  });
}

function written({ priority, registered, complete = registered, pauses }: Table4Case) {
  const iso = (moment = 0) => `${new Date(moment + 180 * MINUTE).toISOString().slice(0, 19)}+03:00`;
  return {
    priority,
    registered: iso(registered),
    complete: iso(complete),
    pauses: pauses.map(({ from, to }) => ({ from: iso(from), to: iso(to) })),
  };
}

/** Cases per second: the best of three rounds, as the others were disturbed more. */
function rate(round: () => void, count = CASES): number {
  const seconds = [1, 2, 3].map(() => {
    const begin = performance.now();
    round();
    return (performance.now() - begin) / 1000;
  });
  return count / Math.min(...seconds);
}

async function timed<Value>(work: () => Promise<Value>): Promise<{ readonly value: Value; readonly ms: number }> {
  const begin = performance.now();
  const value = await work();
  return { value, ms: performance.now() - begin };
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}

/** The same cases in every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

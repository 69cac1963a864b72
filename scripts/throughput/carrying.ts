import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, processorMilliseconds, residentMegabytes } from './child.ts';
import type { Contender, Stage } from './stage.ts';
import type { Carried } from './systems.ts';
import { deliverAll } from './webhooks.ts';

export interface Carriage {
  readonly perSecond: number;
  /** Calls that both systems were asked, per ticket. */
  readonly calls: number;
  /** Processor time of the program, per ticket. */
  readonly processorMs: number;
  readonly megabytes: number;
  readonly lost: number;
  readonly doubled: number;
}

/** How often the systems are asked whether all is there, and after how long without progress nobody waits any more. */
const ASK_MS = 50;
const PATIENCE_MS = 180_000;

/** New tickets, a webhook for each, and the time until the last of them shows its issue. */
export async function carry(systems: Child, contender: Contender, count: number): Promise<Carriage> {
  const tickets = (await systems.ask({ ask: 'tickets', count })) as readonly number[];
  const [from = 0] = tickets;
  const { calls } = (await systems.ask({ ask: 'carried', from })) as Carried;
  const processorBefore = await processorOf(contender);
  const begin = performance.now();
  const [, end] = await Promise.all([deliverInTurn(contender, tickets), whenCarried(systems, from, count)]);
  return {
    perSecond: (count * 1000) / (end.at - begin),
    calls: (end.calls - calls) / count,
    processorMs: ((await processorOf(contender)) - processorBefore) / count,
    megabytes: Math.max(...(await Promise.all(contender.pids.map(residentMegabytes)))),
    lost: count - end.shown,
    doubled: end.doubled,
  };
}

/** Resolves when so many tickets from that id on show their issue, or when nothing moves any more. */
export async function whenCarried(systems: Child, from: number, count: number) {
  let last = { shown: -1, at: performance.now() };
  for (;;) {
    const carried = (await systems.ask({ ask: 'carried', from })) as Carried;
    const at = performance.now();
    if (carried.shown >= count || at - last.at > PATIENCE_MS) {
      return { ...carried, at };
    }

    last = carried.shown === last.shown ? last : { shown: carried.shown, at };
    await sleep(ASK_MS);
  }
}

/** Several instances are told in turn, as by a balancer. */
export async function deliverInTurn({ webhooks }: Contender, tickets: readonly number[]): Promise<void> {
  const { length } = webhooks;
  await Promise.all(
    webhooks.map((url, turn) =>
      deliverAll(
        url,
        tickets.filter((_, index) => index % length === turn),
        32 / length,
      ),
    ),
  );
}

/** The contenders one after the other, `rounds` times; of each the best round, as the others were disturbed more. */
export async function compareCarrying(
  { systems }: Stage,
  contenders: readonly Contender[],
  count: number,
  rounds: number,
): Promise<ReadonlyMap<string, Carriage>> {
  const best = new Map<string, Carriage>();
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) {
      const carriage = await carry(systems, contender, count);
      const known = best.get(contender.name);
      const lost = carriage.lost + (known?.lost ?? 0);
      const doubled = carriage.doubled + (known?.doubled ?? 0);
      const better = known === undefined || carriage.perSecond > known.perSecond ? carriage : known;
      best.set(contender.name, { ...better, lost, doubled });
    }
  }
  return best;
}

async function processorOf({ pids }: Contender): Promise<number> {
  const each = await Promise.all(pids.map(processorMilliseconds));
  return each.reduce((sum, milliseconds) => sum + milliseconds, 0);
}

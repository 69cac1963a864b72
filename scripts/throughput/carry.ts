import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child.ts';
import type { Carried } from './systems.ts';
import { deliverAll } from './webhooks.ts';

export interface Carriage {
  readonly perSecond: number;
  readonly calls: number;
  readonly doubled: number;
  readonly lost: number;
}

/** How often the systems are asked whether all is there, and after how long without progress nobody waits any more. */
const ASK_MS = 50;
const PATIENCE_MS = 60_000;

/** New tickets, a webhook for each, and the time until the last of them shows its issue. */
export async function carry(
  systems: Child,
  webhooks: string,
  count: number,
  addresses: readonly string[] = [webhooks],
): Promise<Carriage> {
  const tickets = (await systems.ask({ ask: 'tickets', count })) as readonly number[];
  const [from = 0] = tickets;
  const before = ((await systems.ask({ ask: 'carried', from })) as Carried).calls;
  const begin = performance.now();
  const shares = addresses.map((_, index) => tickets.filter((id) => id % addresses.length === index));
  const [, end] = await Promise.all([
    Promise.all(addresses.map((url, index) => deliverAll(url, shares[index] ?? [], 32))),
    whenCarried(systems, from, count),
  ]);
  return {
    perSecond: (count * 1000) / (end.at - begin),
    calls: (end.calls - before) / count,
    doubled: end.doubled,
    lost: count - end.shown,
  };
}

/** Resolves when so many tickets from that id on show their issue, or when nothing moves any more. */
export async function whenCarried(
  systems: Child,
  from: number,
  count: number,
): Promise<Carried & { readonly at: number }> {
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

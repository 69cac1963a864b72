import { deliverInTurn, whenCarried } from './carrying.ts';
import { residentMegabytes } from './child.ts';
import type { Contender, Stage } from './stage.ts';
import { deliverAtRate, quantile } from './webhooks.ts';

/** Webhooks at a steady rate; how long the answers took, in milliseconds. */
export async function accept(contender: Contender, tickets: readonly number[], perSecond: number) {
  const [url = ''] = contender.webhooks;
  const { latencies, refused } = await deliverAtRate(url, tickets, perSecond);
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), worst: latencies.at(-1) ?? 0, refused };
}

/** So many tickets wait while a system is away. Ids that OTRS does not know will do: nobody gets to ask. */
export async function queueUp(
  contender: Contender,
  count: number,
): Promise<{ readonly perSecond: number; readonly megabytes: number }> {
  const begin = performance.now();
  await deliverInTurn(
    contender,
    Array.from({ length: count }, (_, index) => 10_000_000 + index),
  );
  const seconds = (performance.now() - begin) / 1000;
  return {
    perSecond: count / seconds,
    megabytes: Math.max(...(await Promise.all(contender.pids.map(residentMegabytes)))),
  };
}

/** JIRA is away, tickets come, JIRA comes back: the time from then on until all are carried. */
export async function drain({ systems }: Stage, contender: Contender, count: number) {
  await systems.ask({ ask: 'jira', is: 'down' });
  const tickets = (await systems.ask({ ask: 'tickets', count })) as readonly number[];
  await deliverInTurn(contender, tickets);
  const begin = performance.now();
  await systems.ask({ ask: 'jira', is: 'up' });
  const end = await whenCarried(systems, tickets[0] ?? 0, count);
  return { seconds: (end.at - begin) / 1000, lost: count - end.shown, doubled: end.doubled };
}

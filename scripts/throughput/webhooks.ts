import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export const SECRET = 'bench-webhook-secret';

export interface Delivery {
  /** Milliseconds that each answer took, in ascending order. */
  readonly latencies: readonly number[];
  /** Answers that were no 2xx, or none at all. */
  readonly refused: number;
}

/** One webhook per ticket, so many on their way at once. */
export async function deliverAll(url: string, tickets: readonly number[], atOnce: number): Promise<Delivery> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const left = tickets.values();
  const answers: Answer[] = [];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const ticket of left) {
        answers.push(await deliver(url, ticket, agent));
      }
    }),
  );
  agent.destroy();
  return summary(answers);
}

/** So many webhooks a second, whether or not the earlier ones were answered. */
export async function deliverAtRate(url: string, tickets: readonly number[], perSecond: number): Promise<Delivery> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const begin = performance.now();
  const answers: Promise<Answer>[] = [];
  for (const [index, ticket] of tickets.entries()) {
    const dueMs = begin + (index * 1000) / perSecond - performance.now();
    if (dueMs > 1) {
      await sleep(dueMs);
    }
    answers.push(deliver(url, ticket, agent));
  }
  const all = await Promise.all(answers);
  agent.destroy();
  return summary(all);
}

/** The value that this share of the sorted figures does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

interface Answer {
  readonly ms: number;
  readonly isTaken: boolean;
}

function deliver(url: string, ticketId: number, agent: Agent): Promise<Answer> {
  const begin = performance.now();
  const body = JSON.stringify({ event: 'TicketCreate', ticketId });
  return new Promise((resolve) => {
    const answered = (isTaken: boolean) => resolve({ ms: performance.now() - begin, isTaken });
    request(url, {
      method: 'POST',
      agent,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-bridge-secret': SECRET,
      },
    })
      .on('response', (response) => {
        response.resume();
        response.on('end', () => answered((response.statusCode ?? 500) < 300));
      })
      .on('error', () => answered(false))
      .end(body);
  });
}

function summary(answers: readonly Answer[]): Delivery {
  return {
    latencies: answers.map(({ ms }) => ms).toSorted((left, right) => left - right),
    refused: answers.filter(({ isTaken }) => !isTaken).length,
  };
}

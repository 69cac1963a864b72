import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../metrics.ts';

export interface Part {
  readonly ok: boolean;
  /** One sentence without secrets. */
  readonly detail: string;
  /** Can the bridge not take events in without it? */
  readonly required: boolean;
}

export interface HealthContext {
  /** Asks every part how it is. May throw: then the bridge is not ready. */
  readonly readiness: () => Promise<Readonly<Record<string, Part>>>;
  /** Brings gauges up to date before they are read, e.g. from the store. */
  readonly measure: () => Promise<void>;
  readonly metrics: Metrics;
  /** Longest time to wait for the parts, in milliseconds. */
  readonly patienceMs: number;
}

/** `/healthz`: the process runs. `/readyz`: it can take events in. `/metrics`: figures for Prometheus. */
export function addHealth(app: FastifyInstance, { readiness, measure, metrics, patienceMs }: HealthContext): void {
  app.get('/healthz', async () => ({ alive: true }));

  app.get('/readyz', async (_request, reply) => {
    const parts = await within(patienceMs, readiness()).catch(() => ({
      bridge: { ok: false, detail: 'the parts did not answer in time; see the log', required: true },
    }));
    const ready = Object.values(parts).every((part) => part.ok || !part.required);
    return reply.code(ready ? 200 : 503).send({ ready, parts });
  });

  app.get('/metrics', async (_request, reply) => {
    // The figures that need no store must stay readable while the store is away.
    await within(patienceMs, measure()).catch(() => undefined);
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

async function within<Value>(ms: number, promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ms);
  });

  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

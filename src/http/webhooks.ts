import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Webhook } from '../connector.ts';
import type { SystemName } from '../domain/ticket.ts';
import { toBridgeError } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import { isSigned, judgeHeaders, type Proofs } from './authenticate.ts';
import { type Refusal, refusalOf, refusals } from './refusals.ts';

/** Takes an authenticated webhook in; resolves with the number of events when they are durable. */
export type Accept = (system: SystemName, webhook: Webhook) => Promise<number>;

export interface WebhooksContext {
  readonly accept: Accept;
  /** By system; each gets its address. */
  readonly proofs: Readonly<Record<SystemName, Proofs>>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Header under which a sender names a webhook, and is told the name that it has. */
const CORRELATION = 'x-correlation-id';

/**
 * `POST /webhooks/<system>`. What the headers refuse is refused before its body is read, a signature is checked over
 * the raw bytes, and nothing is parsed before that. Answers `202 {"accepted":n,"correlation":…}`
 * once the events are durable.
 */
export function addWebhooks(app: FastifyInstance, context: WebhooksContext): void {
  for (const [system, proofs] of Object.entries(context.proofs)) {
    if (proofs.insecure) {
      context.log.warn(
        { system },
        'webhooks of this system are NOT authenticated: anybody who reaches the port can send them',
      );
    }

    addWebhook(app, system, proofs, context);
  }
}

function addWebhook(app: FastifyInstance, system: SystemName, proofs: Proofs, context: WebhooksContext): void {
  const { accept, metrics, log } = context;
  const turnAway = (request: FastifyRequest, reply: FastifyReply) => {
    log.warn({ system, from: request.ip }, 'webhook is not genuine: check the secrets on both sides');
    return refuse(reply, refusals.notGenuine);
  };

  app.route({
    method: 'POST',
    url: `/webhooks/${system}`,
    onRequest: async (request, reply) => {
      if (judgeHeaders(request.headers, proofs) === 'refused') {
        await turnAway(request, reply);
      }
    },
    onResponse: async (_request, reply) => {
      metrics.webhooks.inc({ system, status: reply.statusCode });
      metrics.webhookSeconds.observe({ system }, reply.elapsedTime / 1000);
    },
    errorHandler: (error, request, reply) => {
      note(error, system, request, log);
      return refuse(reply, refusalOf(error));
    },
    handler: async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);

      if (judgeHeaders(request.headers, proofs) !== 'genuine' && !isSigned(request.headers, body, proofs)) {
        return turnAway(request, reply);
      }

      const query = request.query as Readonly<Record<string, unknown>>;
      const correlation = correlationOf(request.headers);
      const accepted = await accept(system, { headers: request.headers, query, body, correlation });
      return reply.code(202).header(CORRELATION, correlation).send({ accepted, correlation });
    },
  });
}

/** The sender's own name for the webhook, or a new one. */
function correlationOf(headers: FastifyRequest['headers']): string {
  const told = headers[CORRELATION];
  return typeof told === 'string' && /^[\w.:-]{1,64}$/.test(told) ? told : randomUUID();
}

/** Ends a request with a refusal. Headers of the route that asked for a closed connection stay. */
export function refuse(reply: FastifyReply, { status, error, help, headers }: Refusal): FastifyReply {
  return reply
    .code(status)
    .headers(headers ?? {})
    .send({ error, help });
}

/** The reason stays in the log; the sender gets fixed words. */
function note(thrown: unknown, system: SystemName, request: FastifyRequest, log: Logger): void {
  const error = toBridgeError(thrown);
  const facts = { system, from: request.ip, code: error.code, reason: error.message };

  if (error.code === 'INTERNAL' && refusalOf(thrown).status >= 500) {
    log.error({ ...facts, err: thrown }, 'webhook refused');
    return;
  }

  log.warn(facts, 'webhook refused');
}

import { z } from 'zod';

const named = z
  .string()
  .min(1)
  .max(255)
  .regex(/^(?!amq\.)/, 'must not begin with "amq.", which is reserved for the broker');

/** The `intake` section of the configuration for `kind: rabbitmq`. */
export const rabbitmqOptions = z.strictObject({
  url: z
    .url({ protocol: /^amqps?$/, error: 'must be an address like amqp://user:password@host:5672/vhost or amqps://…' })
    .meta({
      description: 'Address with login: `amqp://user:password@host:5672/vhost`; `amqps://` for TLS.',
      secret: true,
    }),
  topology: z
    .enum(['declare', 'verify'])
    .default('declare')
    .describe(
      '`declare` creates exchanges, queues and bindings that are missing and needs the configure permission. `verify` only checks that they exist: for production, where an administrator has created them with `bridge migrate --broker-admin` or by definitions and policies.',
    ),
  management_url: z
    .url({ protocol: /^https?$/, error: 'must be an address like http://user:password@host:15672' })
    .optional()
    .meta({
      description:
        'Address of the management API with the login of a user who may look (tag `monitoring`): `http://user:password@host:15672`. With it `bridge check` and the start of `bridge serve` compare the settings of queues, exchanges and policies, which AMQP does not show.',
      secret: true,
    }),
  news: z
    .boolean()
    .default(false)
    .describe(
      'Publish news for other programs (docs/messages.yaml): issue opened, deadline near or missed, ticket closed, dead letter. They wait in the store while the broker is away.',
    ),
  news_exchange: named
    .default('bridge.news')
    .describe('Topic exchange for news; other programs bind their queues to it.'),
  exchange: named.default('bridge.in').describe('Topic exchange that every publisher sends events to.'),
  queue: named.default('bridge.intake').describe('Quorum queue with a single active consumer that events wait in.'),
  dead_letter_exchange: named.default('bridge.dlx').describe('Exchange for messages that were delivered too often.'),
  dead_letter_queue: named.default('bridge.dead').describe('Queue behind `dead_letter_exchange`; the bridge reads it.'),
  unrouted_exchange: named
    .default('bridge.unrouted')
    .describe('Alternate exchange for messages whose routing key no binding of `exchange` takes.'),
  unrouted_queue: named.default('bridge.unrouted').describe('Queue behind `unrouted_exchange`; the bridge reads it.'),
  max_length_bytes: z
    .int()
    .min(1_048_576)
    .default(2_147_483_648)
    .describe(
      'Bytes that may wait in `queue`; beyond that the broker refuses publishing and webhooks go straight into the store. Used when the queue is created, or by `bridge migrate` in a policy.',
    ),
  delivery_limit: z
    .int()
    .min(1)
    .default(20)
    .describe(
      'Deliveries of one message after which the broker takes it for the cause of crashes and moves it to the dead-letter queue. Used when the queue is created, or by `bridge migrate` in a policy.',
    ),
  prefetch: z
    .int()
    .min(1)
    .max(10_000)
    .default(200)
    .describe('Messages that the broker hands out ahead of acknowledgement.'),
  max_in_flight: z
    .int()
    .min(1)
    .max(10_000)
    .default(200)
    .describe('Messages that may wait for the broker’s confirmation at a time.'),
  confirm_timeout_seconds: z
    .number()
    .min(0.1)
    .max(60)
    .default(3)
    .describe('Seconds after which an unconfirmed message counts as not published.'),
  heartbeat_seconds: z
    .int()
    .min(1)
    .max(300)
    .default(10)
    .describe('Interval of heartbeats; a dead connection is noticed after about three of them.'),
  connect_timeout_seconds: z.number().min(0.1).max(120).default(10).describe('Seconds that connecting may take.'),
  reconnect_max_seconds: z
    .number()
    .min(0.1)
    .max(300)
    .default(10)
    .describe('Longest pause between two attempts to reach a broker that is away.'),
});

export type RabbitmqOptions = z.infer<typeof rabbitmqOptions>;

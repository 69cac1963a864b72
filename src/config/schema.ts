import { z } from 'zod';
import { rabbitmqOptions } from '../intake/options.ts';
import { descriptionOf } from '../schema-shape.ts';

const secret = (description: string) => z.string().min(1).meta({ description, secret: true });

const seconds = (description: string) => z.number().positive().max(86_400).describe(description);

const webhook = (sender: string) =>
  z
    .strictObject({
      shared_secret: z
        .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(2)])
        .optional()
        .meta({
          description: `Value that ${sender} sends in the header \`shared_secret_header\`. A list of two while the secret is being changed.`,
          secret: true,
        }),
      shared_secret_header: z
        .string()
        .regex(/^[A-Za-z0-9-]+$/, 'must be the name of an HTTP header')
        .default('X-Bridge-Secret')
        .describe('Header in which the shared secret arrives.'),
      basic: z
        .strictObject({
          user: z.string().min(1).describe('User name.'),
          password: secret('Password.'),
        })
        .optional()
        .describe(`HTTP basic authentication that ${sender} sends.`),
      signature_secrets: z.array(z.string().min(1)).min(1).max(2).optional().meta({
        description:
          'Secrets of the HMAC-SHA256 signature of the body in the header `X-Hub-Signature` (JIRA) or `X-Bridge-Signature` (the add-on of OTRS). Two while the secret is being changed.',
        secret: true,
      }),
      insecure: z
        .boolean()
        .default(false)
        .describe('Take webhooks from anybody who can reach the port. For trials on one machine only.'),
    })
    .refine(
      (options) =>
        options.insecure ||
        options.shared_secret !== undefined ||
        options.basic !== undefined ||
        options.signature_secrets !== undefined,
      {
        error: 'nothing proves that a webhook is genuine',
        params: { help: 'set `shared_secret`, `basic` or `signature_secrets`, or `insecure: true` for a trial' },
      },
    )
    .describe(`How webhooks of ${sender} are authenticated. One proof that holds is enough.`);

const http = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('Address to listen on; `0.0.0.0` for all.'),
    port: z.number().int().min(0).max(65_535).default(8400).describe('Port to listen on; 0 takes a free one.'),
    public_url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Address under which OTRS, JIRA and people reach the bridge, if a proxy stands before it.'),
    body_limit_mb: z
      .number()
      .positive()
      .max(1024)
      .default(50)
      .describe(
        'Largest webhook in megabytes. OTRS sends files in the body unless its web service leaves them out: 25 MB of files make 35 MB.',
      ),
    request_seconds: seconds('A sender that takes longer to send a request is cut off.').default(30),
    shutdown_seconds: seconds('How long a stopping bridge waits for what it has in hand.').default(20),
    webhooks: z
      .strictObject({ otrs: webhook('OTRS'), jira: webhook('JIRA') })
      .describe('Who may tell the bridge of changes.'),
  })
  .describe('The door: webhooks, health and metrics.');

const keepSnapshots = z
  .boolean()
  .default(true)
  .describe(
    'Keep the last facts of each ticket, so that a change of the rules can be tried on them (`bridge mappings diff`). They hold personal data: names, addresses and texts of tickets. `false` also removes what is kept, ticket by ticket as each is looked at.',
  );

const keepExchanges = z
  .enum(['redacted', 'none'])
  .default('redacted')
  .describe(
    'Keep requests and answers of each call that writes, and of reads that fail, for `bridge story` and dead letters: ids, codes, names of fields and the systems’ own error sentences; secrets are left out, texts and what belongs to people are told by length and digest. `none` keeps only that there were calls, and what came of them.',
  );

const store = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('sqlite').describe('One process, one file, nothing to install.'),
      file: z.string().min(1).meta({ description: 'Database file; created if missing.', path: true }),
      keep_snapshots: keepSnapshots,
      keep_exchanges: keepExchanges,
    }),
    z.strictObject({
      kind: z.literal('postgres').describe('PostgreSQL; needed for more than one process.'),
      url: z
        .string()
        .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
        .meta({ description: 'Address with login: `postgres://user:password@host:5432/database`.', secret: true }),
      pool_size: z.number().int().min(2).max(100).default(10).describe('Connections of this process at most.'),
      keep_snapshots: keepSnapshots,
      keep_exchanges: keepExchanges,
    }),
  ])
  .describe('Where the bridge remembers what it has done.');

const intake = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('direct').describe('Webhooks go straight into the store.') }),
    z.strictObject({
      kind: z.literal('rabbitmq').describe('Through RabbitMQ, open to other publishers.'),
      ...rabbitmqOptions.shape,
    }),
  ])
  .prefault({ kind: 'direct' })
  .describe('The way from the door to the store.');

const worker = z
  .strictObject({
    concurrency: z
      .number()
      .int()
      .min(1)
      .max(256)
      .default(8)
      .describe(
        'Tickets in work at once, besides those whose files are on their way. Fewer while webhooks come and the processor is busy: those go first.',
      ),
    lease_seconds: seconds(
      'How long a ticket stays claimed without a sign of life. Must outlast the longest call to OTRS or JIRA.',
    ).default(120),
    poll_seconds: seconds('How often to look for due tickets when nothing wakes the worker.').default(1),
    max_attempts: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(10)
      .describe(
        'Failures in a row after which a dead letter shows the ticket. Waiting for a system that is down counts none.',
      ),
  })
  .prefault({})
  .describe('The workers that bring tickets up to date.');

const sweep = z
  .strictObject({
    every_seconds: seconds('How often both systems are asked for changes that no webhook told of.').default(300),
    overlap_seconds: seconds(
      'How far a sweep reaches back behind what was provably seen, by the clock of the system. Longer than the worst delay of a search index.',
    ).default(600),
    first_look_back_hours: z
      .number()
      .positive()
      .max(8784)
      .default(24)
      .describe('How far the first sweep of a new installation reaches back.'),
  })
  .prefault({})
  .describe('The net under lost webhooks.');

const checks = z
  .strictObject({
    every_hours: z
      .number()
      .min(0)
      .max(168)
      .default(6)
      .describe('How often the running bridge compares the names in the mappings with OTRS and JIRA; 0 never.'),
  })
  .prefault({})
  .describe('What `bridge check` finds about the systems, repeated while the bridge runs.');

const files = z
  .strictObject({
    folder: z.string().min(1).optional().meta({
      description:
        'Folder on a disk in which files wait on their way, with room for the largest ones; the system’s folder for temporary files unless given. Nothing stays there.',
      path: true,
    }),
  })
  .prefault({})
  .describe('Files on their way from one system to the other.');

const days = (description: string, kept: number) =>
  z.number().min(7).max(36_500).default(kept).describe(`Days for which ${description} are kept.`);

const retention = z
  .strictObject({
    events_days: days('arrivals that a look has covered', 90),
    attempts_days: days('calls with their requests and answers', 90),
    looks_days: days('looks', 90),
    letters_days: days('dead letters that are resolved, and jobs on dead letters that are done,', 365),
    snapshots_days: days('facts of tickets whose work is done', 180),
  })
  .prefault({})
  .describe(
    'What tells the past goes by its age. What the bridge acts by stays: links, intents, the audit, arrivals that no look has covered, open letters, jobs that are not done.',
  );

const log = z
  .strictObject({
    level: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
      .default('info')
      .describe('Lines below this level are not written. Below `info` bodies may appear; secrets never do.'),
  })
  .prefault({})
  .describe('JSON lines on standard output.');

const sections = {
  http,
  store,
  intake,
  worker,
  sweep,
  checks,
  files,
  retention,
  log,
  mappings: z
    .string()
    .min(1)
    .default('../mappings')
    .meta({ description: 'Folder of the rules: priorities, escalation, statuses, closing.', path: true }),
  ticket_system: z.literal('otrs').default('otrs').describe('Where tickets are born.'),
  issue_system: z.literal('jira').default('jira').describe('Where issues are opened for them.'),
};

/** A connected system of its own: its kind, who may tell of changes there, and the options of its connector. */
export interface SystemOptions {
  readonly kind: string;
  /** Absent where no webhook of it is taken. */
  readonly webhook?: WebhookOptions;
  readonly [option: string]: unknown;
}

/** Names that other sections, addresses and parts of `/readyz` have. */
const TAKEN: readonly string[] = ['otrs', 'jira', 'store', 'intake', 'rules'];

const systemName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'up to 31 small Latin letters, digits and hyphens, beginning with a letter')
  .refine((name) => !TAKEN.includes(name), `the names ${TAKEN.join(', ')} are taken`);

function systemsSchema(kinds: Readonly<Record<string, z.ZodObject>>) {
  const members = Object.entries(kinds).map(([kind, options]) =>
    z.strictObject({
      kind: z.literal(kind).describe(`${descriptionOf(options) ?? ''} [connectors/${kind}](../connectors/${kind}).`),
      webhook: webhook('the system').optional().meta({
        description:
          'How webhooks to `/webhooks/<name>` are authenticated. One proof that holds is enough. Left out, none is taken, and changes there are found by the sweep alone.',
      }),
      ...options.shape,
    }),
  );
  return z
    .record(systemName, z.discriminatedUnion('kind', members as [(typeof members)[number], ...typeof members]))
    .default({})
    .describe(
      'Adjacent systems with an interface of their own. `system` in mappings/related-systems.yaml calls each by its name here (docs/adding-a-system.md).',
    );
}

export type Sections = z.output<z.ZodObject<typeof sections, z.core.$strict>>;
export type HttpOptions = Sections['http'];
export type WebhookOptions = HttpOptions['webhooks']['otrs'];
export type StoreOptions = Sections['store'];
export type LogOptions = Sections['log'];

export type ConfigOf<Connectors extends Readonly<Record<string, z.ZodType>>> = Sections & {
  readonly systems: Readonly<Record<string, SystemOptions>>;
} & {
  readonly [Name in keyof Connectors]: z.output<Connectors[Name]>;
};

/**
 * The whole configuration: the bridge's own sections, one per connector, and the adjacent systems by their names, each
 * validated by its connector's schema.
 */
export function configSchema<const Connectors extends Readonly<Record<string, z.ZodType>>>(
  connectorOptions: Connectors,
  kinds: Readonly<Record<string, z.ZodObject>>,
): z.ZodType<ConfigOf<Connectors>> {
  const described = z
    .strictObject({ ...sections, ...connectorOptions, systems: systemsSchema(kinds) })
    .describe('Configuration of the bridge.');
  return described as unknown as z.ZodType<ConfigOf<Connectors>>;
}

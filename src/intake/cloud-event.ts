import { DateTime } from 'luxon';
import { z } from 'zod';
import type { EventKind, TicketEvent } from '../domain/event.ts';

/** Structured mode: the whole CloudEvent is the body. */
export const cloudEventContentType = 'application/cloudevents+json';

/** `type` of a CloudEvent is this prefix and the kind of event, e.g. `bridge.ticket.changed`. */
export const typePrefix = 'bridge.ticket.';

/** `source` of the bridge's own events. Their `id` is the event's id as it is; other sources get theirs prefixed. */
export const ownSource = '/otrs-jira-bridge';

/** Bodies beyond this many bytes are not even parsed: an event carries a reference and no facts. */
const largestBody = 256 * 1024;

const kinds = {
  [`${typePrefix}changed`]: 'changed',
  [`${typePrefix}commented`]: 'commented',
  [`${typePrefix}closed`]: 'closed',
  [`${typePrefix}due`]: 'due',
  [`${typePrefix}replayed`]: 'replayed',
} as const satisfies Readonly<Record<string, EventKind>>;

type CloudEventType = keyof typeof kinds;
const types = Object.keys(kinds) as CloudEventType[];

const channels = ['webhook', 'message', 'sweep', 'operator'] as const;

/** Control characters have no place in a name, and PostgreSQL cannot store all of them. */
function name(longest: number) {
  return z
    .string()
    .min(1)
    .max(longest)
    .regex(/^\P{Cc}+$/u, 'must not contain control characters');
}

/** Attributes that it does not know are let through: other publishers add tracing, newer versions add fields. */
const envelope = z.looseObject({
  specversion: z.literal('1.0'),
  id: name(255),
  source: name(255),
  type: z.enum(types),
  time: z.iso.datetime({ offset: true }).optional(),
  // What another publisher means by it is no reason to refuse the message.
  correlationid: name(64).optional().catch(undefined),
  datacontenttype: z
    .string()
    .regex(/^application\/([\w.-]+\+)?json\b/i, 'must be a JSON type')
    .optional(),
  data: z.looseObject({
    system: name(64),
    id: name(100),
    key: name(100).optional(),
    channel: z.enum(channels).default('message'),
  }),
});

export type Parsed =
  | { readonly outcome: 'event'; readonly event: TicketEvent }
  /** `reason` is one sentence for the person who reads the dead letter. */
  | { readonly outcome: 'unreadable'; readonly reason: string };

/** The event as a CloudEvents 1.0 JSON document. */
export function toCloudEvent(event: TicketEvent): string {
  const { system, id, key } = event.ref;
  return JSON.stringify({
    specversion: '1.0',
    id: event.id,
    source: ownSource,
    type: `${typePrefix}${event.kind}`,
    subject: `${system}/${id}`,
    time: event.at.toUTC().toISO(),
    datacontenttype: 'application/json',
    ...(event.correlation === undefined ? {} : { correlationid: event.correlation }),
    data: { system, id, ...(key === undefined ? {} : { key }), channel: event.channel },
  });
}

/** Reads a message body. `arrivedAt` stands in where the publisher left `time` out. */
export function parseCloudEvent(body: Buffer, arrivedAt: DateTime): Parsed {
  const document = parseDocument(body);
  if (typeof document === 'string') {
    return { outcome: 'unreadable', reason: document };
  }

  const checked = envelope.safeParse(inWordsOfToday(document.content));
  if (!checked.success) {
    return { outcome: 'unreadable', reason: `It is not a CloudEvent of this bridge: ${faultsOf(checked.error)}.` };
  }

  const { id, source, type, time, correlationid, data } = checked.data;
  const event: TicketEvent = {
    id: source === ownSource ? id : `${source}#${id}`,
    ref: { system: data.system, id: data.id, ...(data.key === undefined ? {} : { key: data.key }) },
    kind: kinds[type],
    channel: data.channel,
    at: time === undefined ? arrivedAt : DateTime.fromISO(time, { zone: 'utc' }),
    ...(correlationid === undefined ? {} : { correlation: correlationid }),
  };
  return { outcome: 'event', event };
}

/**
 * While instances are replaced one after the other, a newer one publishes and an older one consumes. A kind of event or a
 * channel that only the newer one knows is still a reason to look. Other publishers have to keep to the description.
 */
function inWordsOfToday(content: unknown): unknown {
  if (!isRecord(content) || content.source !== ownSource) {
    return content;
  }

  const { type, data } = content;
  const isNewType = typeof type === 'string' && type.startsWith(typePrefix) && !Object.hasOwn(kinds, type);
  const isNewChannel =
    isRecord(data) && typeof data.channel === 'string' && !(channels as readonly string[]).includes(data.channel);
  return {
    ...content,
    ...(isNewType ? { type: `${typePrefix}changed` } : {}),
    ...(isNewChannel ? { data: { ...data, channel: 'message' } } : {}),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The JSON document, or the sentence that says why there is none. */
function parseDocument(body: Buffer): { readonly content: unknown } | string {
  if (body.length > largestBody) {
    return `The body has ${body.length} bytes; an event has at most ${largestBody}.`;
  }

  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return 'The body is not UTF-8 text.';
  }

  try {
    return { content: JSON.parse(text) };
  } catch (cause) {
    return `The body is not JSON: ${cause instanceof Error ? cause.message : String(cause)}.`;
  }
}

function faultsOf(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}

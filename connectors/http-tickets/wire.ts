import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Comment, Phase, Ref, Snapshot } from '../../src/domain/ticket.ts';
import type { HttpTicketsOptions } from './options.ts';

const moment = z.iso.datetime({ offset: true }).transform((text) => DateTime.fromISO(text));

export const wireComment = z.object({
  id: z.string(),
  author: z.string(),
  at: moment,
  edited_at: moment.nullish(),
  text: z.string(),
  /** What it leaves unsaid is internal. */
  public: z.boolean().default(false),
  mark: z.string().nullish(),
});

export const wireTicket = z.object({
  id: z.string(),
  number: z.string(),
  url: z.string(),
  queue: z.string(),
  service: z.string().nullish(),
  type: z.string(),
  priority: z.string().nullish(),
  title: z.string(),
  text: z.string(),
  state: z.string(),
  kind: z.enum(['new', 'open', 'waiting', 'done']),
  owner: z.string().nullish(),
  mark: z.string().nullish(),
  fields: z.record(z.string(), z.string()),
  comments: z.array(wireComment),
  created_at: moment,
  changed_at: moment,
});

/** A ticket in a list. */
const wireEntry = wireTicket.pick({ id: true, number: true, mark: true, changed_at: true });
export type WireEntry = z.output<typeof wireEntry>;

export const wireList = z.object({ tickets: z.array(wireEntry), next: z.string().nullish(), as_of: moment });

export const wireAbout = z.object({
  name: z.string(),
  queues: z.array(z.string()),
  states: z.array(z.string()),
  fields: z.array(z.string()),
});

export const wireWebhook = z.object({ ticket: z.object({ id: z.string(), number: z.string() }), by: z.string() });

const PHASES: Readonly<Record<z.output<typeof wireTicket>['kind'], Phase>> = {
  new: 'new',
  open: 'open',
  waiting: 'pending',
  done: 'done',
};

export function refOf({ id, number }: Pick<WireEntry, 'id' | 'number'>, system: string): Ref {
  return { system, id, key: number };
}

/** The record in the words of the rules. */
export function toSnapshot(
  ticket: z.output<typeof wireTicket>,
  system: string,
  { fields }: HttpTicketsOptions,
): Snapshot {
  const { url, title, text, state, kind, type, queue, service, owner, priority } = ticket;
  const known = Object.entries(fields).map(([logical, name]) => [logical, ticket.fields[name] ?? ''] as const);
  return {
    ref: refOf(ticket, system),
    url,
    title,
    text,
    state,
    phase: PHASES[kind],
    priority: priority ?? '',
    type,
    ticketQueue: queue,
    ...(service ? { service } : {}),
    ...(owner ? { owner } : {}),
    fields: Object.fromEntries(known.filter(([, value]) => value !== '')),
    // Comments have no subjects there: that of the ticket stands for them.
    comments: ticket.comments.map((comment) => ({ ...toComment(comment), subject: title })),
    attachments: [],
    history: [],
    createdAt: ticket.created_at,
    changedAt: ticket.changed_at,
  };
}

/** Whoever writes there is of its support; what carries a mark is the bridge's own. */
function toComment({ id, author, at, text, mark, ...rest }: z.output<typeof wireComment>): Comment {
  return {
    id,
    author,
    at,
    text,
    visibility: rest.public ? 'public' : 'internal',
    by: 'agent',
    ...(rest.edited_at ? { editedAt: rest.edited_at } : {}),
    ...(mark ? { marker: mark } : {}),
  };
}

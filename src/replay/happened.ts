import type { DateTime } from 'luxon';
import { z } from 'zod';
import type { ChangingProperty, FieldValue, PropertyChange } from '../domain/ticket.ts';
import { moment, snapshotSchema, type WrittenRecord } from './facts-schema.ts';

const { shape } = snapshotSchema.shape.ticket;
const words = shape.comments.unwrap().element.shape;

/** What can happen to a ticket, by its name there and in its history. */
const changing = {
  title: 'title',
  type: 'type',
  service: 'service',
  ticketQueue: 'ticket_queue',
  priority: 'priority',
  state: 'state',
  owner: 'owner',
} as const;

const happening = z
  .strictObject({
    at: moment.meta({ description: 'When it happened.' }),
    by: words.by,
    author: words.author,
    subject: words.subject,
    text: words.text.exactOptional(),
    visibility: words.visibility,
    marker: words.marker,
    title: shape.title.exactOptional(),
    type: shape.type,
    service: shape.service,
    ticketQueue: shape.ticketQueue,
    priority: shape.priority,
    state: shape.state,
    phase: shape.phase.meta({ description: 'What the new state means; `open` if it is left out.' }),
    owner: shape.owner,
    fields: z
      .record(z.string(), z.string())
      .exactOptional()
      .meta({ description: 'Fields that got another value, by logical name; an empty text empties the field.' }),
  })
  .refine(({ at, ...what }) => at.isValid && Object.keys(what).length > 0, {
    message: 'has to say what happened: words (`text`, `by`) or another `state`, `priority`, `fields`',
  });

/** The short form of a history, for people who write examples. */
export const happenedSchema = z.array(happening).meta({
  description:
    'What has happened to the ticket since its registration, in order. `ticket` then says how it was registered: its history, comments and present values follow from both.',
});

type Happening = z.output<typeof happening>;
type History = NonNullable<WrittenRecord['history']>;
type Comments = NonNullable<WrittenRecord['comments']>;

/** Ids of the words that happened: those of comments that the ticket has itself begin with 101. */
const FIRST_COMMENT = 201;

/** The ticket as it was registered and what happened since -> the ticket as it is now, with its history and comments. */
export function withHappenings(
  registered: WrittenRecord,
  happened: readonly Happening[],
  seenAt: DateTime,
): WrittenRecord {
  const createdAt = registered.createdAt ?? happened[0]?.at ?? seenAt;
  const registration = { at: createdAt, what: 'NewTicket', changes: registrationOf(registered) };
  const history: History = [...(registered.history ?? []), registration];
  const comments: Comments = [...(registered.comments ?? [])];
  let ticket = registered;
  for (const each of happened) {
    if (each.text !== undefined || each.subject !== undefined) {
      const id = String(FIRST_COMMENT + comments.length);
      comments.push(wordsOf(each, id));
      history.push({ at: each.at, what: 'AddNote', commentId: id });
    }
    const changes = changesOf(each, ticket);
    if (changes.length > 0) {
      history.push({ at: each.at, what: 'TicketUpdate', changes });
    }
    ticket = after(ticket, each);
  }
  return { ...ticket, createdAt, history, comments };
}

function registrationOf(ticket: WrittenRecord): PropertyChange[] {
  return [
    ...properties().flatMap(([name, property]) => {
      const to = ticket[name];
      return to === undefined ? [] : [{ property, to }];
    }),
    ...Object.entries(ticket.fields ?? {}).map(([name, value]) => ({
      property: `fields.${name}` as const,
      to: textOf(value),
    })),
  ];
}

function changesOf(happening: Happening, ticket: WrittenRecord): PropertyChange[] {
  return [
    ...properties().flatMap(([name, property]) => changeOf(property, ticket[name], happening[name])),
    ...Object.entries(happening.fields ?? {}).flatMap(([name, to]) =>
      changeOf(`fields.${name}`, ticket.fields?.[name], to),
    ),
  ];
}

function changeOf(property: ChangingProperty, from: FieldValue | undefined, to: string | undefined): PropertyChange[] {
  return to === undefined
    ? []
    : [{ property, ...(from === undefined ? {} : { from: textOf(from) }), ...(to === '' ? {} : { to }) }];
}

/** The ticket's present values, with what has happened. */
function after(ticket: WrittenRecord, happening: Happening): WrittenRecord {
  const changed = properties().flatMap(([name]) =>
    happening[name] === undefined ? [] : [[name, happening[name]] as const],
  );
  const phase = happening.state === undefined ? {} : { phase: happening.phase ?? 'open' };
  const fields = Object.entries({ ...ticket.fields, ...happening.fields }).filter(([, value]) => value !== '');
  return { ...ticket, ...Object.fromEntries(changed), ...phase, fields: Object.fromEntries(fields) };
}

function wordsOf(happening: Happening, id: string): Comments[number] {
  const { at, by, author, subject, text = '', visibility, marker } = happening;
  return {
    id,
    at,
    text,
    ...(by === undefined ? {} : { by }),
    ...(author === undefined ? {} : { author }),
    ...(subject === undefined ? {} : { subject }),
    ...(visibility === undefined ? {} : { visibility }),
    ...(marker === undefined ? {} : { marker }),
  };
}

function properties(): readonly (readonly [keyof typeof changing, ChangingProperty])[] {
  return (Object.keys(changing) as (keyof typeof changing)[]).map((name) => [name, changing[name]]);
}

function textOf(value: FieldValue): string {
  return typeof value === 'string' ? value : value.join(', ');
}

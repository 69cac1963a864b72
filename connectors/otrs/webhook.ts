import { z } from 'zod';
import type { Hint, Webhook } from '../../src/connector.ts';
import type { EventKind } from '../../src/domain/event.ts';
import { BridgeError } from '../../src/errors.ts';
import { id, text } from './wire.ts';

/**
 * What a webhook may carry, in any of four shapes: the short body of the bridge's own web service definition, the same with
 * an `eventId` from the notifier of the add-on package, the whole ticket of the invoker `Ticket::Generic`, and the bare event
 * of `Generic::Tunnel`. Everything else in it is ignored: the ticket part is as old as the moment of sending, and attachments
 * may make up most of the body.
 */
const generic = z.object({ Event: text, TicketID: id, ArticleID: id, MainTicketID: id, UserID: id }).partial();

const payload = z
  .object({
    event: text,
    eventId: text,
    ticketId: id,
    mainTicketId: id,
    ticketNumber: id,
    stateType: text,
    userId: id,
    articleCreateBy: id,
    Event: z.union([generic, text]),
    Ticket: z.object({ TicketID: id, TicketNumber: id, StateType: text }).partial(),
    Article: z.object({ ArticleID: id, CreateBy: id }).partial(),
    TicketID: id,
    ArticleID: id,
    UserID: id,
    SourceObject: text,
    SourceKey: id,
    TargetObject: text,
    TargetKey: id,
  })
  .partial();

type Payload = z.output<typeof payload>;
type Generic = z.output<typeof generic>;

/**
 * Which ticket to look at. Nothing if the change is provably the work of the agent `ownUserId`.
 * Throws `WEBHOOK_UNREADABLE`.
 */
export function readWebhook(webhook: Webhook, system: string, ownUserId: string | undefined): readonly Hint[] {
  const body = parse(webhook.body);
  const generic = typeof body.Event === 'object' ? body.Event : {};
  const name = nameOfEvent(body, generic, webhook.query);
  if (ownUserId !== undefined && actorOf(name, body, generic) === ownUserId) {
    return [];
  }

  const number = body.ticketNumber ?? body.Ticket?.TicketNumber;
  const kind = kindOf(name, body);
  return ticketsOf(body, generic, webhook.query).map((ticketId) => ({
    ref: { system, id: ticketId, ...(number === undefined ? {} : { key: number }) },
    kind,
    ...(body.eventId ? { id: `${body.eventId}:${ticketId}` } : {}),
  }));
}

function parse(bytes: Buffer): Payload {
  let json: unknown;
  try {
    json = JSON.parse(withoutContents(bytes).toString('utf8'));
  } catch {
    throw new BridgeError('WEBHOOK_UNREADABLE', 'The body is not JSON');
  }

  const body = payload.safeParse(json);
  if (!body.success) {
    const [issue] = body.error.issues;
    const where = issue?.path.join('.') || 'the body';
    throw new BridgeError('WEBHOOK_UNREADABLE', `${where} is not what the invokers of OTRS send: ${issue?.message}`);
  }

  return body.data;
}

const CONTENT = Buffer.from('"Content":"');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * The body without the contents of files, which would be copied several times while they are parsed and then be ignored.
 * Base64 needs no escapes, so it ends at the next quote; inside of a text the words before it would be escaped.
 */
function withoutContents(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(CONTENT); at >= 0; at = bytes.indexOf(CONTENT, at + CONTENT.length)) {
    const begin = at + CONTENT.length;
    const end = bytes.indexOf(QUOTE, begin);
    if (end >= 0 && !bytes.subarray(begin, end).includes(BACKSLASH)) {
      parts.push(bytes.subarray(from, begin));
      from = end;
    }
  }
  return parts.length === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(from)]);
}

function nameOfEvent(body: Payload, generic: Generic, query: Webhook['query']): string {
  const inQuery = query.event ?? query.Event;
  const named = body.event || generic.Event || (typeof body.Event === 'string' ? body.Event : '');
  return named || (typeof inQuery === 'string' ? inQuery : '');
}

function ticketsOf(body: Payload, generic: Generic, query: Webhook['query']): readonly string[] {
  // A merge concerns the ticket that went away and the one that took it in; a link concerns both its ends.
  const linked = [
    body.mainTicketId ?? generic.MainTicketID,
    body.SourceObject === 'Ticket' ? body.SourceKey : undefined,
    body.TargetObject === 'Ticket' ? body.TargetKey : undefined,
  ];
  const inQuery = query.ticketId ?? query.TicketID;
  const named =
    body.ticketId ??
    generic.TicketID ??
    body.TicketID ??
    body.Ticket?.TicketID ??
    (typeof inQuery === 'string' ? inQuery : undefined);
  const ids = [...new Set([named, ...linked])].filter((each) => each !== undefined);
  if (ids.length === 0) {
    throw new BridgeError('WEBHOOK_UNREADABLE', 'The body names no ticket: neither ticketId nor TicketID is in it');
  }

  const wrong = ids.find((each) => !/^[1-9]\d{0,17}$/.test(each));
  if (wrong !== undefined) {
    throw new BridgeError('WEBHOOK_UNREADABLE', `«${wrong.slice(0, 50)}» is not a TicketID`);
  }

  return ids;
}

/**
 * Who made the change, where the webhook proves it. The ticket's own ChangeBy proves nothing: it tells who changed the
 * ticket last when the webhook was sent, which can be the bridge after an agent's change.
 */
function actorOf(event: string, body: Payload, generic: Generic): string | undefined {
  const actor = body.userId ?? generic.UserID ?? body.UserID;
  if (actor !== undefined || event !== 'ArticleCreate') {
    return actor;
  }

  const article = generic.ArticleID ?? body.ArticleID;
  const isOfEvent = article !== undefined && article === body.Article?.ArticleID;
  return body.articleCreateBy ?? (isOfEvent ? body.Article?.CreateBy : undefined);
}

function kindOf(event: string, body: Payload): EventKind {
  if (event === 'ArticleCreate') {
    return 'commented';
  }

  return event === 'TicketStateUpdate' && (body.stateType || body.Ticket?.StateType) === 'closed'
    ? 'closed'
    : 'changed';
}

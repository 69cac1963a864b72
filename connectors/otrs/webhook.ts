import { z } from 'zod';
import type { Hint, Webhook } from '../../src/connector.ts';
import type { EventKind } from '../../src/domain/event.ts';
import { BridgeError } from '../../src/errors.ts';
import { id, text } from './wire.ts';

/** An object; what is none (several articles, an empty one as XSLT writes it) tells nothing. */
const part = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess(
    (value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}),
    z.object(shape).partial(),
  );

const author = part({ ArticleID: id, CreateBy: id });

const generic = z.object({ Event: text, TicketID: id, ArticleID: id, MainTicketID: id, UserID: id }).partial();

/**
 * What a webhook may carry, in any of these shapes: the short body of the bridge's own web service definition, the same with
 * an `eventId` from the notifier of the add-on package, the whole ticket of Znuny's invoker `Ticket::Generic`, the bare event
 * of its `Generic::Tunnel`, the same without its name from `Generic::PassThrough` of OTOBO, and the ticket that
 * `Ticket::TicketUpdate` of OTOBO and OTRS would make elsewhere. Everything else in it is ignored: the ticket part is as old as
 * the moment of sending, and attachments may make up most of the body.
 */
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
    Ticket: part({ TicketID: id, TicketNumber: id, StateType: text, Article: author }),
    Article: author,
    TicketID: id,
    TicketNumber: id,
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

  const number = body.ticketNumber ?? body.TicketNumber ?? body.Ticket?.TicketNumber;
  const kind = kindOf(name, body);
  return ticketsOf(body, generic, webhook.query).map((ticketId, index) => ({
    // The number is that of the ticket that the event is about, which comes first.
    ref: { system, id: ticketId, ...(number === undefined || index > 0 ? {} : { key: number }) },
    kind,
    ...(body.eventId ? { id: `${body.eventId}:${ticketId}` } : {}),
  }));
}

function parse(bytes: Buffer): Payload {
  let json: unknown;
  try {
    json = JSON.parse(withoutContents(bytes).toString('utf8'));
  } catch {
    throw new BridgeError('WEBHOOK_UNREADABLE', isXml(bytes) ? XML : 'The body is not JSON in UTF-8');
  }

  const body = payload.safeParse(json);
  if (!body.success) {
    const [issue] = body.error.issues;
    const where = issue?.path.join('.') || 'the body';
    throw new BridgeError('WEBHOOK_UNREADABLE', `${where} is not what the invokers of OTRS send: ${issue?.message}`);
  }

  return body.data;
}

const XML =
  'The body is XML, and the bridge reads JSON: in OTRS give the requester of the web service the transport HTTP::REST with the content type JSON';

function isXml(bytes: Buffer): boolean {
  return /^[\s\ufeff]*</.test(bytes.toString('utf8', 0, 100));
}

const CONTENT = Buffer.from('"Content"');
const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/**
 * The body without the contents of files, which would be copied several times while they are parsed and then be ignored.
 * Inside of a text the name and its quotes would be escaped.
 */
function withoutContents(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(CONTENT); at >= 0; at = bytes.indexOf(CONTENT, Math.max(at + 1, from))) {
    const colon = behindSpace(bytes, at + CONTENT.length);
    const begin = bytes[colon] === COLON ? behindSpace(bytes, colon + 1) : -1;
    const end = bytes[begin] === QUOTE ? endOfText(bytes, begin + 1) : -1;
    if (end >= 0) {
      parts.push(bytes.subarray(from, begin + 1));
      from = end;
    }
  }
  return parts.length === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(from)]);
}

function behindSpace(bytes: Buffer, at: number): number {
  let behind = at;
  while (bytes[behind] === 0x20 || bytes[behind] === 0x0a || bytes[behind] === 0x0d || bytes[behind] === 0x09) {
    behind += 1;
  }
  return behind;
}

/** Where the text ends that begins at `at`; some invokers break base64 into lines, which are escaped. */
function endOfText(bytes: Buffer, at: number): number {
  let end = bytes.indexOf(QUOTE, at);
  while (end >= 0) {
    let before = end;
    while (before > at && bytes[before - 1] === BACKSLASH) {
      before -= 1;
    }
    if ((end - before) % 2 === 0) {
      return end;
    }
    end = bytes.indexOf(QUOTE, end + 1);
  }
  return -1;
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
  const written = [body.Ticket?.Article, body.Article].find((each) => each?.ArticleID !== undefined);
  const isOfEvent = article !== undefined && article === written?.ArticleID;
  return body.articleCreateBy ?? (isOfEvent ? written?.CreateBy : undefined);
}

function kindOf(event: string, body: Payload): EventKind {
  if (event === 'ArticleCreate') {
    return 'commented';
  }

  return event === 'TicketStateUpdate' && (body.stateType || body.Ticket?.StateType) === 'closed'
    ? 'closed'
    : 'changed';
}

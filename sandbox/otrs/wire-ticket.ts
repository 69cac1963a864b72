import type { DateTime } from 'luxon';
import type { FieldValue, SandboxArticle, SandboxFile, SandboxTicket } from './tickets.ts';
import { articleFields, priorities, services, stateTypes, ticketFields, ticketQueues, ticketTypes } from './world.ts';

/** Naive, in the zone of the installation: OTRS never tells which. */
export function naive(moment: DateTime, zone: string): string {
  return moment.setZone(zone).toFormat('yyyy-MM-dd HH:mm:ss');
}

export interface TicketGetRequest {
  readonly withArticles: boolean;
  readonly withFields: boolean;
  readonly withAttachments: boolean;
  readonly withContents: boolean;
  /** The newest first. */
  readonly isDescending: boolean;
  readonly articleLimit: number;
}

/** A ticket as TicketGet gives it: ids as numbers but for a few, empty fields as null, the requester as two ids. */
export function toWireTicket(ticket: SandboxTicket, zone: string, now: DateTime, request: TicketGetRequest) {
  const stateType = stateTypes[ticket.state];
  const ordered = request.isDescending ? ticket.articles.toReversed() : ticket.articles;
  const articles = ordered.slice(0, request.articleLimit || undefined);
  return {
    Age: Math.floor(now.diff(ticket.createdAt).as('seconds')),
    ArchiveFlag: 'n',
    ...(request.withArticles && articles.length > 0
      ? { Article: articles.map((article, index) => toWireArticle(article, index, ticket, zone, request)) }
      : {}),
    ChangeBy: ticket.changedBy,
    Changed: naive(ticket.changedAt, zone),
    CreateBy: ticket.history[0]?.by ?? 1,
    Created: naive(ticket.createdAt, zone),
    CustomerID: ticket.customer?.company ?? null,
    CustomerUserID: ticket.customer?.login ?? null,
    ...(request.withFields ? { DynamicField: wireFields(Object.keys(ticketFields), ticket.fields) } : {}),
    EscalationTime: 0,
    GroupID: 4,
    Lock: 'unlock',
    LockID: 1,
    Owner: ticket.owner.login,
    OwnerID: ticket.owner.id,
    Priority: ticket.priority,
    PriorityID: idOf(priorities, ticket.priority),
    Queue: ticket.ticketQueue,
    QueueID: idOf(ticketQueues, ticket.ticketQueue),
    RealTillTimeNotUsed: ticket.pendingUntil === undefined ? 0 : Math.floor(ticket.pendingUntil.toSeconds()),
    Responsible: 'root@localhost',
    ResponsibleID: 1,
    SLAID: '',
    Service: ticket.service,
    ServiceID: idOf(services, ticket.service),
    State: ticket.state,
    StateID: idOf(Object.keys(stateTypes), ticket.state),
    StateType: stateType,
    TicketID: ticket.id,
    TicketNumber: ticket.number,
    TimeUnit: 0,
    Title: ticket.title,
    Type: ticket.type,
    TypeID: idOf(ticketTypes, ticket.type),
    UnlockTimeout: 0,
    UntilTime: 0,
  };
}

function toWireArticle(
  article: SandboxArticle,
  index: number,
  ticket: SandboxTicket,
  zone: string,
  request: TicketGetRequest,
) {
  return shuffled({
    ArticleID: article.id,
    ArticleNumber: index + 1,
    ...(request.withAttachments && article.attachments.length > 0
      ? { Attachment: article.attachments.map((file, at) => toWireAttachment(file, at, request)) }
      : {}),
    Bcc: '',
    Body: article.body,
    Cc: '',
    ChangeBy: article.createdBy,
    ChangeTime: naive(article.createdAt, zone),
    CommunicationChannelID: 3,
    ContentType: 'text/plain; charset=utf-8',
    CreateBy: article.createdBy,
    CreateTime: naive(article.createdAt, zone),
    ...(request.withFields ? { DynamicField: wireFields(articleFields, article.fields) } : {}),
    From: article.from,
    IncomingTime: Math.floor(article.createdAt.toSeconds()),
    IsVisibleForCustomer: article.isVisibleForCustomer ? 1 : 0,
    MimeType: 'text/plain',
    SenderType: article.senderType,
    SenderTypeID: String(idOf(['agent', 'system', 'customer'], article.senderType)),
    Subject: article.subject,
    TicketID: ticket.id,
    TimeUnit: 0,
    To: '',
  });
}

/** `Content` is written as base64 when the answer is sent. */
function toWireAttachment(file: SandboxFile, index: number, { withContents }: TicketGetRequest) {
  return shuffled({
    Content: withContents ? file.content : '',
    ContentAlternative: '',
    ContentID: '',
    ContentType: file.contentType,
    Disposition: 'attachment',
    FileID: String(index + 1),
    Filename: file.name,
    FilesizeRaw: String(file.content.size),
  });
}

/** The real one writes keys in random order, another one each time. */
function shuffled(value: object): object {
  return Object.fromEntries(
    Object.entries(value)
      .map((entry) => ({ entry, rank: Math.random() }))
      .toSorted((left, right) => left.rank - right.rank)
      .map(({ entry }) => entry),
  );
}

export function toWireHistory(ticket: SandboxTicket, zone: string) {
  return ticket.history.map((entry) => ({
    ArticleID: entry.articleId,
    CreateBy: entry.by,
    CreateTime: naive(entry.at, zone),
    HistoryType: entry.type,
    HistoryTypeID: 1,
    Name: entry.name,
    OwnerID: ticket.owner.id,
    PriorityID: idOf(priorities, ticket.priority),
    QueueID: idOf(ticketQueues, ticket.ticketQueue),
    StateID: idOf(Object.keys(stateTypes), ticket.state),
    TicketID: String(ticket.id),
    TypeID: idOf(ticketTypes, ticket.type),
  }));
}

function wireFields(names: readonly string[], values: Readonly<Record<string, FieldValue>>) {
  return names.map((Name) => ({ Name, Value: values[Name] ?? null }));
}

function idOf(names: readonly string[], name: string): number {
  return names.indexOf(name) + 1;
}

import type { DateTime } from 'luxon';
import { contentOf } from '../../jira/file-content.ts';
import { historyTypes } from '../desk/history-types.ts';
import type { FieldValue, SandboxArticle, SandboxFile, SandboxTicket } from '../desk/model.ts';
import {
  articleFields,
  bareFields,
  priorities,
  services,
  stateTypes,
  ticketFields,
  ticketQueues,
  ticketTypes,
} from '../world.ts';
import { channels, senderTypes } from './check-article.ts';
import { type Data, isFilledList, isSet, textOf } from './values.ts';

/** Naive, in the zone of the installation: OTRS never tells which. */
export function naive(moment: DateTime, zone: string): string {
  return moment.setZone(zone).toFormat('yyyy-MM-dd HH:mm:ss');
}

export interface Reading {
  readonly zone: string;
  readonly now: DateTime;
}

/** A ticket as TicketGet gives it: ids as numbers but for a few, empty fields as null, the requester as two ids. */
export function toWireTicket(ticket: SandboxTicket, data: Data, reading: Reading) {
  const articles = isSet(data.AllArticles) ? articlesOf(ticket, data) : [];
  const shown = articles.map((article) => toWireArticle(article, ticket, data, reading));
  return {
    ...toWireAttributes(ticket, reading),
    ...(shown.length > 0 ? { Article: shown } : {}),
    ...(isSet(data.DynamicFields) ? { DynamicField: wireFields(fieldNames, ticket.fields) } : {}),
    TimeUnit: 0,
  };
}

/** The newest come first only where their number is limited. */
function articlesOf(ticket: SandboxTicket, data: Data): readonly SandboxArticle[] {
  const wanted = [data.ArticleSenderType ?? []].flat();
  const all = isFilledList(wanted)
    ? wanted.flatMap((type) => ticket.articles.filter(({ senderType }) => senderType === type))
    : ticket.articles;
  const limit = Number(data.ArticleLimit ?? 0);
  return limit > 0 ? (data.ArticleOrder === 'DESC' ? all.toReversed() : all).slice(0, limit) : all;
}

export function toWireAttributes(ticket: SandboxTicket, { zone, now }: Reading) {
  const pending = ticket.pendingUntil;
  return {
    Age: Math.floor(now.diff(ticket.createdAt).as('seconds')),
    ArchiveFlag: ticket.isArchived ? 'y' : 'n',
    ChangeBy: ticket.changedBy,
    Changed: naive(ticket.changedAt, zone),
    CreateBy: ticket.createdBy,
    Created: naive(ticket.createdAt, zone),
    CustomerID: ticket.customer?.company ?? null,
    CustomerUserID: ticket.customer?.login ?? null,
    EscalationResponseTime: 0,
    EscalationSolutionTime: 0,
    EscalationTime: 0,
    EscalationUpdateTime: 0,
    GroupID: 4,
    Lock: ticket.lock,
    LockID: ticket.lock === 'lock' ? 2 : 1,
    Owner: ticket.owner.login,
    OwnerID: ticket.owner.id,
    Priority: ticket.priority,
    PriorityID: idOf(priorities, ticket.priority),
    Queue: ticket.ticketQueue,
    QueueID: idOf(ticketQueues, ticket.ticketQueue),
    RealTillTimeNotUsed: pending === undefined ? 0 : Math.floor(pending.toSeconds()),
    Responsible: ticket.responsible.login,
    ResponsibleID: ticket.responsible.id,
    SLAID: '',
    ...(ticket.service === ''
      ? { ServiceID: '' }
      : { Service: ticket.service, ServiceID: idOf(services, ticket.service) }),
    State: ticket.state,
    StateID: idOf(Object.keys(stateTypes), ticket.state),
    StateType: stateTypes[ticket.state],
    TicketID: ticket.id,
    TicketNumber: ticket.number,
    Title: ticket.title,
    Type: ticket.type,
    TypeID: idOf(ticketTypes, ticket.type),
    UnlockTimeout: ticket.unlockTimeout,
    UntilTime: pending === undefined ? 0 : Math.floor(pending.diff(now).as('seconds')),
  };
}

export const fieldNames: readonly string[] = [...Object.keys(ticketFields), ...bareFields].toSorted();

function toWireArticle(article: SandboxArticle, ticket: SandboxTicket, data: Data, reading: Reading) {
  const files = isSet(data.Attachments) ? filesOf(article, isSet(data.HTMLBodyAsAttachment)) : [];
  const withContents = isSet(data.GetAttachmentContents ?? 1);
  return shuffled({
    ...toWireArticleAttributes(article, ticket, reading),
    ...(files.length > 0 ? { Attachment: files.map((file) => toWireAttachment(file, withContents)) } : {}),
    ...(isSet(data.DynamicFields) ? { DynamicField: wireFields(articleFields, article.fields) } : {}),
    TimeUnit: 0,
  });
}

export function toWireArticleAttributes(article: SandboxArticle, ticket: SandboxTicket, { zone }: Reading) {
  return {
    ArticleID: article.id,
    ArticleNumber: ticket.articles.indexOf(article) + 1,
    Bcc: '',
    Body: article.body,
    Cc: '',
    ChangeBy: article.changed?.by ?? article.createdBy,
    ChangeTime: naive(article.changed?.at ?? article.createdAt, zone),
    Charset: article.charset,
    CommunicationChannelID: channels.indexOf(article.channel) + 1,
    ContentCharset: article.charset,
    ContentType: `text/plain; charset=${article.charset}`,
    CreateBy: article.createdBy,
    CreateTime: naive(article.createdAt, zone),
    From: article.from,
    InReplyTo: '',
    IncomingTime: Math.floor(article.createdAt.toSeconds()),
    IsVisibleForCustomer: article.isVisibleForCustomer ? 1 : 0,
    MessageID: '',
    MimeType: 'text/plain',
    References: '',
    ReplyTo: '',
    SenderType: article.senderType,
    SenderTypeID: String(senderTypes.indexOf(article.senderType) + 1),
    Subject: article.subject,
    TicketID: ticket.id,
    To: article.to,
  };
}

interface ShownFile extends SandboxFile {
  readonly id: number;
  readonly isInline: boolean;
}

/** The HTML of an article is a file of it, the first one, that is shown on demand only. */
export function filesOf(article: SandboxArticle, withHtml: boolean): readonly ShownFile[] {
  const html = article.html === undefined ? [] : [toHtmlFile(article.html, article.charset)];
  const sorted = [...html, ...article.attachments].toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const all = sorted.map((file, index) => ({ ...file, id: index + 1, isInline: file === html[0] }));
  return all.filter(({ isInline }) => withHtml || !isInline);
}

function toHtmlFile(html: string, charset: string): SandboxFile {
  return { name: 'file-2', contentType: `text/html; charset="${charset}"`, content: contentOf(Buffer.from(html)) };
}

/** `Content` is written as base64 when the answer is sent. */
export function toWireAttachment(file: ShownFile, withContents: boolean) {
  return shuffled({
    Content: withContents ? file.content : '',
    ContentAlternative: '',
    ContentID: '',
    ContentType: file.contentType,
    Disposition: file.isInline ? 'inline' : 'attachment',
    FileID: String(file.id),
    Filename: file.name,
    FilesizeRaw: file.content.size === 0 ? 0 : String(file.content.size),
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
  return ticket.history.map(({ type, name, by, at, articleId, then }) => ({
    ArticleID: articleId,
    CreateBy: by,
    CreateTime: naive(at, zone),
    HistoryType: type,
    HistoryTypeID: historyTypes[type],
    Name: name,
    OwnerID: then.owner,
    PriorityID: idOf(priorities, then.priority),
    QueueID: idOf(ticketQueues, then.ticketQueue),
    StateID: idOf(Object.keys(stateTypes), then.state),
    TicketID: String(ticket.id),
    TypeID: idOf(ticketTypes, then.type),
  }));
}

/** Empty ones are null. */
export function wireFields(names: readonly string[], values: Readonly<Record<string, FieldValue>>) {
  return names.map((Name) => ({ Name, Value: values[Name] ?? null }));
}

function idOf(names: readonly string[], name: string): number {
  return names.indexOf(name) + 1;
}

/** One id, several with commas, or a list. */
export function idsOf(data: Data): readonly string[] {
  return [data.TicketID ?? ''].flat().flatMap((each) => textOf(each).split(','));
}

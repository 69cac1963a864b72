import type { Attachment, Comment, Fields, FieldValue, Person, Ref, Snapshot } from '../../src/domain/ticket.ts';
import { toHistory } from './history.ts';
import { markerOf as markerIn } from './marker.ts';
import { isMergedIn, mergedFrom, mergedInto } from './merges.ts';
import { fromNaive, isNaive, toIso } from './naive-time.ts';
import type { OtrsOptions } from './options.ts';
import { NOBODY, type WireArticle, type WireDynamicField, type WireHistoryEntry, type WireTicket } from './wire.ts';

/** The parts of the options that say how to read what OTRS writes. */
export type Reading = Pick<
  OtrsOptions,
  'base_url' | 'time_zone' | 'dynamic_fields' | 'checkboxes' | 'moments' | 'article_marker_field' | 'phases'
>;

export function toRef(ticket: WireTicket, system: string): Ref {
  return { system, id: ticket.TicketID, ...(ticket.TicketNumber === '' ? {} : { key: ticket.TicketNumber }) };
}

/** The ticket as the core sees it. Throws `ANSWER_UNREADABLE` for a time that is none. */
export function toSnapshot(
  ticket: WireTicket,
  history: readonly WireHistoryEntry[],
  system: string,
  options: Reading,
): Snapshot {
  const articles = ticket.Article.toSorted((left, right) => Number(left.ArticleID) - Number(right.ArticleID));
  const isForeign = isMergedIn(ticket, history);
  const comments = articles.map((article) => toComment(article, history, isForeign(article), options));
  const own = articles.filter((article) => !isForeign(article));
  // What leaves the help desk must be public, so an internal note cannot stand for the requester's words.
  const first = comments.find(({ visibility, isMergedIn }) => visibility === 'public' && isMergedIn !== true);
  const requester = toRequester(ticket, own);
  const goesOnIn = mergedInto(ticket, history, system);
  const tookIn = mergedFrom(ticket, history, system);
  return {
    ref: toRef(ticket, system),
    url: `${options.base_url}/index.pl?Action=AgentTicketZoom;TicketID=${ticket.TicketID}`,
    title: ticket.Title,
    text: first?.text ?? '',
    ...(first === undefined ? {} : { textCommentId: first.id }),
    state: ticket.State,
    phase: options.phases[ticket.StateType] ?? 'open',
    priority: ticket.Priority,
    type: ticket.Type,
    ...(ticket.Service === '' ? {} : { service: ticket.Service }),
    ...(ticket.Queue === '' ? {} : { ticketQueue: ticket.Queue }),
    ...(requester === undefined ? {} : { requester }),
    ...(ticket.Owner === '' || ticket.OwnerID === NOBODY ? {} : { owner: ticket.Owner }),
    fields: toFields(ticket.DynamicField, options),
    comments,
    attachments: articles.flatMap((article) => toAttachments(article, markerOf(article, history, options))),
    history: toHistory(history, ticket, options),
    createdAt: fromNaive(ticket.Created, options.time_zone),
    changedAt: fromNaive(ticket.Changed, options.time_zone),
    ...(goesOnIn === undefined ? {} : { mergedInto: goesOnIn }),
    ...(tookIn.length === 0 ? {} : { mergedFrom: tookIn }),
    ...(ticket.ArchiveFlag === 'y' ? { isArchived: true } : {}),
  };
}

/** Values of the configured dynamic fields by logical name; empty values and unticked boxes are left out. */
export function toFields(wire: readonly WireDynamicField[], options: Reading): Fields {
  const values = new Map(wire.map(({ Name, Value }) => [Name, Value]));
  const fields: Record<string, FieldValue> = {};
  for (const [logical, name] of Object.entries(options.dynamic_fields)) {
    const value = withoutBlanks(values.get(name) ?? '');
    const isUnticked = options.checkboxes.includes(logical) && value === '0';
    if (value.length > 0 && !isUnticked) {
      fields[logical] = options.moments.includes(logical) ? momentOf(value, options) : value;
    }
  }
  return fields;
}

/** ISO 8601 in UTC; what is no time stays as it is. */
function momentOf(value: FieldValue, options: Reading): FieldValue {
  return typeof value === 'string' && isNaive(value) ? toIso(fromNaive(value, options.time_zone)) : value;
}

function withoutBlanks(value: string | string[]): FieldValue {
  return typeof value === 'string' ? withPlainLines(value) : value.filter((part) => part !== '');
}

function toComment(
  article: WireArticle,
  history: readonly WireHistoryEntry[],
  isForeign: boolean,
  options: Reading,
): Comment {
  const marker = markerOf(article, history, options);
  const { name, email } = parseAddress(article.From);
  return {
    id: article.ArticleID,
    author: name,
    ...(email === undefined ? {} : { email }),
    at: fromNaive(article.CreateTime, options.time_zone),
    ...(article.Subject === '' ? {} : { subject: article.Subject }),
    text: withPlainLines(article.Body),
    visibility: article.IsVisibleForCustomer === '1' ? 'public' : 'internal',
    // The bridge speaks for the support, whatever sender its articles are configured to have.
    by: marker === undefined ? speakerOf(article) : 'agent',
    ...(marker === undefined ? {} : { marker }),
    ...(isForeign ? { isMergedIn: true } : {}),
  };
}

function markerOf(
  { ArticleID, DynamicField }: WireArticle,
  history: readonly WireHistoryEntry[],
  options: Reading,
): string | undefined {
  const field = DynamicField.find(({ Name }) => Name === options.article_marker_field);
  return markerIn(history, ArticleID, [field?.Value ?? ''].flat()[0] ?? '');
}

function speakerOf({ SenderType }: WireArticle): Comment['by'] {
  switch (SenderType) {
    case 'customer':
      return 'requester';
    case 'agent':
      return 'agent';
    default:
      return 'system';
  }
}

/** The files of an article that the bridge wrote are those that it put there. */
function toAttachments(article: WireArticle, marker: string | undefined): Attachment[] {
  return article.Attachment.filter((file) => !isBodyOfArticle(file)).map((file) => ({
    id: `${article.ArticleID}/${file.FileID}`,
    name: file.Filename,
    contentType: file.ContentType,
    size: Number(file.FilesizeRaw) || 0,
    commentId: article.ArticleID,
    ...(marker === undefined ? {} : { isOwn: true, marker }),
  }));
}

/** OTRS keeps the body of an article that came as HTML in a file of its own. */
function isBodyOfArticle(file: WireArticle['Attachment'][number]): boolean {
  return /^file-[12]$/.test(file.Filename) && file.ContentType.startsWith('text/html');
}

/** Login and company stand in the ticket, name and address only in what the requester wrote. */
function toRequester(ticket: WireTicket, articles: readonly WireArticle[]): Person | undefined {
  const letter = articles.find(({ SenderType }) => SenderType === 'customer');
  const { name, email } = parseAddress(letter?.From ?? '');
  const known = name || ticket.CustomerUserID;
  if (known === '') {
    return undefined;
  }

  return {
    name: known,
    ...(ticket.CustomerUserID === '' ? {} : { login: ticket.CustomerUserID }),
    ...(email === undefined ? {} : { email }),
    ...(ticket.CustomerID === '' ? {} : { branch: ticket.CustomerID }),
  };
}

/** `"Name" <box@example.test>`, `Name <box@example.test>`, a bare address or a bare name. */
export function parseAddress(from: string): { name: string; email?: string } {
  const match = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<]*?))\s*<([^<>\s]+@[^<>\s]+)>/.exec(from);
  if (match === null) {
    const bare = from.trim();
    return /^[^\s@]+@[^\s@]+$/.test(bare) ? { name: bare, email: bare } : { name: bare };
  }

  const [, quoted, plain, email = ''] = match;
  const name = (quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '').trim();
  return { name: name === '' ? email : name, email };
}

/** OTRS gives back the line ends that it was given, and frames bodies that came as HTML in blank lines. */
function withPlainLines(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd();
}

import type { SandboxArticle, SandboxEvent, SandboxTicket } from '../desk/model.ts';
import {
  fieldNames,
  filesOf,
  type Reading,
  toWireArticleAttributes,
  toWireAttachment,
  toWireAttributes,
  wireFields,
} from '../operations/ticket-get.ts';
import { type Answer, toJson } from '../wire/bodies.ts';
import { articleFields } from '../world.ts';

/**
 * What a webhook looks like: the short body of the bridge's own web service definition; the whole ticket of Znuny's invoker
 * `Ticket::Generic`; the bare event of its `Generic::Tunnel`; the same without its name, as `Generic::PassThrough` of OTOBO
 * sends it; or a ticket to be made elsewhere, as `Ticket::TicketUpdate` of OTOBO and the «Ticket Invoker» of OTRS send it.
 */
export type HookShape = 'short' | 'generic' | 'tunnel' | 'pass-through' | 'ticket-invoker';

/** The body of a webhook. */
export function toHookBody(event: SandboxEvent, shape: HookShape, reading: Reading): Answer {
  const { ticket, name } = event;
  switch (shape) {
    case 'short':
      return toJson(toShort(event));
    case 'tunnel':
      return toJson({ Event: name, ...bareEvent(event) });
    case 'pass-through':
      return toJson(bareEvent(event));
    case 'generic':
      return toJson({ Event: { Event: name, ...bareEvent(event) }, Ticket: toGeneric(ticket, event, reading) });
    case 'ticket-invoker':
      return toJson(toTicketInvoker(event, reading));
  }
}

/** What is undefined does not come into the JSON. */
function toShort({ name, ticketId, articleId, more = {} }: SandboxEvent) {
  return {
    event: name,
    ticketId,
    articleId,
    mainTicketId: more.MainTicketID,
    fieldName: more.FieldName,
    userId: more.UserID,
  };
}

/** The real one adds the ticket as it was before. */
function bareEvent({ ticketId, articleId, more = {} }: SandboxEvent) {
  return { TicketID: ticketId, ArticleID: articleId, ...more };
}

/** The only article of a ticket comes with every event of it. */
function articleOf(ticket: SandboxTicket, articleId: number | undefined): SandboxArticle | undefined {
  return (
    ticket.articles.find(({ id }) => id === articleId) ??
    (ticket.articles.length === 1 ? ticket.articles[0] : undefined)
  );
}

/** Fields are flat here. The real one adds what there is to know about queue, priority, people and so on. */
function toGeneric(ticket: SandboxTicket, { articleId }: SandboxEvent, reading: Reading) {
  const article = articleOf(ticket, articleId);
  return {
    ...toWireAttributes(ticket, reading),
    ...flat(wireFields(fieldNames, ticket.fields)),
    Articles: ticket.articles.map((each) => toGenericArticle(each, ticket, reading)),
    Article: article === undefined ? {} : { ...toGenericArticle(article, ticket, reading), ...filesIn(article) },
  };
}

function toGenericArticle(article: SandboxArticle, ticket: SandboxTicket, reading: Reading) {
  return {
    ...toWireArticleAttributes(article, ticket, reading),
    ...flat(wireFields(articleFields, article.fields)),
    FromRealname: realName(article.from),
    ...(article.to === '' ? {} : { ToRealname: realName(article.to) }),
  };
}

function realName(address: string): string {
  return address.replace(/\s*<[^>]*>$/, '').replace(/^"(.*)"$/, '$1');
}

function flat(fields: ReturnType<typeof wireFields>) {
  return Object.fromEntries(fields.map(({ Name, Value }) => [`DynamicField_${Name}`, Value]));
}

function filesIn(article: SandboxArticle): { readonly Attachment?: readonly object[] } {
  const files = filesOf(article, true);
  return files.length === 0 ? {} : { Attachment: files.map((file) => toWireAttachment(file, true)) };
}

/** Made to be sent to `TicketUpdate` of another OTRS: names only, and no word about the event. */
function toTicketInvoker({ ticket, articleId }: SandboxEvent, reading: Reading) {
  const { TicketID, TicketNumber, ...attributes } = toWireAttributes(ticket, reading);
  const article = articleOf(ticket, articleId);
  const fields = wireFields(fieldNames, ticket.fields).filter(({ Value }) => Value !== null);
  const { Title, Queue, Lock, Type, State, Priority, Owner, Responsible } = attributes;
  return {
    TicketID,
    TicketNumber,
    Ticket: { Title, Queue, Lock, Type, State, Priority, Owner, Responsible, CustomerUser: ticket.customer?.login },
    ...(article === undefined
      ? {}
      : { Article: { Subject: article.subject, Body: article.body }, ...filesIn(article) }),
    ...(fields.length === 0 ? {} : { DynamicField: fields }),
  };
}

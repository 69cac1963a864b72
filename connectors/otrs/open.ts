import type { DateTime } from 'luxon';
import type { Found, Opened } from '../../src/connector.ts';
import type { Action, Draft } from '../../src/domain/action.ts';
import { type FieldValue, nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import { toArticle } from './article.ts';
import { toWire } from './fields.ts';
import { toTicketMark } from './marker.ts';
import { toNaive } from './naive-time.ts';
import type { OtrsOptions } from './options.ts';
import type { Session } from './session.ts';
import { toRef, toSnapshot } from './snapshot.ts';
import { storable } from './storable.ts';
import { ARCHIVED_TOO } from './watched.ts';
import { created, NOBODY, searched, tickets, type WireDynamicField, type WireTicket } from './wire.ts';

export interface OpenParts {
  readonly options: OtrsOptions;
  readonly session: Session;
  readonly system: string;
  readonly now: () => DateTime;
}

/** Characters of a title; its column has 255. */
const MAX_TITLE = 250;

/**
 * Opens a ticket with its first article, its fields and its mark, in one call. The article is one of an agent and public:
 * the requester of the ticket is the one who asked. Throws `REFUSED` for a draft that lacks what OTRS demands.
 */
export async function openTicket(
  parts: OpenParts,
  draft: Draft,
  key: string,
  origin: Ref,
  signal: AbortSignal,
): Promise<Opened> {
  const { options, session, system } = parts;
  const request = toRequest(draft, key, origin, options);
  const { TicketID, TicketNumber, ArticleID } = await session.call(
    {
      operation: 'ticket_create',
      effect: 'write',
      purpose: `open a ticket in «${draft.project}» for ${nameOf(origin)}`,
      data: request,
    },
    created,
    signal,
  );
  const { Article, Ticket, DynamicField } = request;
  const isOfArticle = ({ Name }: { readonly Name: string }) => Name === options.article_marker_field;
  const ofTicket = DynamicField.filter((field) => !isOfArticle(field));
  const ofArticle = { DynamicField: DynamicField.filter(isOfArticle).map(toField) };
  const at = toNaive(parts.now(), options.time_zone);
  const wire: WireTicket = {
    ...blank,
    ...Ticket,
    TicketID,
    TicketNumber: TicketNumber ?? '',
    CustomerUserID: Ticket.CustomerUser,
    Created: at,
    Changed: at,
    DynamicField: ofTicket.map(toField),
    Article: ArticleID === undefined ? [] : [{ ...written(Article), ...ofArticle, ArticleID, CreateTime: at }],
  };
  return { ref: toRef(wire, system), snapshot: toSnapshot(wire, [], system, options) };
}

/** OTRS reads its database, but may still be at work on the call that opens the ticket. A hit is read and compared. */
export async function findOpened(
  { options, session, system }: OpenParts,
  { key, origin }: Extract<Action, { do: 'open' }>,
  signal: AbortSignal,
): Promise<Found> {
  const mark = toTicketMark(key, origin);
  const purpose = `find the ticket that was opened for ${nameOf(origin)}`;
  const { TicketID } = await session.call(
    {
      operation: 'ticket_search',
      effect: 'read',
      purpose,
      // Without the archive an archived ticket would be opened anew.
      data: { [`DynamicField_${options.ticket_marker_field}`]: { Equals: mark }, ...ARCHIVED_TOO, Limit: FEW },
    },
    searched,
    signal,
  );
  const path = { TicketID: TicketID.slice(0, FEW).join(',') };
  const { Ticket } =
    TicketID.length === 0
      ? { Ticket: [] }
      : await session.call(
          { operation: 'ticket_get', effect: 'read', purpose, path, data: { DynamicFields: 1 } },
          tickets,
          signal,
        );
  // The page that splits a ticket may copy the field: the first ticket that shows it is the bridge's.
  const [found] = Ticket.filter((ticket) => markIn(ticket, options) === mark).toSorted(
    (left, right) => Number(left.TicketID) - Number(right.TicketID),
  );
  return found === undefined
    ? { outcome: 'unclear', settleMs: options.settle_seconds * 1_000 }
    : { outcome: 'present', ref: toRef(found, system) };
}

/** A field that OTRS does not know would make it find every ticket. */
const FEW = 5;

/** Left out, OTRS would make the bridge's agent owner of the ticket and lock it, and nobody would take it. */
const FREE = { OwnerID: NOBODY, ResponsibleID: NOBODY, Lock: 'unlock' };

function markIn({ DynamicField }: WireTicket, { ticket_marker_field }: OtrsOptions): string | undefined {
  return [DynamicField.find(({ Name }) => Name === ticket_marker_field)?.Value ?? ''].flat()[0];
}

function toRequest(draft: Draft, key: string, origin: Ref, options: OtrsOptions) {
  const { project, type, state, priority, requester } = draft;
  const { Ticket: attributes = {}, DynamicField: fields = [] } = toWire(draft.fields, options);
  const title = storable(draft.title, MAX_TITLE);
  const demanded = { state, priority, requester, title: title || undefined, text: storable(draft.text) || undefined };
  const missing = Object.entries(demanded).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (state === undefined || priority === undefined || requester === undefined || missing.length > 0) {
    throw new BridgeError('REFUSED', `OTRS opens no ticket in «${project}» without ${missing.join(', ')}`);
  }

  const { Article, DynamicField } = toArticle({ subject: title, text: draft.text, visibility: 'public' }, key, options);
  return {
    Ticket: {
      Title: title,
      Queue: project,
      State: state,
      Priority: priority,
      CustomerUser: requester,
      ...FREE,
      ...(type === '' ? {} : { Type: type }),
      ...attributes,
    },
    Article,
    // OTRS writes the fields in this order and gives up at the first that fails: what has no mark would be opened again.
    DynamicField: [{ Name: options.ticket_marker_field, Value: toTicketMark(key, origin) }, ...fields, ...DynamicField],
  };
}

function written({ Subject, Body, SenderType, IsVisibleForCustomer }: ReturnType<typeof toArticle>['Article']) {
  const shown = { Subject, Body, SenderType, IsVisibleForCustomer: String(IsVisibleForCustomer) };
  return { ...shown, From: '', CreateBy: '', ChangeTime: '', IncomingTime: '', Attachment: [] };
}

function toField({ Name, Value }: { readonly Name: string; readonly Value: FieldValue }): WireDynamicField {
  return { Name, Value: typeof Value === 'string' ? Value : [...Value] };
}

/** What OTRS fills in by itself and the bridge does not need to know of a new ticket. */
const blank = {
  StateType: 'new',
  ArchiveFlag: 'n',
  Age: '0',
  Type: '',
  Service: '',
  Queue: '',
  Owner: '',
  OwnerID: '',
  CustomerID: '',
};

import type { Desk, Found } from '../../src/connector.ts';
import type { Closure, CommentDraft } from '../../src/domain/action.ts';
import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import { listChanges } from './changes.ts';
import { inspect } from './check.ts';
import { toWire, type WireChange } from './fields.ts';
import type { Gateway } from './gateway.ts';
import { toHistoryComment } from './marker.ts';
import { moveTicket } from './move.ts';
import type { OtrsOptions } from './options.ts';
import type { Session } from './session.ts';
import { toSnapshot } from './snapshot.ts';
import { history, tickets, updated, type WireHistoryEntry, type WireTicket } from './wire.ts';

export interface DeskParts {
  readonly options: OtrsOptions;
  readonly session: Session;
  readonly gateway: Gateway;
  readonly system: string;
}

/** The tickets of one OTRS as its bridge agent sees them. */
export function openDesk({ options, session, gateway, system }: DeskParts): Desk {
  const fetchTicket = async (ref: Ref, signal: AbortSignal): Promise<WireTicket> => {
    const { Ticket } = await session.call(
      {
        operation: 'ticket_get',
        effect: 'read',
        purpose: `read ticket ${nameOf(ref)}`,
        path: { TicketID: idOf(ref) },
        data: { AllArticles: 1, DynamicFields: 1, Attachments: 1, GetAttachmentContents: 0 },
      },
      tickets,
      signal,
    );
    const ticket = Ticket.find(({ TicketID }) => TicketID === ref.id);
    if (ticket === undefined) {
      throw new BridgeError('RECORD_NOT_READABLE', `OTRS has no ticket ${nameOf(ref)} for ${options.login}`);
    }

    return ticket;
  };

  const fetchHistory = async (ref: Ref, signal: AbortSignal): Promise<readonly WireHistoryEntry[]> => {
    const { TicketHistory } = await session.call(
      {
        operation: 'ticket_history',
        effect: 'read',
        purpose: `read the history of ticket ${nameOf(ref)}`,
        path: { TicketID: idOf(ref) },
      },
      history,
      signal,
    );
    return TicketHistory.flatMap(({ History }) => History);
  };

  const read = async (ref: Ref, signal: AbortSignal) => {
    const ticket = await fetchTicket(ref, signal);
    return toSnapshot(ticket, await fetchHistory(ref, signal), system, options);
  };

  const write = (ref: Ref, purpose: string, change: WireChange & { Article?: object }, signal: AbortSignal) =>
    session.call(
      { operation: 'ticket_update', effect: 'write', purpose, path: { TicketID: idOf(ref) }, data: { ...change } },
      updated,
      signal,
    );

  return {
    read,
    changedSince: (moment, cursor, signal) => listChanges({ options, session, system }, moment, cursor, signal),

    async find(action, signal): Promise<Found> {
      if (action.do === 'open') {
        throw doesNotOpen();
      }

      const { comments } = await read(action.ref, signal);
      const comment = comments.find(({ marker }) => marker === action.key);
      return comment === undefined ? { outcome: 'absent' } : { outcome: 'present', ref: { system, id: comment.id } };
    },

    async open() {
      throw doesNotOpen();
    },

    async update(ref, fields, signal) {
      const change = toWire(fields, options);
      await write(ref, `set ${Object.keys(fields).join(', ')} of ticket ${nameOf(ref)}`, change, signal);
    },

    async comment(ref, comment, key, signal) {
      const Article = toArticle(comment, key, options);
      const { ArticleID } = await write(ref, `write an article into ticket ${nameOf(ref)}`, { Article }, signal);
      if (ArticleID === undefined) {
        throw new BridgeError('ANSWER_UNREADABLE', `OTRS did not name the article written into ${nameOf(ref)}`, {
          disposition: 'in-doubt',
        });
      }

      return { system, id: ArticleID };
    },

    move: (ref: Ref, to: string, closure: Closure | undefined, signal: AbortSignal) =>
      moveTicket({ options, fetchTicket, write }, ref, to, closure, signal),

    async relate(ref) {
      throw new BridgeError('REFUSED', `The interface of OTRS cannot link ticket ${nameOf(ref)} to another record`);
    },

    check: (signal) => inspect({ options, session, system }, signal),

    async close() {
      gateway.close();
    },
  };
}

/** What everything else that may be said of one comment is left to: the agents' own settings of OTRS. */
function toArticle(comment: CommentDraft, key: string, options: OtrsOptions) {
  return {
    CommunicationChannel: 'Internal',
    SenderType: 'agent',
    // Left out, it would be 1: OTRS shows an article to the customer unless told otherwise.
    IsVisibleForCustomer: comment.visibility === 'public' ? 1 : 0,
    Subject: comment.subject.trim() || 'JIRA',
    Body: comment.text,
    ContentType: 'text/plain; charset=utf-8',
    HistoryType: 'AddNote',
    HistoryComment: toHistoryComment(key),
    NoAgentNotify: 1,
    DynamicField: [{ Name: options.article_marker_field, Value: key }],
  };
}

function idOf(ref: Ref): string {
  if (!/^[1-9]\d*$/.test(ref.id)) {
    throw new BridgeError('RECORD_NOT_READABLE', `«${ref.id}» is not the TicketID of a ticket in OTRS`);
  }

  return ref.id;
}

function doesNotOpen(): BridgeError {
  return new BridgeError('REFUSED', 'This version opens no tickets in OTRS; it brings existing ones to other systems');
}

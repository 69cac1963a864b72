import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import type { WireChange } from './fields.ts';
import type { OtrsOptions } from './options.ts';
import type { Session } from './session.ts';
import { history, tickets, updated, type WireHistoryEntry, type WireTicket } from './wire.ts';

/** The three calls that name one ticket. Each throws `RECORD_NOT_READABLE` for one that is missing or hidden. */
export interface TicketCalls {
  /** With articles, dynamic fields and the list of files, whose contents stay in OTRS. */
  get(ref: Ref, signal: AbortSignal): Promise<WireTicket>;
  /** Nothing where OTRS does not offer the operation. */
  history(ref: Ref, signal: AbortSignal): Promise<readonly WireHistoryEntry[]>;
  /** `purpose` completes the sentence «OTRS refused to …». */
  update(
    ref: Ref,
    purpose: string,
    change: WireChange & { readonly Article?: object },
    signal: AbortSignal,
  ): Promise<{ readonly ArticleID?: string | undefined }>;
}

export function callTickets(session: Session, { operations }: OtrsOptions): TicketCalls {
  return {
    async get(ref, signal) {
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
        throw new BridgeError('RECORD_NOT_READABLE', `OTRS answered without ticket ${nameOf(ref)}`);
      }

      return ticket;
    },

    async history(ref, signal) {
      if (operations.ticket_history === false) {
        return [];
      }

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
    },

    async update(ref, purpose, change, signal) {
      return session.call(
        { operation: 'ticket_update', effect: 'write', purpose, path: { TicketID: idOf(ref) }, data: { ...change } },
        updated,
        signal,
      );
    },
  };
}

function idOf(ref: Ref): string {
  if (!/^[1-9]\d*$/.test(ref.id)) {
    throw new BridgeError('RECORD_NOT_READABLE', `«${ref.id}» is not the TicketID of a ticket in OTRS`);
  }

  return ref.id;
}

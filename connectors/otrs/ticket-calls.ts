import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import type { WireChange } from './fields.ts';
import type { OtrsOptions } from './options.ts';
import type { Session } from './session.ts';
import { history, isTicketId, tickets, updated, type WireHistoryEntry, type WireTicket } from './wire.ts';

/** The calls that name tickets. Each throws `RECORD_NOT_READABLE` where one of them is missing or hidden. */
export interface TicketCalls {
  /** With articles, dynamic fields and the list of files, whose contents stay in OTRS. */
  get(ref: Ref, signal: AbortSignal): Promise<WireTicket>;
  /** Nothing where OTRS does not offer the operation. */
  history(ref: Ref, signal: AbortSignal): Promise<readonly WireHistoryEntry[]>;
  /** The same for several tickets, in their order; two calls for all of them. */
  getWithHistory(refs: readonly Ref[], signal: AbortSignal): Promise<readonly WithHistory[]>;
  /** `purpose` completes the sentence «OTRS refused to …». */
  update(
    ref: Ref,
    purpose: string,
    change: WireChange & { readonly Article?: object },
    signal: AbortSignal,
  ): Promise<{ readonly ArticleID?: string | undefined }>;
}

export interface WithHistory {
  readonly ticket: WireTicket;
  readonly history: readonly WireHistoryEntry[];
}

export function callTickets(session: Session, { operations }: OtrsOptions): TicketCalls {
  const getAll = async (refs: readonly Ref[], signal: AbortSignal) => {
    const { Ticket } = await session.call(
      {
        operation: 'ticket_get',
        effect: 'read',
        purpose: `read ${naming(refs)}`,
        path: { TicketID: refs.map(idOf).join(',') },
        data: { AllArticles: 1, DynamicFields: 1, Attachments: 1, GetAttachmentContents: 0 },
      },
      tickets,
      signal,
    );
    return (ref: Ref) => {
      const ticket = Ticket.find(({ TicketID }) => TicketID === ref.id);
      if (ticket === undefined) {
        throw new BridgeError('RECORD_NOT_READABLE', `OTRS answered without ticket ${nameOf(ref)}`);
      }

      return ticket;
    };
  };

  const historiesOf = async (refs: readonly Ref[], signal: AbortSignal) => {
    if (operations.ticket_history === false) {
      return () => [];
    }

    const { TicketHistory } = await session.call(
      {
        operation: 'ticket_history',
        effect: 'read',
        purpose: `read the history of ${naming(refs)}`,
        path: { TicketID: refs.map(idOf).join(',') },
      },
      history,
      signal,
    );
    // An answer about one ticket can be about no other.
    return ({ id }: Pick<Ref, 'id'>) =>
      TicketHistory.filter(({ TicketID }) => refs.length === 1 || TicketID === id).flatMap(({ History }) => History);
  };

  return {
    get: async (ref, signal) => (await getAll([ref], signal))(ref),
    history: async (ref, signal) => (await historiesOf([ref], signal))(ref),

    async getWithHistory(refs, signal) {
      const read = refs.map(await getAll(refs, signal));
      const historyOf = await historiesOf(refs, signal);
      return read.map((ticket) => ({ ticket, history: historyOf({ id: ticket.TicketID }) }));
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

function naming(refs: readonly Ref[]): string {
  return `${refs.length > 1 ? 'tickets' : 'ticket'} ${refs.map(nameOf).join(', ')}`;
}

function idOf(ref: Ref): string {
  if (!isTicketId(ref.id)) {
    throw new BridgeError('RECORD_NOT_READABLE', `«${ref.id}» is not the TicketID of a ticket in OTRS`);
  }

  return ref.id;
}

import { randomUUID } from 'node:crypto';
import type { Ref } from '../domain/ticket.ts';
import type { Database, Queries } from './database.ts';
import { detailsText } from './details.ts';
import { momentOf, optionalTextOf, refOf, textOf } from './rows.ts';
import type { AuditEntry } from './store.ts';

/** Writes one entry, in a transaction where one is given. */
export type WriteAudit = (entry: AuditEntry, transaction?: Queries) => Promise<void>;

export interface AuditTrail {
  readonly audit: WriteAudit;
  /** Oldest first. */
  readonly auditTrail: (ticket: Ref) => Promise<readonly AuditEntry[]>;
}

/** Keeps what was done, by whom; nothing changes or deletes an entry. */
export function createAuditTrail(database: Database): AuditTrail {
  let written = 0;

  /** Entries of the same millisecond keep their order: padded time, running number, and what tells processes apart. */
  const nextId = (milliseconds: number): string => {
    written += 1;
    return `${String(milliseconds).padStart(15, '0')}-${String(written).padStart(12, '0')}-${randomUUID().slice(0, 8)}`;
  };

  return {
    audit: async (entry, transaction = database.queries) => {
      const at = entry.at.toMillis();
      await transaction
        .insertInto('audit')
        .values({
          id: nextId(at),
          at,
          who: textOf(entry.who),
          what: textOf(entry.what),
          ticket: optionalTextOf(entry.ticket?.id),
          ticket_key: optionalTextOf(entry.ticket?.key),
          detail: detailsText(entry.detail),
        })
        .execute();
    },

    auditTrail: async (ticket) => {
      const rows = await database.queries
        .selectFrom('audit')
        .select(['at', 'who', 'what', 'ticket', 'ticket_key', 'detail'])
        .where('ticket', '=', ticket.id)
        .orderBy('id')
        .execute();
      return rows.map(({ at, who, what, ticket: id, ticket_key, detail }) => ({
        at: momentOf(at),
        who,
        what,
        ...(id === null ? {} : { ticket: refOf(database.ticketSystem, id, ticket_key) }),
        detail: JSON.parse(detail),
      }));
    },
  };
}

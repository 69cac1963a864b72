import { randomUUID } from 'node:crypto';
import type { Action } from '../domain/action.ts';
import type { Ref } from '../domain/ticket.ts';
import type { Database } from './database.ts';
import { detailsText, messageText } from './details.ts';
import { fingerprintOf, systemOfLetter } from './fingerprint.ts';
import { momentOf, optionalTextOf, refOf, textOf } from './rows.ts';
import type { DeadLetterTable } from './schema.ts';
import type { DeadLetter, NewDeadLetter } from './store.ts';

/** Characters by which a letter can be found. */
const LONGEST_WORDS = 600;

/** What a search for words looks at. Small letters: SQLite knows those of Latin only. */
export function wordsOfLetter(row: Pick<DeadLetterTable, 'code' | 'message' | 'ticket_key' | 'action_key'>): string {
  const { code, message, ticket_key, action_key } = row;
  const words = [code, ticket_key ?? '', action_key ?? '', message].join(' ');
  return textOf(words.replace(/\s+/g, ' ').toLowerCase().slice(0, LONGEST_WORDS));
}

/** A new letter as its row. */
export function rowOfLetter(
  letter: NewDeadLetter,
  ticket: Ref | undefined,
  action: Action | undefined,
): DeadLetterTable {
  const about = { ...letter, ...(ticket === undefined ? {} : { ticket }), ...(action === undefined ? {} : { action }) };
  const row = {
    id: randomUUID(),
    ticket: optionalTextOf(ticket?.id),
    ticket_key: optionalTextOf(ticket?.key),
    action_key: optionalTextOf(action?.key),
    action: action === undefined ? null : JSON.stringify(action),
    code: letter.code,
    message: messageText(letter.message),
    details: detailsText(letter.details),
    at: letter.at.toMillis(),
    state: 'open' as const,
    resolved_at: null,
    system: optionalTextOf(systemOfLetter(about)),
    fingerprint: fingerprintOf(about),
    rules: optionalTextOf(letter.rules),
    revision_of: null,
    offered: null,
    first_at: letter.at.toMillis(),
    times: 1,
    version: 1,
    resolved_how: null,
    resolved_by: null,
    reason: null,
    words: '',
    ...NO_ORDER,
    ordered_job: null,
  };
  return { ...row, words: wordsOfLetter(row) };
}

/** The columns of a letter whose replay nobody has ordered; the job stays, for it asks what became of the letter. */
export const NO_ORDER = { ordered_as: null, ordered_by: null, ordered_at: null, ordered_turn: null } as const;

/** What a letter takes over from a newer one about the same thing. */
export function renewalOf(newer: DeadLetterTable) {
  const { ticket_key, code, message, details, at, rules, fingerprint, words, system } = newer;
  return { ticket_key, code, message, details, at, fingerprint, words, system, ...(rules === null ? {} : { rules }) };
}

export function letterOf({ ticketSystem }: Database, row: DeadLetterTable): DeadLetter {
  return {
    id: row.id,
    ...(row.ticket === null ? {} : { ticket: refOf(ticketSystem, row.ticket, row.ticket_key) }),
    ...(row.action === null ? {} : { action: JSON.parse(row.action) }),
    ...(row.system === null ? {} : { system: row.system }),
    code: row.code,
    message: row.message,
    details: JSON.parse(row.details),
    fingerprint: row.fingerprint,
    ...(row.rules === null ? {} : { rules: row.rules }),
    at: momentOf(row.at),
    // A version before this one did not write it.
    firstAt: momentOf(row.first_at === 0 ? row.at : row.first_at),
    times: row.times,
    state: row.state,
    version: row.version,
    ...(row.revision_of === null ? {} : { revisionOf: row.revision_of }),
    ...resolutionOf(row),
    ...orderOf(row),
  };
}

function resolutionOf({ state, resolved_at, resolved_how, resolved_by, reason }: DeadLetterTable) {
  return state === 'open' || resolved_at === null
    ? {}
    : {
        resolution: {
          ...(resolved_how === null ? {} : { how: resolved_how }),
          by: resolved_by ?? 'bridge',
          at: momentOf(resolved_at),
          ...(reason === null ? {} : { reason }),
        },
      };
}

function orderOf({ state, ordered_as, ordered_by, ordered_at, ordered_job }: DeadLetterTable) {
  return state !== 'open' || ordered_as === null
    ? {}
    : {
        order: {
          as: ordered_as,
          by: ordered_by ?? '',
          at: momentOf(ordered_at ?? 0),
          ...(ordered_job === null ? {} : { job: ordered_job }),
        },
      };
}

import type { Action, ActionKey } from '../../../src/domain/action.ts';
import type { Ref } from '../../../src/domain/ticket.ts';
import { detailsText, messageText } from '../../../src/store/details.ts';
import { fingerprintOf, systemOfLetter } from '../../../src/store/fingerprint.ts';
import { momentOf, refOf, textOf } from '../../../src/store/rows.ts';
import type { DeadLetter, DeadLetterFilter, NewDeadLetter } from '../../../src/store/store.ts';
import { type Letter, millisOf, type Tables } from './tables.ts';

/** See the contract. */
export function bury(tables: Tables, letter: NewDeadLetter): void {
  const { ticket, code } = letter;
  const open = tables.letters.find(
    (each) => each.state === 'open' && each.actionKey === undefined && each.code === code && each.ticket === ticket?.id,
  );
  if (open === undefined || ticket === undefined) {
    openLetter(tables, letter, ticket, undefined);
    return;
  }

  open.at = millisOf(letter.at);
  open.key = ticket.key;
  open.message = messageText(letter.message);
  open.details = detailsText(letter.details);
}

export function openLetter(tables: Tables, letter: NewDeadLetter, ticket?: Ref, action?: Action): void {
  tables.letters.push({
    id: `letter-${String(tables.letters.length + 1).padStart(6, '0')}`,
    ticket: ticket === undefined ? undefined : textOf(ticket.id),
    key: ticket?.key === undefined ? undefined : textOf(ticket.key),
    actionKey: action?.key,
    action: action === undefined ? undefined : JSON.stringify(action),
    code: letter.code,
    message: messageText(letter.message),
    details: detailsText(letter.details),
    at: millisOf(letter.at),
    state: 'open',
  });
}

/** Resolves the open letters that it is about. */
export function resolveWhere({ letters }: Tables, isAbout: (letter: Letter) => boolean): void {
  for (const letter of letters) {
    if (letter.state === 'open' && isAbout(letter)) {
      letter.state = 'resolved';
    }
  }
}

export function unbury(tables: Tables, { id }: Ref): void {
  resolveWhere(tables, ({ ticket, actionKey }) => ticket === id && actionKey === undefined);
}

export function layToRest(tables: Tables, { id }: Ref, besides: readonly ActionKey[]): void {
  resolveWhere(
    tables,
    ({ ticket, actionKey }) => ticket === id && (actionKey === undefined || !besides.includes(actionKey)),
  );
}

export function deadLetters(
  { letters }: Tables,
  home: string,
  { ticket, state, limit }: DeadLetterFilter,
): readonly DeadLetter[] {
  const isWanted = (letter: Letter) =>
    (state === undefined || letter.state === state) &&
    (ticket === undefined || letter.ticket === ticket.id || (letter.key !== undefined && letter.key === ticket.key));
  return letters
    .filter(isWanted)
    .toSorted((one, other) => other.at - one.at || (one.id < other.id ? -1 : 1))
    .slice(0, Math.max(0, Math.floor(limit)))
    .map((letter) => letterOf(letter, home));
}

/** What only operators use is not kept: how often a letter was renewed, and by whom it was resolved. */
function letterOf({ ticket: id, key, action, details, at, ...letter }: Letter, home: string): DeadLetter {
  const about = {
    code: letter.code,
    message: letter.message,
    ...(id === undefined ? {} : { ticket: refOf(home, id, key ?? null) }),
    ...(action === undefined ? {} : { action: JSON.parse(action) }),
  };
  const system = systemOfLetter(about);
  return {
    ...about,
    id: letter.id,
    details: JSON.parse(details),
    ...(system === undefined ? {} : { system }),
    fingerprint: fingerprintOf(about),
    at: momentOf(at),
    firstAt: momentOf(at),
    times: 1,
    state: letter.state,
    version: 1,
  };
}

import type { DateTime } from 'luxon';
import type { Desk, Found } from '../../src/connector.ts';
import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import { assignTicket } from './assign.ts';
import { attachFile } from './attach-file.ts';
import { listChanges } from './changes.ts';
import { inspect } from './check.ts';
import { commentTicket } from './comment.ts';
import { fetchFile } from './fetch-file.ts';
import { toWire } from './fields.ts';
import type { Gateway } from './gateway.ts';
import { linkTickets } from './link.ts';
import { locateTicket } from './locate.ts';
import { moveTicket } from './move.ts';
import { findOpened, openTicket } from './open.ts';
import type { OtrsOptions } from './options.ts';
import { readSeveral } from './read-several.ts';
import type { Session } from './session.ts';
import { toSnapshot } from './snapshot.ts';
import { callTickets } from './ticket-calls.ts';

export interface DeskParts {
  readonly options: OtrsOptions;
  readonly session: Session;
  readonly gateway: Gateway;
  readonly system: string;
  readonly now: () => DateTime;
  /** Where files wait on their way; absent: the folder of the operating system. */
  readonly folder?: string | undefined;
}

/** The tickets of one OTRS as its bridge agent sees them. */
export function openDesk({ options, session, gateway, system, now, folder }: DeskParts): Desk {
  const tickets = callTickets(session, options);
  const opening = { options, session, system, now };
  const files = { options, session, tickets, folder };

  const read = async (ref: Ref, signal: AbortSignal) => {
    const ticket = await tickets.get(ref, signal);
    return toSnapshot(ticket, await tickets.history(ref, signal), system, options);
  };
  const readTogether = async (refs: readonly Ref[], signal: AbortSignal) => {
    const whole = await tickets.getWithHistory(refs, signal);
    return whole.map(({ ticket, history }) => toSnapshot(ticket, history, system, options));
  };

  return {
    read,
    readSeveral: (refs, signal) => readSeveral({ read, readTogether }, refs, signal),
    locate: (key, signal) => locateTicket({ session, system }, key, signal),
    changedSince: (moment, cursor, signal) => listChanges({ options, session, system }, moment, cursor, signal),

    async find(action, signal): Promise<Found> {
      if (action.do === 'open') {
        return findOpened(opening, action, signal);
      }

      const { comments, attachments } = await read(action.ref, signal);
      // An article is there before its file is.
      const written = action.do === 'attach' ? attachments : comments;
      const found = written.find(({ marker }) => marker === action.key);
      // OTRS reads its database, but may still be at work on the call that writes the article.
      return found === undefined
        ? { outcome: 'unclear', settleMs: options.settle_seconds * 1_000 }
        : { outcome: 'present', ref: { system, id: found.id } };
    },

    open: (draft, key, origin, signal) => openTicket(opening, draft, key, origin, signal),

    async update(ref, fields, signal) {
      const names = Object.keys(fields);
      if (names.length > 0) {
        await tickets.update(ref, `set ${names.join(', ')} of ticket ${nameOf(ref)}`, toWire(fields, options), signal);
      }
    },

    comment: (ref, comment, key, signal) => commentTicket({ options, tickets, system }, ref, comment, key, signal),

    async edit(ref) {
      throw new BridgeError('REFUSED', `The interface of OTRS cannot edit an article of ticket ${nameOf(ref)}`);
    },

    assign: (ref, user, signal) => assignTicket(ref, user, { tickets }, signal),

    fetch: (...call) => fetchFile(files, ...call),

    attach: async (ref, file, note, key, signal) => ({
      system,
      id: await attachFile(files, ref, file, note, key, signal),
    }),

    move: (ref, move, signal) => moveTicket({ options, tickets }, ref, move, signal),

    relate: (ref, to, shown, signal) => linkTickets({ options, session, system }, ref, to, shown, signal),

    check: (expected, signal) => inspect({ options, session, system, now }, expected, signal),

    async close() {
      gateway.close();
    },
  };
}

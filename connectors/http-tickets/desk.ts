import { z } from 'zod';
import type { ConnectorContext, Desk, Found } from '../../src/connector.ts';
import type { OnceOnlyAction } from '../../src/domain/action.ts';
import { textOf } from '../../src/domain/field-value.ts';
import { type Fields, nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import { checkTickets } from './check.ts';
import type { Send } from './gateway.ts';
import type { HttpTicketsOptions } from './options.ts';
import { refOf, toSnapshot, wireComment, wireList, wireTicket } from './wire.ts';

const anything = z.unknown();

/** The system as a desk. It takes no files, changes no comments, assigns nobody and links nothing. */
export function createDesk(options: HttpTicketsOptions, send: Send, context: ConnectorContext): Desk {
  const { system } = context;
  const settleMs = 2 * options.timeout_seconds * 1_000;

  const read = async (ref: Ref, signal: AbortSignal) =>
    toSnapshot(await send({ method: 'GET', path: pathOf(ref), shape: wireTicket, signal }), system, options);
  const list = (query: Readonly<Record<string, string>>, signal: AbortSignal) =>
    send({ method: 'GET', path: '/tickets', query, shape: wireList, signal });
  const change = async (ref: Ref, body: object, signal: AbortSignal) => {
    await send({ method: 'PATCH', path: pathOf(ref), body, shape: anything, signal });
  };

  /** A hit is believed only where it shows what was asked for. */
  const find = async (action: OnceOnlyAction, signal: AbortSignal): Promise<Ref | undefined> => {
    if (action.do === 'open') {
      const mark = markOf(action.key, action.origin);
      const { tickets } = await list({ mark }, signal);
      const hit = tickets.find((each) => each.mark === mark);
      return hit === undefined ? undefined : refOf(hit, system);
    }

    const { comments } = await read(action.ref, signal);
    const hit = comments.find(({ marker }) => marker === action.key);
    return hit === undefined ? undefined : { system, id: hit.id };
  };

  return {
    lacks: ['files'],
    read,
    locate: async (named, signal) => {
      const key = typeof named === 'string' ? named : nameOf(named);
      const { tickets } = key === '' ? { tickets: [] } : await list({ number: key }, signal);
      const hit = tickets.find(({ number }) => number === key);
      return hit === undefined ? undefined : refOf(hit, system);
    },
    changedSince: async (since, after, signal) => {
      const asked = { changed_since: since.toUTC().toISO() ?? '', ...(after === undefined ? {} : { after }) };
      const { tickets, next, as_of: asOf } = await list(asked, signal);
      const changes = tickets.map((each) => ({ ref: refOf(each, system), changedAt: each.changed_at }));
      return next ? { changes, asOf, next } : { changes, asOf, completeBefore: asOf };
    },
    find: async (action, signal): Promise<Found> => {
      const ref = await find(action, signal);
      return ref === undefined ? { outcome: 'unclear', settleMs } : { outcome: 'present', ref };
    },
    open: async (draft, key, origin, signal) => {
      const { service, ...fields } = draft.fields;
      const { project: queue, type, priority, title, text, state, requester } = draft;
      const mark = markOf(key, origin);
      const filled = toWireFields(fields, options);
      const body = { mark, queue, service, type, priority, title, text, state, requester, fields: filled };
      const ticket = await send({ method: 'POST', path: '/tickets', body, shape: wireTicket, signal });
      return { ref: refOf(ticket, system), snapshot: toSnapshot(ticket, system, options) };
    },
    update: async (ref, fields, signal) => change(ref, { fields: toWireFields(fields, options) }, signal),
    comment: async (ref, { text, visibility, along }, mark, signal) => {
      if (along !== undefined) {
        throw cannot(system, 'take a comment together with a change');
      }
      const body = { mark, text, public: visibility === 'public' };
      const path = `${pathOf(ref)}/comments`;
      const { id } = await send({ method: 'POST', path, body, shape: wireComment, signal });
      return { ref: { system, id } };
    },
    move: async (ref, { to, fields }, signal) =>
      change(ref, { state: to, fields: toWireFields(fields, options) }, signal),
    check: (expected, signal) => checkTickets({ system, options, send }, expected, signal),
    ...withoutCalls(system),
    close: async () => {},
  };
}

/** What the interface has no call for. */
function withoutCalls(system: string): Pick<Desk, 'edit' | 'assign' | 'relate' | 'attach' | 'fetch'> {
  const refuse = (what: string) => async () => {
    throw cannot(system, what);
  };
  return {
    edit: refuse('change a comment'),
    assign: refuse('assign anybody'),
    relate: refuse('show another record'),
    attach: refuse('take a file'),
    fetch: async (_ref, { name }) => {
      throw new BridgeError('FILE_REFUSED', `${system} gives no files, and so not «${name}»`);
    },
  };
}

function cannot(system: string, what: string): BridgeError {
  return new BridgeError('REFUSED', `${system} cannot ${what}: its interface has no such call`);
}

/** Marks what was opened, so that it is found again after a lost answer: the action, and the ticket that it is for. */
function markOf(key: string, origin: Ref): string {
  return `${origin.system}/${origin.id} ${key}`;
}

function pathOf({ id }: Ref): string {
  return `/tickets/${encodeURIComponent(id)}`;
}

/** An empty value clears. */
function toWireFields(fields: Fields, options: HttpTicketsOptions): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields).map(([logical, value]) => {
      const name = options.fields[logical];
      if (name === undefined) {
        throw new BridgeError('REFUSED', `the configuration names no field for «${logical}»: add it under \`fields\``);
      }
      return [name, textOf(value) ?? ''];
    }),
  );
}

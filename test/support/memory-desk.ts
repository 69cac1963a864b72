import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { DateTime } from 'luxon';
import type { Change, Desk, ExpectedName, Finding, Found } from '../../src/connector.ts';
import type { OnceOnlyAction } from '../../src/domain/action.ts';
import { type Comment, type Fields, nameOf, type Ref, type Snapshot } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';

/** What a call does besides or instead of its work. */
export type Fault =
  | 'refuse'
  | 'lose-the-answer'
  | 'lose-the-answer-and-the-fields'
  | 'garble'
  | 'outage'
  | 'rate-limit';

export interface MemoryDesk extends Desk {
  readonly records: Map<string, Snapshot>;
  /** Bytes of files by attachment id. */
  readonly contents: Map<string, Buffer>;
  /** Links between two records, by both ids in order and the type. */
  readonly links: Set<string>;
  /** Names of the calls in order, e.g. `comment 42`. */
  readonly calls: string[];
  put(record: Snapshot): void;
  change(id: string, change: (record: Snapshot) => Partial<Snapshot>): void;
  /** The next calls whose name begins so meet these faults, one each. */
  fail(call: string, ...faults: Fault[]): void;
  /** Everything fails with an outage until it is called with `up`. */
  turn(state: 'up' | 'down'): void;
  /** Whether a call that fetches a file brings the files that are wanted next as well. */
  bring(files: 'one' | 'all'): void;
  /** Whether look-ups of opened records find what is there, or cannot tell yet. */
  index(state: 'current' | 'lagging'): void;
}

/** What the system knows; where it is not given, the desk takes every name. */
export interface KnownNames {
  readonly states: readonly string[];
  readonly fields: readonly string[];
  readonly users: readonly string[];
}

/** A ticket system in memory that keeps the promises of `Desk`, and breaks them on demand. `gives` is what one call reads. */
export function createMemoryDesk(
  system: string,
  now: () => DateTime,
  known?: KnownNames,
  gives: 'one' | 'several' = 'one',
): MemoryDesk {
  const records = new Map<string, Snapshot>();
  const calls: string[] = [];
  const faults: { call: string; fault: Fault }[] = [];
  const markers = new Map<string, Ref>();
  const contents = new Map<string, Buffer>();
  const links = new Set<string>();
  let isDown = false;
  let isLagging = false;
  let isGenerous = false;
  let lastId = 10_000;

  const enter = (call: string): Fault | undefined => {
    calls.push(call);
    if (isDown) {
      throw new BridgeError('SYSTEM_UNREACHABLE', `${system} is down`);
    }
    return meet(call);
  };
  const meet = (call: string): Fault | undefined => {
    const index = faults.findIndex((each) => call.startsWith(each.call));
    const [next] = index < 0 ? [] : faults.splice(index, 1);
    switch (next?.fault) {
      case 'refuse':
        throw new BridgeError('REFUSED', `${system} refuses ${call}`);
      case 'garble':
        throw new BridgeError('ANSWER_UNREADABLE', `${system} answers ${call} with something else`);
      case 'outage':
        throw new BridgeError('SYSTEM_FAILING', `${system} fails at ${call}`);
      case 'rate-limit':
        throw new BridgeError('RATE_LIMITED', `${system} asks to slow down`, { retryAfterMs: 1_000 });
      default:
        return next?.fault;
    }
  };
  const leave = (fault: Fault | undefined) => {
    if (fault?.startsWith('lose-the-answer')) {
      throw new BridgeError('OUTCOME_UNKNOWN', `${system} did not answer`);
    }
  };
  const demand = (kind: keyof KnownNames, ...names: readonly string[]) => {
    const stranger = names.find((name) => known !== undefined && !known[kind].includes(name));
    if (stranger !== undefined) {
      throw new BridgeError('REFUSED', `${system} knows no «${stranger}» among its ${kind}`);
    }
  };
  const stateOf = (to: string) => {
    demand('states', to);
    return { state: to, phase: to === 'Закрыто' ? 'done' : 'open' } as const;
  };
  const get = (ref: Ref): Snapshot => {
    const record = records.get(ref.id);
    if (record === undefined) {
      throw new BridgeError('RECORD_NOT_READABLE', `${system} shows no record ${ref.id}`);
    }
    return record;
  };
  const set = (ref: Ref, changes: Partial<Snapshot>) =>
    records.set(ref.id, { ...get(ref), ...changes, changedAt: now() });
  const merge = (ref: Ref, fields: Fields) => {
    const merged = Object.entries({ ...get(ref).fields, ...fields });
    return Object.fromEntries(merged.filter(([, value]) => value.length > 0));
  };
  const written = (ref: Ref, fields: Fields, fault: Fault | undefined) =>
    fault === 'lose-the-answer-and-the-fields' ? {} : { fields: merge(ref, fields) };

  return {
    records,
    calls,
    contents,
    links,
    put: (record) => records.set(record.ref.id, record),
    change: (id, change) => set({ system, id }, change(get({ system, id }))),
    fail: (call, ...added) => faults.push(...added.map((fault) => ({ call, fault }))),
    turn: (state) => {
      isDown = state === 'down';
    },
    bring: (files) => {
      isGenerous = files === 'all';
    },
    index: (state) => {
      isLagging = state === 'lagging';
    },
    read: async (ref) => {
      enter(`read ${ref.id}`);
      return get(ref);
    },
    ...(gives === 'one'
      ? {}
      : {
          readSeveral: async (refs: readonly Ref[]) => {
            enter(`read ${refs.map(({ id }) => id).join()}`);
            return refs.map(({ id }) => records.get(id));
          },
        }),
    locate: async (named) => {
      const key = typeof named === 'string' ? named : nameOf(named);
      enter(`locate ${key}`);
      return [...records.values()].find(({ ref }) => ref.key === key)?.ref;
    },
    changedSince: async (moment) => {
      enter('changedSince');
      const asOf = now();
      const changes: Change[] = [...records.values()]
        .filter((record) => record.changedAt >= moment)
        .map((record) => ({ ref: record.ref, changedAt: record.changedAt }));
      return { changes, asOf, completeBefore: asOf };
    },
    find: async (action): Promise<Found> => {
      enter(`find ${action.key}`);
      if (action.do !== 'open') {
        get(action.ref);
      }
      const ref = isLagging ? undefined : markers.get(markOf(action));
      if (ref !== undefined) {
        return { outcome: 'present', ref };
      }
      return action.do === 'open' ? { outcome: 'unclear', settleMs: 30_000 } : { outcome: 'absent' };
    },
    open: async (draft, key, origin) => {
      const fault = enter(`open ${origin.id}`);
      lastId += 1;
      const ref = { system, id: String(lastId), key: `${draft.project}-${lastId - 10_000}` };
      records.set(ref.id, {
        ...blank(ref, now()),
        title: draft.title,
        text: draft.text,
        type: draft.type,
        state: draft.state ?? 'Открыто',
        fields: draft.fields,
        ...(draft.requester === undefined ? {} : { requester: { name: draft.requester, login: draft.requester } }),
      });
      markers.set(`${origin.id} ${key}`, ref);
      leave(fault);
      return { ref };
    },
    update: async (ref, fields) => {
      const fault = enter(`update ${ref.id}`);
      get(ref);
      demand('fields', ...Object.keys(fields));
      set(ref, written(ref, fields, fault));
      leave(fault);
    },
    comment: async (ref, { along, ...draft }, key, signal) => {
      if (signal.aborted) {
        throw new BridgeError('SYSTEM_UNREACHABLE', `${system} was not asked`);
      }
      const fault = enter(`comment ${ref.id} ${key}${along === undefined ? '' : ` and ${along.do}`}`);
      if (along !== undefined) {
        // A part that would be refused alone is refused in company.
        meet(`${along.do} ${ref.id}${along.do === 'move' ? ` ${along.to}` : ''}`);
        demand('fields', ...Object.keys(along.fields));
        set(ref, { ...(along.do === 'move' ? stateOf(along.to) : {}), ...written(ref, along.fields, fault) });
      }
      lastId += 1;
      const comment: Comment = {
        id: String(lastId),
        author: 'мост',
        at: now(),
        text: draft.text,
        visibility: draft.visibility,
        by: 'agent',
        marker: key,
      };
      set(ref, { comments: [...get(ref).comments, comment] });
      const made = { system, id: comment.id };
      markers.set(`${ref.id} ${key}`, made);
      leave(fault);
      return { ref: made };
    },
    edit: async (ref, commentId, text) => {
      const fault = enter(`edit ${ref.id} ${commentId}`);
      set(ref, {
        comments: get(ref).comments.map((each) => (each.id === commentId ? { ...each, text, editedAt: now() } : each)),
      });
      leave(fault);
    },
    assign: async (ref, user) => {
      const fault = enter(`assign ${ref.id} ${user}`);
      demand('users', user);
      set(ref, { owner: user });
      leave(fault);
    },
    fetch: async (ref, { id }, into, _signal, nearby) => {
      const fault = enter(`fetch ${ref.id} ${id}`);
      for (const { attachment, open } of isGenerous ? (nearby?.next ?? []) : []) {
        const early = contents.get(attachment.id);
        if (early !== undefined) {
          await pipeline(Readable.from([early]), await open());
        }
      }
      const bytes = contents.get(id);
      if (bytes === undefined) {
        throw new BridgeError('FILE_REFUSED', `${system} has no file ${id}`);
      }
      await pipeline(Readable.from([bytes]), into);
      leave(fault);
    },
    attach: async (ref, { open, ...file }, _note, key) => {
      const fault = enter(`attach ${ref.id} ${key}`);
      lastId += 1;
      const id = String(lastId);
      contents.set(id, await buffer(open()));
      set(ref, { attachments: [...get(ref).attachments, { id, ...file, isOwn: true, marker: key }] });
      const made = { system, id };
      markers.set(`${ref.id} ${key}`, made);
      leave(fault);
      return made;
    },
    move: async (ref, { to, fields }) => {
      const fault = enter(`move ${ref.id} ${to}`);
      get(ref);
      set(ref, { ...stateOf(to), ...written(ref, fields, fault) });
      leave(fault);
    },
    relate: async (ref, to, { type = '' }) => {
      const fault = enter(`relate ${ref.id}`);
      if (to.system === system) {
        links.add([...[ref.id, to.id].toSorted(), type].join(' '));
      }
      leave(fault);
    },
    check: async ({ issueStatuses }) => (known === undefined ? [] : checkStates(issueStatuses, known, system)),
    close: async () => {},
  };
}

/** A marker belongs to its record, or for a record that is opened to the one it comes from. */
function markOf(action: OnceOnlyAction): string {
  return `${action.do === 'open' ? action.origin.id : action.ref.id} ${action.key}`;
}

function checkStates(expected: readonly ExpectedName[], { states }: KnownNames, system: string): readonly Finding[] {
  const unknown = expected.filter(({ name }) => !states.includes(name));
  return [
    { level: 'ok', subject: system, message: 'answers' },
    ...unknown.map(({ name, at }) => ({
      level: 'error' as const,
      subject: system,
      message: `${at}: no state «${name}»`,
    })),
  ];
}

function blank(ref: Ref, now: DateTime): Snapshot {
  return {
    ref,
    url: `http://${ref.system}.example.test/browse/${ref.key}`,
    title: '',
    text: '',
    state: '',
    phase: 'new',
    priority: '',
    type: '',
    fields: {},
    comments: [],
    attachments: [],
    history: [],
    createdAt: now,
    changedAt: now,
  };
}

/** A clock that stands still until it is told to go on. */
export function createTestClock(start: DateTime) {
  let moment = start;
  return {
    now: () => moment,
    pass: (duration: Parameters<DateTime['plus']>[0]) => {
      moment = moment.plus(duration);
    },
  };
}

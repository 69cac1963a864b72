import type { DateTime } from 'luxon';
import type { Desk, Found, Page } from '../../src/connector.ts';
import type { Comment, Snapshot } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import type { MemoryDesk } from '../support/memory-desk.ts';
import { type CallKind, fateOfCall } from './call-fate.ts';
import type { Process } from './scheduler.ts';
import type { Simulation } from './simulation.ts';
import { settled } from './store-port.ts';

/** How long the desks wait for an answer; and how long after a call a missing effect proves nothing: work, index and clock together. */
const TIMEOUT_MS = 20_000;
export const SETTLE_MS = 80_000;
/** The longest time that a system works on a call whose answer is lost. */
const LATEST_MS = 45_000;

/** The desk of one process: what it asks travels, arrives or not, and is answered or not. */
export function createWire(system: 'otrs' | 'jira', base: MemoryDesk, process: Process, simulation: Simulation): Desk {
  const { random, scheduler, world, ledger, sabotage } = simulation;

  const call = <Value>(kind: CallKind, label: string, at: string, signal: AbortSignal, work: () => Promise<Value>) =>
    new Promise<Value>((resolve, reject) => {
      const line = `${process.name} ${system}.${label}`;
      let isOpen = true;
      const end = (settle: () => void) => {
        if (isOpen) {
          isOpen = false;
          // A signal with listeners is kept alive by the platform, and the whole world with it.
          signal.removeEventListener('abort', giveUp);
          settle();
        }
      };
      const refuse = (error: BridgeError) =>
        end(() => {
          scheduler.tell(`${line}: ${error.code}`);
          reject(error);
        });
      const giveUp = () => refuse(broken());
      if (signal.aborted) {
        refuse(new BridgeError('SYSTEM_UNREACHABLE', `${system} was not asked`));
        return;
      }
      const broken = () => new BridgeError(kind === 'read' ? 'SYSTEM_UNREACHABLE' : 'OUTCOME_UNKNOWN', 'no answer');
      ledger.asked[system] += 1;
      signal.addEventListener('abort', giveUp, { once: true });
      const answer = (ms: number, settle: () => void) => scheduler.after(ms, `${line}: the answer`, settle, process);
      const fate = fateOfCall(kind, system, at, simulation);
      if (fate.kind === 'not-done') {
        answer(fate.error === undefined ? TIMEOUT_MS : random.between(1, 100), () => refuse(fate.error ?? broken()));
        return;
      }

      const isLost = fate.kind === 'done' && fate.answer === 'is-lost';
      const isLate = fate.kind === 'done' && fate.isLate;
      scheduler.after(isLate ? random.between(TIMEOUT_MS, LATEST_MS) : random.between(1, 200), line, async () => {
        const done = await settled(work);
        const outcome = 'value' in done ? 'done' : String(done.error);
        scheduler.tell(`${line}: ${outcome}${isLost ? ', and the answer is lost' : ''}`);
        if (fate.kind === 'garbled') {
          answer(random.between(1, 200), () => refuse(fate.error));
        } else if (!isLost) {
          answer(random.between(1, 200), () => end(() => ('value' in done ? resolve(done.value) : reject(done.error))));
        }
      });
      if (isLost) {
        answer(TIMEOUT_MS, () => refuse(broken()));
      }
    });

  const effect =
    <Value>(name: 'open' | 'comment', at: string, key: string, work: () => Promise<Value>) =>
    async () => {
      const done = await settled(work);
      // What broke off half-way has happened.
      if ('value' in done || (done.error instanceof BridgeError && done.error.code === 'OUTCOME_UNKNOWN')) {
        ledger.effects.push({ system, call: name, at, key, ms: scheduler.at() });
      }
      if ('error' in done) {
        throw done.error;
      }
      return done.value;
    };
  const found = (label: string, signal: AbortSignal, work: () => Promise<Found>) =>
    call('read', label, '', signal, async (): Promise<Found> => {
      const answer = await work();
      if (sabotage === 'no-look-up') {
        return { outcome: 'absent' };
      }
      return answer.outcome === 'present' && world.isIndexed(answer.ref)
        ? answer
        : { outcome: 'unclear', settleMs: SETTLE_MS };
    });
  const told =
    <Value>(id: string, work: () => Promise<Value>) =>
    async () => {
      const value = await work();
      world.echo(system, id);
      return value;
    };

  return {
    ...base,
    read: (ref, signal) =>
      call('read', `read ${ref.id}`, ref.id, signal, async () => distort(await base.read(ref, signal), simulation)),
    locate: (ref, signal) => call('read', 'locate', '', signal, () => base.locate(ref, signal)),
    changedSince: (moment, cursor, signal) => {
      const asked = scheduler.trueTime();
      const list = async () => {
        world.listed(system);
        const page = await base.changedSince(moment.startOf('second'), cursor, signal);
        return system === 'otrs' ? asOtrsLists(page, asked) : page;
      };
      return call('read', 'changedSince', '', signal, list);
    },
    find: (action, signal) => found(`find ${action.key}`, signal, () => base.find(action, signal)),
    open: (draft, key, origin, signal) =>
      call(
        'write',
        `open ${origin.id}`,
        origin.id,
        signal,
        effect('open', origin.id, key, async () => {
          const opened = await base.open(draft, key, origin, signal);
          world.opened(origin, opened.ref);
          world.echo(system, opened.ref.id);
          return opened;
        }),
      ),
    comment: (ref, comment, key, signal) =>
      call(
        'write',
        `comment ${ref.id} ${key}${comment.along === undefined ? '' : ` and ${comment.along.do}`}`,
        ref.id,
        signal,
        effect(
          'comment',
          ref.id,
          key,
          told(ref.id, () => {
            if (comment.along !== undefined && random.chance(simulation.faults().answerLost)) {
              base.fail(`comment ${ref.id}`, 'lose-the-answer-and-the-fields');
            }
            return base.comment(ref, comment, key, new AbortController().signal);
          }),
        ),
      ),
    update: (ref, fields, signal) =>
      call(
        'write',
        `update ${ref.id} ${Object.keys(fields).join()}`,
        ref.id,
        signal,
        told(ref.id, () => base.update(ref, fields, signal)),
      ),
    edit: (ref, id, text, signal) =>
      call(
        'write',
        `edit ${ref.id} ${id}`,
        ref.id,
        signal,
        told(ref.id, () => base.edit(ref, id, text, signal)),
      ),
    assign: (ref, user, signal) =>
      call(
        'write',
        `assign ${ref.id} ${user}`,
        ref.id,
        signal,
        told(ref.id, () => base.assign(ref, user, signal)),
      ),
    move: (ref, move, signal) =>
      call(
        'write',
        `move ${ref.id} ${move.to}`,
        ref.id,
        signal,
        told(ref.id, () => base.move(ref, move, signal)),
      ),
    relate: (ref, to, shown, signal) =>
      call(
        'write',
        `relate ${ref.id} ${to.id}`,
        ref.id,
        signal,
        told(ref.id, () => base.relate(ref, to, shown, signal)),
      ),
  };
}

/** OTRS knows the second of a change, so what followed within it looks the same; and its clock was read before its list was. */
function asOtrsLists({ changes }: Page, asOf: DateTime): Page {
  const inSeconds = changes.map(({ ref, changedAt }) => ({ ref, changedAt: changedAt.startOf('second') }));
  return { changes: inSeconds, asOf, completeBefore: asOf };
}

/** What a desk without its guards would show. */
function distort(record: Snapshot, { sabotage }: Simulation): Snapshot {
  const change = ({ marker, ...comment }: Comment): Comment =>
    sabotage === 'no-visibility-filter'
      ? { ...comment, visibility: 'public', ...(marker === undefined ? {} : { marker }) }
      : comment;
  return sabotage === 'no-echo-guard' || sabotage === 'no-visibility-filter'
    ? { ...record, comments: record.comments.map(change) }
    : record;
}

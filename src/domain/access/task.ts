import { DateTime } from 'luxon';
import type { Action } from '../action.ts';
import type { CompletedAt } from '../clock/rules.ts';
import { toFieldMoment } from '../clock/show.ts';
import type { Gap } from '../closing-block.ts';
import type { Facts } from '../facts.ts';
import { isShown, textOf } from '../field-value.ts';
import { act, combine, type Judgement, nothing } from '../reason.ts';
import type { WantedSystem } from '../related/opening.ts';
import { PARENT_TICKET } from '../related/policy.ts';
import { nameOf, type Snapshot } from '../ticket.ts';

/** Logical name of the field of a task that holds the start of its ticket's terms: ISO 8601 in UTC. */
export const INHERITED_START = 'inherited_start';

const CLAUSE = 'R65';

/**
 * Whether the ticket is a task that was opened for another ticket of ours. The requester hears from that one alone: a
 * task asks him for nothing and writes him no letters.
 */
export function isTask(ticket: Snapshot): boolean {
  return textOf(ticket.fields[PARENT_TICKET]) !== undefined;
}

/** The start of the terms that a task has from its ticket: there is one clock that the user sees (R65). */
export function inheritedStart(ticket: Snapshot): CompletedAt | undefined {
  const text = textOf(ticket.fields[INHERITED_START]);
  const moment = text === undefined ? undefined : DateTime.fromISO(text, { zone: 'utc' });
  return !isTask(ticket) || moment === undefined || !moment.isValid
    ? undefined
    : {
        at: moment.toMillis(),
        position: 0,
        evidence: `The terms are those of ${textOf(ticket.fields[PARENT_TICKET])}, which was complete then.`,
      };
}

/** Tasks get the start of the terms as soon as it is known, new ones with the call that opens them. */
export function judgeTaskStart({ related = [] }: Facts, start: CompletedAt | undefined): Judgement {
  const known = startOf(start);
  return combine(
    related.map(({ name, role, ref, record }) =>
      role !== 'task' || record === undefined || known === undefined || isShown(record.fields[INHERITED_START], known)
        ? nothing
        : act(
            { do: 'update', key: `update:related:${name}:start`, ref, fields: { [INHERITED_START]: known } },
            {
              rule: 'task-has-the-terms-of-its-ticket',
              clause: CLAUSE,
              evidence: `${INHERITED_START} of ${nameOf(ref)} becomes «${known}»`,
            },
          ),
    ),
  );
}

export function withTaskStart(actions: readonly Action[], start: CompletedAt | undefined): readonly Action[] {
  const known = startOf(start);
  return known === undefined
    ? actions
    : actions.map((action) =>
        action.do === 'open' && action.role === 'task'
          ? { ...action, draft: { ...action.draft, fields: { ...action.draft.fields, [INHERITED_START]: known } } }
          : action,
      );
}

/**
 * Tasks that are not done, and those that are decided and not opened yet: the ticket stays open until they are done (R65).
 * One that cannot be read was never seen to be done.
 */
export function taskGaps(facts: Facts, name: string | undefined, wanted: readonly WantedSystem[]): readonly Gap[] {
  const { related = [], link, ticket } = facts;
  const { ended = [] } = link.agreed;
  const toCome = wanted
    .filter(({ system: { role, key } }) => role === 'task' && !link.related.some((each) => each.name === key))
    .map(({ system: { key, title } }) => ({ id: `task=${key}`, told: `«${name ?? title}»`, clause: CLAUSE }));
  const unfinished = related.flatMap(({ role, ref, record, isGone, name: task }) => {
    const isOver = record === undefined ? isGone === true || ended.includes(task) : record.phase === 'done';
    const shown = record === undefined ? nameOf(ref) : `${nameOf(ref)}: ${record.state}`;
    return role !== 'task' || isOver
      ? []
      : [{ id: `task=${task}`, told: `«${name ?? task}» (${shown})`, clause: CLAUSE }];
  });
  // Nothing is opened for a ticket that is closed, or for a task.
  return ticket.phase === 'done' || isTask(ticket) ? unfinished : [...toCome, ...unfinished];
}

function startOf(start: CompletedAt | undefined): string | undefined {
  return start === undefined ? undefined : toFieldMoment(start.at);
}

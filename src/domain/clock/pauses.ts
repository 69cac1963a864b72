import type { GivenReason } from '../assignments/reason-given.ts';
import { beginsWith, fold, isSameText } from '../condition.ts';
import type { Comment, PropertyChange } from '../ticket.ts';
import type { Timeline, TimelineEntry } from '../timeline.ts';
import type { ClockPolicy, CompletedAt, PauseRules } from './rules.ts';
import { describeEntry, isSaidByAgent } from './trigger.ts';

/**
 * A time that does not count: the requester owes an answer, the ticket was closed, it was with somebody else, or its work
 * goes on in the ticket that it was merged into.
 */
export interface Suspension {
  readonly why: 'requester' | 'closed' | 'elsewhere' | 'merged';
  readonly clause: string;
  readonly from: number;
  /** When both the request and the waiting were there; deadlines that had passed by then stay missed (I5). */
  readonly knownSince?: number;
  /** Undefined while it lasts. */
  readonly to?: number;
  /** What began it: the request and who asked. */
  readonly begunBy: string;
  /** What ended it: the answer and who gave it. */
  readonly endedBy?: string;
  /** The service of somebody else that the ticket went to, empty for none, and why (R43). */
  readonly service?: string;
  readonly reason?: GivenReason;
}

/** Waiting that does not pause the clock, and why. */
export interface UnprovenWait {
  readonly at: number;
  readonly because: string;
}

export interface FoundPauses {
  readonly pauses: readonly Suspension[];
  /** What asked the requester, by the position of the timeline with which it was known to ask. */
  readonly requests: ReadonlyMap<number, string>;
  readonly unproven: readonly UnprovenWait[];
}

/** The reading of the history up to an entry. */
interface Course {
  readonly pauses: Suspension[];
  readonly requests: Map<number, string>;
  readonly unproven: UnprovenWait[];
  /** The newest public words of an agent that nobody has answered. */
  asked: { readonly position: number; readonly at: number; readonly comment: Comment } | undefined;
  waitingSince: number | undefined;
  open: Suspension | undefined;
}

/**
 * Pauses of the clock (R26): from an agent's public request, in a state that waits for the requester, to the requester's
 * answer, to an agent who goes on with the work, or to the end. A state without a request proves nothing, nor does a
 * request without the state. `priorityAt` is the number of the priority at a position.
 */
export function findPauses(
  { entries }: Timeline,
  policy: ClockPolicy,
  completed: CompletedAt | undefined,
  priorityAt: (position: number) => number | undefined,
): FoundPauses {
  const course: Course = {
    pauses: [],
    requests: new Map(),
    unproven: [],
    asked: undefined,
    waitingSince: undefined,
    open: undefined,
  };
  for (const [position, entry] of entries.entries()) {
    if (completed?.position === position) {
      end(course, entry.at, completed.evidence);
    }
    if (entry.kind === 'commented') {
      const isComplete = completed !== undefined && completed.position <= position;
      hear(course, entry, position, isComplete ? 'complete' : 'incomplete', policy);
    } else if (entry.kind === 'changed' && entry.change.property === 'state') {
      follow(course, entry, entry.change, policy);
    }
    begin(course, { position, at: entry.at }, policy, priorityAt(position));
  }

  if (course.open !== undefined) {
    course.pauses.push(course.open);
  } else {
    course.unproven.push(...unprovenWaitOf(course));
  }
  return course;
}

function follow(course: Course, entry: TimelineEntry, change: PropertyChange, policy: ClockPolicy): void {
  if (isPausing(change, policy)) {
    course.waitingSince ??= entry.at;
    const isOld = course.asked !== undefined && entry.at - course.asked.at > policy.pauses.requestWithin;
    course.asked = isOld ? undefined : course.asked;
  } else {
    course.waitingSince = undefined;
    end(course, entry.at, describeEntry(entry));
  }
}

function hear(
  course: Course,
  entry: Extract<TimelineEntry, { kind: 'commented' }>,
  position: number,
  information: 'complete' | 'incomplete',
  policy: ClockPolicy,
): void {
  const { comment, at } = entry;
  if (isSaidByAgent(comment)) {
    course.asked = { position, at, comment };
  } else if (isAnswer(comment, policy)) {
    course.asked = undefined;
    if (comment.by === 'agent' || (policy.pauses.ends === 'answer' && information === 'complete')) {
      end(course, at, describeEntry(entry));
    }
  }
}

/** A pause begins with the request as soon as both are there, the request and the waiting for its answer. */
function begin(
  course: Course,
  known: { readonly position: number; readonly at: number },
  policy: ClockPolicy,
  priority: number | undefined,
): void {
  const { asked, waitingSince, open, requests } = course;
  if (asked === undefined || waitingSince === undefined || open !== undefined) {
    return;
  }

  const request = describeEntry({ kind: 'commented', by: '', ...asked });
  if (asked.comment.marker !== undefined && priority !== undefined && policy.pauses.confirmed.includes(priority)) {
    const because = `${request} was written by the bridge; at priority ${priority} an agent has to ask`;
    course.unproven.push({ at: known.at, because });
  } else {
    const later = known.at > asked.at ? { knownSince: known.at } : {};
    requests.set(known.position, request);
    course.open = { why: 'requester', clause: 'R26', from: asked.at, ...later, begunBy: request };
  }
  course.asked = undefined;
}

function end(course: Course, at: number, endedBy: string): void {
  if (course.open !== undefined) {
    course.pauses.push({ ...course.open, to: at, endedBy });
    course.open = undefined;
  }
}

/** The ticket waits, and nobody has asked anything since it does. */
function unprovenWaitOf({
  waitingSince = Number.POSITIVE_INFINITY,
  pauses,
  unproven,
}: Course): readonly UnprovenWait[] {
  const isTold = unproven.some(({ at }) => at >= waitingSince);
  return waitingSince === Number.POSITIVE_INFINITY || isTold || pauses.some(({ to = 0 }) => to >= waitingSince)
    ? []
    : [
        {
          at: waitingSince,
          because: 'the ticket waits for the requester, but no public article of an agent asks for anything',
        },
      ];
}

function isPausing({ to = '' }: PropertyChange, { states }: ClockPolicy): boolean {
  return states.some(({ state, pauses }) => pauses && isSameText(state, to));
}

/** The requester's public words, or an agent's note on the call in which he answered (R49a). */
function isAnswer(comment: Comment, { pauses }: ClockPolicy): boolean {
  return comment.by === 'requester'
    ? comment.visibility === 'public'
    : comment.by === 'agent' &&
        comment.visibility === 'internal' &&
        beginsWith(comment.subject ?? '', pauses.callNotes) &&
        !isFailedCall(comment, pauses);
}

function isFailedCall({ subject = '', text }: Comment, { callFailed }: PauseRules): boolean {
  const [firstLine = ''] = text.trimStart().split('\n', 1);
  const said = fold(`${subject} ${firstLine}`);
  return callFailed.some((words) => said.includes(fold(words)));
}

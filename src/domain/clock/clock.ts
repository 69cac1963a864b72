import { findReturns, type Return } from '../assignments/returns.ts';
import { doneAt } from '../breach.ts';
import { type ChangedResult, followPriority } from '../priority-change.ts';
import { type Stage, stages } from '../stage.ts';
import type { Deadline, Table4Case, Table4Result } from '../table-4.ts';
import { nameOf, type Snapshot } from '../ticket.ts';
import type { Timeline } from '../timeline.ts';
import { type Warning, warningsOf } from '../warnings.ts';
import { catchUp } from './catch-up.ts';
import { findAbsences, followPriorities, phaseOf, type ShownChange, untilClosed } from './course.ts';
import { findMilestones, findWorkaround, type Milestone, type Milestones, type WorkaroundStory } from './milestones.ts';
import { findPauses, type Suspension, type UnprovenWait } from './pauses.ts';
import type { ClockPolicy, CompletedAt } from './rules.ts';

/** Why a clock stands for good, as far as anybody knows now. */
export type Standstill = 'closed' | 'left' | 'merged' | 'no-targets';

/** One stage of a ticket: the deadline that binds it, and how it went. */
export interface StageCourse {
  readonly stage: Stage;
  /** Undefined while it cannot be told: its term has not begun. */
  readonly deadline: Deadline | undefined;
  readonly done: Milestone | undefined;
}

/** A deadline that was missed. It stays, whatever happens to the ticket afterwards (R20, R27, I5). */
export interface Breach {
  readonly priority: number;
  readonly deadline: Deadline;
  /** Milliseconds until the stage was done, or the priority changed, or now. */
  readonly lateBy: number;
}

/** A ticket's terms at a moment, and everything that they rest on. Moments are epoch milliseconds. */
export interface Clock {
  readonly status: 'waiting' | 'running' | 'paused' | 'stopped';
  readonly standstill?: Standstill;
  /** What people call the ticket that this one was merged into. */
  readonly mergedInto?: string;
  readonly registered: number;
  /** T0 (R17); undefined while mandatory information is missing. */
  readonly completed: CompletedAt | undefined;
  /** Number of the priority in force. */
  readonly priority: number | undefined;
  readonly priorityChanges: readonly ShownChange[];
  readonly suspensions: readonly Suspension[];
  readonly unproven: readonly UnprovenWait[];
  readonly milestones: Milestones;
  /** How often the ticket was handed back (R42, R43); the clock runs on. */
  readonly returns: readonly Return[];
  readonly workaround: WorkaroundStory | undefined;
  readonly stages: readonly StageCourse[];
  /** All deadlines of the table, those of a branch not taken among them; undefined without targets. */
  readonly result: Table4Result | undefined;
  readonly breaches: readonly Breach[];
  /** Of stages that are not done, past ones too, in order of time (R28). */
  readonly warnings: readonly Warning[];
  readonly doubts: readonly string[];
}

export interface ClockContext {
  readonly policy: ClockPolicy;
  readonly completed: CompletedAt | undefined;
  readonly isOurs: (service: string) => boolean;
  readonly now: number;
}

/**
 * The clock of a ticket: a pure fold over what its system reports (R16-R29). The same history, rules and calendar give the
 * same deadlines, whenever they are computed; `now` only says what is late and how an open pause stands.
 */
export function readClock(ticket: Snapshot, told: Timeline, context: ClockContext): Clock {
  const { policy, completed, isOurs, now } = context;
  const timeline = untilClosed(catchUp(ticket, told), ticket, policy);
  const priorities = followPriorities(ticket, timeline, policy);
  const { pauses, requests, unproven } = findPauses(timeline, policy, completed, priorities.at);
  const returns = findReturns(timeline, policy.returns);
  const absences = findAbsences(timeline, ticket, policy, isOurs, returns);
  const closed = absences.find(({ why, to }) => why === 'closed' && to === undefined);
  // A ticket that is closed has used its terms; what follows stops the clock only if it is opened again.
  const suspensions = [...pauses, ...absences.filter((absence) => absence !== closed)];
  const milestones = findMilestones(timeline, policy, { requests, returns }, closed);
  const workaround = findWorkaround(timeline, policy);
  const known = {
    registered: ticket.createdAt.toMillis(),
    completed,
    priority: priorities.at(timeline.entries.length),
    priorityChanges: priorities.changes,
    suspensions: suspensions.toSorted((left, right) => left.from - right.from),
    unproven,
    milestones,
    returns,
    workaround,
    doubts: [...told.doubts, ...priorities.doubts, ...unknownStates(timeline, ticket, policy)],
    ...(ticket.mergedInto === undefined ? {} : { mergedInto: nameOf(ticket.mergedInto) }),
  };
  if (priorities.first === undefined || known.priority === undefined) {
    const nothing = { stages: [], result: undefined, breaches: [], warnings: [] };
    return { ...known, ...nothing, status: 'stopped', standstill: 'no-targets' };
  }

  const written = caseOf(known, priorities.first, now);
  const course = compute(written, priorities.changes, policy);
  const asItStood = createMemory((end) =>
    compute({ ...written, pauses: pausesBy(end, written) }, priorities.changes, policy),
  );
  const courses = stages.map((stage) => courseOf(stage, course.result, known, written, asItStood));
  const doubts = [...known.doubts, ...uncoveredYears(courses)];
  return {
    ...known,
    ...statusOf(known, closed),
    doubts,
    result: course.result,
    stages: courses,
    breaches: breachesOf(course, known.priority),
    warnings: warningsOf({ deadlines: pending(courses) }, policy.sla.warnAt),
  };
}

/** Deadlines of stages that are still to be done. */
export function pending(courses: readonly StageCourse[]): readonly Deadline[] {
  return courses.flatMap(({ deadline, done }) => (deadline === undefined || done !== undefined ? [] : [deadline]));
}

type Known = Pick<Clock, 'registered' | 'completed' | 'suspensions' | 'milestones' | 'workaround' | 'priorityChanges'>;

function caseOf(known: Known, priority: number, now: number): Table4Case {
  const { registered, completed, suspensions, milestones, workaround } = known;
  return {
    priority,
    registered,
    complete: completed?.at,
    pauses: suspensions,
    workaround: workaround?.given.at,
    withdrawn: workaround?.withdrawn?.at,
    earlierWorkarounds: workaround?.earlier.map(({ given, withdrawn }) => ({
      given: given.at,
      withdrawn: withdrawn.at,
    })),
    completed: Object.fromEntries(Object.entries(milestones).map(([stage, { at }]) => [stage, at])),
    now,
  };
}

function compute(ticket: Table4Case, changes: readonly ShownChange[], { table, sla }: ClockPolicy): ChangedResult {
  return followPriority(table, ticket, changes, sla.readings);
}

/** A pause moves the stages that are not done (R26), so the deadline of one that is stays where it was by then. */
function courseOf(
  stage: Stage,
  { deadlines, applies }: Table4Result,
  known: Known,
  written: Table4Case,
  asItStood: (moment: number) => ChangedResult,
): StageCourse {
  const name = stage === 'resolution' ? applies : stage;
  const end = doneAt(stage, written);
  const deadline = deadlines.find((each) => each.name === name);
  const done = end === undefined ? undefined : endedBy(stage, end, known);
  const { at } = deadline ?? {};
  const isMoved =
    end !== undefined &&
    at !== undefined &&
    written.pauses.some(({ from, to = Number.POSITIVE_INFINITY }) => to > end && from < at);
  if (!isMoved) {
    return { stage, deadline, done };
  }

  const { result } = asItStood(end);
  return { stage, deadline: result.deadlines.find((each) => each.name === name), done };
}

/** Stages often end together: what is computed for a moment is computed once. */
function createMemory<Value>(compute: (moment: number) => Value): (moment: number) => Value {
  const known = new Map<number, Value>();
  return (moment) => {
    const value = known.get(moment) ?? compute(moment);
    known.set(moment, value);
    return value;
  };
}

/** Pauses as they were at a moment. */
function pausesBy(moment: number, { pauses }: Table4Case): Table4Case['pauses'] {
  return pauses.flatMap(({ from, to = moment, knownSince = from }) =>
    knownSince < moment ? [{ from, to: Math.min(to, moment), knownSince }] : [],
  );
}

/** What ended the stage, or the later one with which it was passed over. */
function endedBy(stage: Stage, at: number, { milestones, workaround }: Known): Milestone | undefined {
  const later = stages.slice(stages.indexOf(stage)).map((name) => milestones[name]);
  return [...later, workaround?.earlier[0]?.given, workaround?.given].find((milestone) => milestone?.at === at);
}

function statusOf(
  { completed, suspensions }: Known,
  closed: Suspension | undefined,
): Pick<Clock, 'status' | 'standstill'> {
  if (closed !== undefined) {
    return { status: 'stopped', standstill: 'closed' };
  }

  const open = suspensions.filter(({ to }) => to === undefined);
  if (open.some(({ why }) => why === 'elsewhere')) {
    return { status: 'stopped', standstill: 'left' };
  }
  if (open.some(({ why }) => why === 'merged')) {
    return { status: 'stopped', standstill: 'merged' };
  }

  return { status: open.length > 0 ? 'paused' : completed === undefined ? 'waiting' : 'running' };
}

function breachesOf({ result, earlierBreaches }: ChangedResult, priority: number): readonly Breach[] {
  const late = [...earlierBreaches, ...result.deadlines.map((deadline) => ({ priority, deadline }))].flatMap((each) =>
    each.deadline.lateBy === undefined ? [] : [{ ...each, lateBy: each.deadline.lateBy }],
  );
  // A priority that comes back brings its deadlines with it: the same one is missed once, and the newest word counts.
  const isSame = (left: Breach, right: Breach) =>
    left.priority === right.priority &&
    left.deadline.name === right.deadline.name &&
    left.deadline.at === right.deadline.at;
  return late.filter((each, index) => !late.slice(index + 1).some((other) => isSame(each, other)));
}

function unknownStates({ entries }: Timeline, ticket: Snapshot, policy: ClockPolicy): readonly string[] {
  const names = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === 'changed' && entry.change.property === 'state') {
      names.add(entry.change.to ?? '');
    }
  }
  return [...names]
    .filter((name) => phaseOf(name, ticket, policy) === undefined)
    .map((name) => `The state «${name}» is not in status.yaml: it moves no term.`);
}

function uncoveredYears(courses: readonly StageCourse[]): readonly string[] {
  return courses.flatMap(({ stage, deadline }) =>
    deadline?.uncoveredYear === undefined
      ? []
      : [`The deadline of the ${stage} rests on ${deadline.uncoveredYear}, which no calendar covers: none is given.`],
  );
}

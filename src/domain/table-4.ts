import { latenessOf } from './breach.ts';
import type { Calendar } from './calendar.ts';
import { openPauseOf, pausesUntil } from './case-pauses.ts';
import type { Branch, Stage } from './stage.ts';
import { createPlan, type PlannedStage, type PriorityTargets, type Readings } from './table-4-plan.ts';
import { advance, type PauseTable, tabulatePauses } from './term.ts';

/** Table 4 of the regulation, as the mappings say it. */
export interface SlaPolicy {
  readonly targets: readonly PriorityTargets[];
  readonly readings: Readings;
  /** Percentages of a stage at which to warn (R28), rising. */
  readonly warnAt: readonly number[];
}

/** What is known of one ticket. All moments are epoch milliseconds. */
export interface Table4Case {
  /** Number of the priority, 1 to 4. */
  readonly priority: number;
  readonly registered: number;
  /** T0, when the information was complete (R17); undefined while it is not. */
  readonly complete?: number | undefined;
  /** Waiting for the requester (R26); one without `to` lasts until now. `knownSince` as in `Pause`. */
  readonly pauses: readonly {
    readonly from: number;
    readonly to?: number | undefined;
    readonly knownSince?: number | undefined;
  }[];
  /** When the newest workaround was given, and when it failed if it did (R20). */
  readonly workaround?: number | undefined;
  readonly withdrawn?: number | undefined;
  /** Workarounds before that one, each of which failed; oldest first. */
  readonly earlierWorkarounds?: readonly { readonly given: number; readonly withdrawn: number }[] | undefined;
  /** When each stage was done, as far as it was. */
  readonly completed?: Partial<Readonly<Record<Stage, number>>> | undefined;
  /** Needed for an open pause; without it no breach of an unfinished stage is seen. */
  readonly now?: number | undefined;
}

export interface Deadline {
  readonly name: Branch;
  readonly clause: string;
  /** As the mapping says it, e.g. `2 working days`; sums are written as sums. */
  readonly words: string;
  readonly start: number;
  /** What it was counted by: after a change of priority not all deadlines of a ticket have the same. */
  readonly calendar: Calendar;
  readonly pauses: PauseTable;
  /** Undefined where the calendar ends before. */
  readonly at: number | undefined;
  /** The year that no calendar covers, if the deadline would rest on one. */
  readonly uncoveredYear: number | undefined;
  /** Years on which the deadline rests and whose days off are not decreed yet. */
  readonly provisionalYears: readonly number[];
  /** True if an open pause holds the deadline: it is the one that holds if the pause ended now. */
  readonly isIfResumedNow: boolean;
  /** Milliseconds between deadline and completion, or now if the stage is not done; undefined if it is not late. */
  readonly lateBy: number | undefined;
}

/** What the workaround did to the term of the permanent solution (R20). */
export type WorkaroundEffect = 'none' | 'no-branch' | 'in-time' | 'late' | 'late-ignored' | 'withdrawn';

export interface Table4Result {
  /** In the order of the table; without those that cannot start yet. */
  readonly deadlines: readonly Deadline[];
  /** Which deadline the permanent solution has to keep. */
  readonly applies: 'resolution' | 'resolutionIfWorkaround';
  readonly workaround: WorkaroundEffect;
  readonly calendar: Calendar;
  readonly pauses: PauseTable;
}

export interface Table4 {
  /**
   * The deadlines of one ticket. Pure: the same case gives the same deadlines. Throws `RangeError` for a priority
   * without targets, a moment that is none, and an open pause without `now`.
   */
  deadlines(ticket: Table4Case): Table4Result;
}

/** Table 4 by one set of readings. Building it costs more than using it. */
export function createTable4({ targets, readings }: SlaPolicy): Table4 {
  const plans = new Map(targets.map((row) => [row.number, { row, plan: createPlan(row, readings) }]));

  return {
    deadlines: (ticket) => {
      const found = plans.get(ticket.priority);
      if (found === undefined) {
        throw new RangeError(`priority ${ticket.priority} has no targets`);
      }

      refuseNonsense(ticket);
      const { row, plan } = found;
      const pauses = tabulatePauses(pausesUntil(ticket.pauses, ticket.now), row.calendar);
      const computed = followPlan(plan, ticket, row.calendar, pauses, readings);
      return judgeDeadlines({ deadlines: computed, calendar: row.calendar, pauses }, ticket, readings);
    },
  };
}

/** What binds the permanent solution and what is late, of deadlines that are known. */
export function judgeDeadlines(
  { deadlines, calendar, pauses }: Pick<Table4Result, 'deadlines' | 'calendar' | 'pauses'>,
  ticket: Table4Case,
  readings: Pick<Readings, 'lateWorkaround'>,
): Table4Result {
  const { workaround, applies } = judgeWorkaround(ticket, deadlines, readings);
  const judged = deadlines.map((deadline) => ({
    ...deadline,
    lateBy: isJudged(ticket) ? latenessOf(deadline, ticket, applies) : undefined,
  }));
  return { deadlines: judged, applies, workaround, calendar, pauses };
}

/** A date that could not be read is `NaN`, and no search through a calendar ends with it. */
function refuseNonsense({
  registered,
  complete = 0,
  workaround = 0,
  withdrawn = 0,
  pauses,
  now = 0,
}: Table4Case): void {
  const isSound = Number.isFinite(registered + complete + workaround + withdrawn + now);
  if (!isSound || pauses.some(({ from, to = 0 }) => !Number.isFinite(from + to))) {
    throw new RangeError('one of the moments is no moment');
  }
}

function followPlan(
  plan: readonly PlannedStage[],
  ticket: Table4Case,
  calendar: Calendar,
  pauses: PauseTable,
  readings: Readings,
): readonly Deadline[] {
  const reactionBase = readings.reactionStartsAt === 'registration' ? ticket.registered : ticket.complete;

  const reactionPauses = readings.reactionPauses === 'counted_out' ? pauses : tabulatePauses([], calendar);
  const found: Deadline[] = [];
  for (const stage of plan) {
    const isReaction = stage.name === 'reaction';
    const start = isReaction ? reactionBase : startOf(stage, ticket, found);
    if (start !== undefined) {
      found.push(deadlineOf(stage, start, calendar, isReaction ? reactionPauses : pauses, ticket));
    }
  }
  return found;
}

/** Where a stage after the reaction starts; undefined while it cannot. */
function startOf({ startsAt }: PlannedStage, ticket: Table4Case, found: readonly Deadline[]): number | undefined {
  const { complete, completed, workaround } = ticket;
  if (complete === undefined || startsAt === 't0') {
    return complete;
  }

  const norm = found.find(({ name }) => name === startsAt.after)?.at;
  const given = startsAt.after === 'workaround' ? (workaround ?? completed?.workaround) : completed?.[startsAt.after];
  const base = startsAt.by === 'norm' ? norm : (given ?? norm);
  return base === undefined ? undefined : Math.max(complete, base);
}

function deadlineOf(
  { name, clause, words, term }: PlannedStage,
  start: number,
  calendar: Calendar,
  pauses: PauseTable,
  ticket: Table4Case,
): Deadline {
  const at = advance(start, term, calendar, pauses);
  const uncoveredYear = calendar.uncoveredYear(start, at);
  const isCovered = at !== undefined && uncoveredYear === undefined;
  const open = isCovered && pauses.pauses.length > 0 ? openPauseOf(ticket.pauses) : undefined;
  return {
    name,
    clause,
    words,
    start,
    calendar,
    pauses,
    at: isCovered ? at : undefined,
    uncoveredYear,
    provisionalYears: isCovered ? calendar.provisionalYears(start, at) : [],
    isIfResumedNow: isCovered && open !== undefined && calendar.openBefore(at) > calendar.openBefore(open),
    lateBy: undefined,
  };
}

/** Whether the branch takes the place of the plain term (R20). A breach of the plain term stays in either case. */
function judgeWorkaround(
  { workaround, withdrawn }: Table4Case,
  deadlines: readonly Deadline[],
  { lateWorkaround }: Pick<Readings, 'lateWorkaround'>,
): Pick<Table4Result, 'workaround' | 'applies'> {
  const plain = deadlines.find(({ name }) => name === 'resolution')?.at;
  const hasBranch = deadlines.some(({ name }) => name === 'resolutionIfWorkaround');
  if (workaround === undefined) {
    return { workaround: 'none', applies: 'resolution' };
  }

  if (!hasBranch) {
    return { workaround: 'no-branch', applies: 'resolution' };
  }

  if (withdrawn !== undefined) {
    return { workaround: 'withdrawn', applies: 'resolution' };
  }

  if (plain === undefined || workaround <= plain) {
    return { workaround: 'in-time', applies: 'resolutionIfWorkaround' };
  }

  return lateWorkaround === 'switches'
    ? { workaround: 'late', applies: 'resolutionIfWorkaround' }
    : { workaround: 'late-ignored', applies: 'resolution' };
}

function isJudged({ completed, workaround, now }: Table4Case): boolean {
  return completed !== undefined || workaround !== undefined || now !== undefined;
}

import type { ClockContext } from '../domain/clock/clock.ts';
import { type Clock, readClock, type StageCourse } from '../domain/clock/clock.ts';
import type { Suspension } from '../domain/clock/pauses.ts';
import type { Policy } from '../domain/decide.ts';
import { segmentsOf } from '../domain/term.ts';
import type { Snapshot } from '../domain/ticket.ts';
import type { Timeline } from '../domain/timeline.ts';
import type { ExplainedStage, ExplainedTerms } from './explanation.ts';
import type { Moments } from './moments.ts';

/** The terms of a ticket with every segment of time that counted or did not, and what each rests on. */
export function explainTerms(
  ticket: Snapshot,
  timeline: Timeline,
  clock: Clock,
  policy: Policy,
  context: Omit<ClockContext, 'policy'>,
  { iso }: Moments,
): ExplainedTerms {
  const { result, workaround } = clock;
  return {
    status: clock.status,
    ...(clock.standstill === undefined ? {} : { standstill: clock.standstill }),
    registered: iso(clock.registered),
    ...(clock.completed === undefined ? {} : { t0: iso(clock.completed.at) }),
    priorityChanges: clock.priorityChanges.map(({ at, priority, evidence, corrects }) => ({
      at: iso(at),
      priority,
      evidence,
      ...(corrects === undefined ? {} : { corrects }),
    })),
    stages: clock.stages.map((course) => explainStage(course, clock, context.now, { iso })),
    resolution: {
      branch: result?.applies ?? 'resolution',
      workaround: result?.workaround ?? 'none',
      ...(workaround === undefined
        ? {}
        : { evidence: [workaround.given, workaround.withdrawn].flatMap((each) => each?.evidence ?? []).join('; ') }),
    },
    suspensions: clock.suspensions.map(({ why, clause, from, to, begunBy, endedBy, reason }) => ({
      why,
      clause,
      from: iso(from),
      ...(to === undefined ? {} : { to: iso(to) }),
      begunBy,
      ...(endedBy === undefined ? {} : { endedBy }),
      ...(reason === undefined ? {} : { reason: `${reason.evidence}: «${reason.text.replaceAll(/\s+/g, ' ')}»` }),
    })),
    unproven: clock.unproven.map(({ at, because }) => ({ at: iso(at), because })),
    breaches: clock.breaches.map(({ priority, deadline, lateBy }) => ({
      stage: deadline.name,
      priority,
      due: deadline.at === undefined ? '' : iso(deadline.at),
      lateByMinutes: Math.ceil(lateBy / 60_000),
    })),
    warnings: clock.warnings.map(({ deadline, share, at }) => ({
      stage: deadline.name,
      percent: share,
      at: iso(at),
      passed: at <= context.now,
    })),
    alternatives: alternativesOf(ticket, timeline, clock, policy, context, { iso }),
  };
}

function explainStage(course: StageCourse, clock: Clock, now: number, { iso }: Moments): ExplainedStage {
  const { stage, deadline, done } = course;
  const milestone =
    done === undefined
      ? {}
      : { done: { at: iso(done.at), rule: done.rule, clause: done.clause, evidence: done.evidence } };
  if (deadline === undefined) {
    return {
      stage,
      standing: done === undefined ? 'not begun' : 'in time',
      ifResumedNow: false,
      segments: [],
      ...milestone,
    };
  }

  const { at, clause, words, calendar, start, provisionalYears, uncoveredYear } = deadline;
  const isHeld = deadline.isIfResumedNow && done === undefined;
  const lateBy = at === undefined ? 0 : (done?.at ?? (isHeld ? at : now)) - at;
  return {
    stage,
    clause,
    term: words,
    calendar: calendar.name,
    from: iso(start),
    ...(at === undefined ? {} : { due: iso(at) }),
    standing: standingOf(course, lateBy, isHeld),
    ...milestone,
    ...(lateBy > 0 ? { lateByMinutes: Math.ceil(lateBy / 60_000) } : {}),
    ...(provisionalYears.length === 0 ? {} : { provisionalYears }),
    ...(uncoveredYear === undefined ? {} : { uncoveredYear }),
    ifResumedNow: isHeld,
    segments:
      at === undefined
        ? []
        : segmentsOf(start, at, calendar, deadline.pauses).map((segment) => ({
            from: iso(segment.from),
            to: iso(segment.to),
            counted: segment.isCounted,
            because: segment.because === 'paused' ? pauseOver(segment.from, clock.suspensions) : segment.because,
          })),
  };
}

function standingOf({ deadline, done }: StageCourse, lateBy: number, isHeld: boolean): ExplainedStage['standing'] {
  if (deadline?.at === undefined) {
    return 'no calendar';
  }
  if (done !== undefined) {
    return lateBy > 0 ? 'done late' : 'in time';
  }

  return isHeld ? 'held' : lateBy > 0 ? 'late' : 'open';
}

/** Why nothing counted at a moment. */
function pauseOver(moment: number, suspensions: readonly Suspension[]): string {
  const over = suspensions.find(({ from, to }) => from <= moment && (to === undefined || moment < to));
  switch (over?.why) {
    case 'requester':
      return `paused: ${over.begunBy} asks the requester${over.endedBy === undefined ? '' : `; ended by ${over.endedBy}`}`;
    case 'closed':
      return `closed: ${over.begunBy}${over.endedBy === undefined ? '' : `; opened again: ${over.endedBy}`}`;
    case 'elsewhere':
      return `not our service: ${over.begunBy}${over.endedBy === undefined ? '' : `; back by ${over.endedBy}`}`;
    case 'merged':
      return `merged into another ticket: ${over.begunBy}`;
    default:
      return 'paused';
  }
}

/** Other readings of ambiguous clauses, where a deadline that binds would be another one. */
function alternativesOf(
  ticket: Snapshot,
  timeline: Timeline,
  clock: Clock,
  { alternatives }: Policy,
  context: Omit<ClockContext, 'policy'>,
  { iso }: Moments,
): ExplainedTerms['alternatives'] {
  if (clock.result === undefined) {
    return [];
  }

  return alternatives.flatMap(({ policy, ...alternative }) => {
    const other = readClock(ticket, timeline, { ...context, policy: policy() });
    const deadlines = other.stages.flatMap(({ stage, deadline }) => {
      const chosen = clock.stages.find((course) => course.stage === stage)?.deadline?.at;
      return deadline?.at === undefined || deadline.at === chosen ? [] : [{ stage, due: iso(deadline.at) }];
    });
    return deadlines.length === 0 ? [] : [{ ...alternative, deadlines }];
  });
}

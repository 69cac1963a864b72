import { DateTime } from 'luxon';
import type { GivenReason } from '../assignments/reason-given.ts';
import { type Stage, stages } from '../stage.ts';
import type { SlaPolicy } from '../table-4.ts';
import { fill } from '../template.ts';
import type { Fields } from '../ticket.ts';
import { showMoment } from '../vocabulary.ts';
import type { Warning } from '../warnings.ts';
import type { Clock, StageCourse } from './clock.ts';
import type { Suspension } from './pauses.ts';
import type { ClockPolicy, ClockTexts } from './rules.ts';

/** A moment as fields hold it: ISO 8601 in UTC, whole seconds. */
export function toFieldMoment(moment: number): string {
  return new Date(Math.floor(moment / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/**
 * What the ticket's fields should show. A deadline that an open pause holds moves on with the time: its field is empty
 * until the pause ends. A clock that was stopped changes no deadline any more.
 */
export function ticketFieldsOf(clock: Clock, policy: ClockPolicy, now: number): Fields {
  const { ticket } = policy.shown;
  const deadlines = clock.stages.flatMap((course) => {
    const name = ticket[course.stage];
    return name === undefined || isElsewhere(clock) ? [] : [[name, deadlineText(course)] as const];
  });
  const status = ticket.status === undefined ? [] : [[ticket.status, statusText(clock, policy, now)] as const];
  return Object.fromEntries([...deadlines, ...status]);
}

/** What the issue should show: date and moment of the permanent solution (R56). */
export function issueFieldsOf(clock: Clock, { shown, sla }: ClockPolicy): Fields {
  const resolution = clock.stages.find(({ stage }) => stage === 'resolution');
  if (resolution === undefined || clock.status === 'stopped') {
    return {};
  }

  const { date, moment } = shown.issue;
  return {
    ...(date === undefined ? {} : { [date]: dayText(resolution, sla) }),
    ...(moment === undefined ? {} : { [moment]: deadlineText(resolution) }),
  };
}

function deadlineText(course: StageCourse): string {
  const at = shownDeadline(course);
  return at === undefined ? '' : toFieldMoment(at);
}

/** The day of the deadline in the zone of the calendars. */
function dayText(course: StageCourse, { targets }: SlaPolicy): string {
  const at = shownDeadline(course);
  const [first] = targets;
  return at === undefined
    ? ''
    : toFieldMoment(at + (first?.calendar.zone.offsetAt(at) ?? 0)).slice(0, 'YYYY-MM-DD'.length);
}

/** A deadline that an open pause holds is shown to nobody. */
function shownDeadline({ deadline, done }: StageCourse): number | undefined {
  const isHeld = deadline?.isIfResumedNow === true && done === undefined;
  return isHeld ? undefined : deadline?.at;
}

/** How the terms stand, in one line for the list of tickets. */
export function statusText(clock: Clock, policy: ClockPolicy, now: number): string {
  const {
    texts,
    wording: { moments },
  } = policy;
  const when = (moment: number | undefined) =>
    moment === undefined ? undefined : showMoment(DateTime.fromMillis(moment), moments);
  const say = (text: Exclude<keyof ClockTexts, 'stages'>, values: Readonly<Record<string, string | undefined>>) =>
    fill(texts[text], values);
  const open = (kind: Suspension['why']) =>
    clock.suspensions.findLast(({ why, to }) => why === kind && to === undefined);

  if (clock.standstill === 'no-targets') {
    return '';
  }
  if (clock.standstill === 'closed') {
    const late = lateStages(clock);
    return late.length === 0
      ? say(clock.completed === undefined ? 'closedUnstarted' : 'closed', {})
      : say('closedLate', { stages: late.map((stage) => texts.stages[stage]).join(', ') });
  }
  if (clock.standstill === 'left') {
    const away = open('elsewhere');
    return say('left', { since: when(away?.from), service: away?.service, reason: reasonText(away?.reason, texts) });
  }
  if (clock.standstill === 'merged') {
    return say('merged', { since: when(open('merged')?.from), main: clock.mergedInto });
  }

  const next = nextCourse(clock);
  const stage = next === undefined ? undefined : texts.stages[next.stage];
  const due = when(next?.deadline?.at);
  const overdue = clock.stages.filter(
    ({ deadline, done }) => done === undefined && (deadline?.at ?? Number.POSITIVE_INFINITY) <= now,
  );
  if (overdue.length > 0) {
    return overdue
      .map((course) => say('late', { stage: texts.stages[course.stage], due: when(course.deadline?.at) }))
      .join('; ');
  }
  if (clock.status === 'paused') {
    return say('paused', { since: when(open('requester')?.from) });
  }
  if (next?.deadline === undefined) {
    return say('waiting', {});
  }
  if (next.deadline.at === undefined) {
    return say('uncovered', { stage, year: String(next.deadline.uncoveredYear ?? '') });
  }

  const warning = reached(clock, now).findLast(({ deadline }) => deadline === next.deadline);
  return warning === undefined
    ? say('running', { stage, due })
    : say('warned', { stage, due, share: String(warning.share) });
}

/** Longest reason in characters that the line shows. */
const REASON = 120;

/** A reason that stands in an internal note stays there: the line may be shown where notes are not. */
function reasonText(reason: GivenReason | undefined, { noReason, reasonInNote }: ClockTexts): string {
  if (reason === undefined) {
    return noReason;
  }

  const letters = [...reason.text.replaceAll(/\s+/g, ' ')];
  return reason.by === 'note'
    ? reasonInNote
    : letters.length <= REASON
      ? letters.join('')
      : `${letters.slice(0, REASON - 1).join('')}…`;
}

/** Whether the terms go on in another team, or in another ticket. */
export function isElsewhere({ standstill }: Clock): boolean {
  return standstill === 'left' || standstill === 'merged';
}

/** The stage that is due next: the first one that is not done. */
export function nextCourse({ stages: courses }: Clock): StageCourse | undefined {
  return courses.find(({ done }) => done === undefined);
}

export function reached({ warnings }: Clock, now: number): readonly Warning[] {
  return warnings.filter(({ at }) => at <= now);
}

/** Stages with a breach, each once, in the order of the table. */
export function lateStages({ breaches }: Clock): readonly Stage[] {
  return stages.filter((stage) =>
    breaches.some(
      ({ deadline: { name } }) => name === stage || (stage === 'resolution' && name === 'resolutionIfWorkaround'),
    ),
  );
}

import { DateTime } from 'luxon';
import type { Clock } from '../domain/clock/clock.ts';
import { assessCompleteness } from '../domain/completeness.ts';
import { type Stage, stages } from '../domain/stage.ts';
import type { Aspect } from './aspect.ts';

/** Since when a ticket counts as complete, and what it lacks (R17, R46). */
export const informationAspect: Aspect = {
  name: 'information',
  valueOf: ({ ticket }, { clock: { completed }, because }, { completeness }) => {
    const lacking = assessCompleteness(ticket, completeness).missing.map(({ name }) => name);
    const lacks = lacking.length === 0 ? '' : `, lacks ${lacking.join(', ')}`;
    const detail = `T0 ${showMoment(completed?.at)}`;
    return {
      shown: `${completed === undefined ? 'incomplete' : 'complete'}${lacks}`,
      full: detail,
      detail,
      because: because
        .filter(({ rule }) => rule.startsWith('information-is-') || rule.startsWith('agent-says-'))
        .map(({ rule, clause }) => ({ rule, clause })),
    };
  },
};

/** The deadline that binds each stage; one that an open pause holds as it would be if the pause ended now. */
export const deadlineAspects: readonly Aspect[] = stages.map((stage) => ({
  name: `deadline of the ${stage}`,
  valueOf: (_, { clock }) => deadlineOf(stage, clock),
}));

function deadlineOf(stage: Stage, { stages: courses, priority }: Clock): ReturnType<Aspect['valueOf']> {
  const deadline = courses.find((course) => course.stage === stage)?.deadline;
  const detail = showMoment(deadline?.at);
  return deadline === undefined
    ? { shown: 'none', because: [] }
    : {
        shown: deadline.words,
        full: detail,
        detail,
        because: [{ rule: `targets-of-priority-${priority}`, clause: deadline.clause }],
      };
}

function showMoment(moment: number | undefined): string {
  return moment === undefined
    ? 'none'
    : (DateTime.fromMillis(moment, { zone: 'utc' }).toISO({ suppressMilliseconds: true }) ?? 'none');
}

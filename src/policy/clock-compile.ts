import { numberOfPriority } from '../domain/clock/course.ts';
import type { ClockPolicy, ClockRule, Trigger } from '../domain/clock/rules.ts';
import { createTable4, type SlaPolicy } from '../domain/table-4.ts';
import type { Wording } from '../domain/vocabulary.ts';
import { compileReturns } from './assignments-compile.ts';
import type { ClockMapping } from './clock-schema.ts';
import type { Mappings } from './schema.ts';

type TriggerRow = ClockMapping['stages']['reaction'][number];

const MINUTE = 60_000;

/** Valid rules of the clock -> how the terms of a ticket are read from its history. */
export function compileClock({ clock, status, assignments }: Mappings, sla: SlaPolicy, wording: Wording): ClockPolicy {
  const { pauses, correction, texts, note } = clock;
  return {
    sla,
    table: createTable4(sla),
    states: status.states,
    stages: (['reaction', 'diagnosis', 'workaround'] as const).flatMap((stage) =>
      clock.stages[stage].map((row) => ({ ...compileRule(row), stage })),
    ),
    workaround: {
      given: clock.workaround.given.map(compileRule),
      withdrawn: clock.workaround.withdrawn.map(compileRule),
    },
    pauses: {
      requestWithin: pauses.request_within_minutes * MINUTE,
      ends: pauses.ends,
      callNotes: pauses.call_notes,
      callFailed: pauses.call_failed,
      confirmed: pauses.confirmed_by_agent.flatMap((name) => numberOfPriority(name, sla) ?? []),
    },
    returns: compileReturns(assignments),
    correction: { subjects: correction.subjects, within: correction.within_minutes * MINUTE },
    shown: { ticket: withoutAbsent(clock.shown.ticket), issue: clock.shown.issue },
    texts: {
      ...texts,
      closedLate: texts.closed_late,
      closedUnstarted: texts.closed_unstarted,
      reasonInNote: texts.reason_in_note,
      noReason: texts.no_reason,
    },
    note: { shares: note.shares, newsFor: note.news_hours * 60 * MINUTE, subject: note.subject, text: note.text },
    wording,
  };
}

function compileRule(row: TriggerRow): ClockRule {
  return { name: row.name, clause: row.clause, trigger: compileTrigger(row) };
}

function compileTrigger({ on, to, subjects = [] }: TriggerRow): Trigger {
  if (on === 'request' || on === 'return') {
    return { on };
  }

  return on === 'answer' ? { on, subjects } : { on: 'change', property: on, to: to ?? 'filled' };
}

function withoutAbsent<Value extends object>(value: Value): { [Key in keyof Value]?: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as {
    [Key in keyof Value]?: Exclude<Value[Key], undefined>;
  };
}

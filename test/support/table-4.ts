import { DateTime } from 'luxon';
import type { Stage } from '../../src/domain/stage.ts';
import { createTable4, type SlaPolicy, type Table4Case, type Table4Result } from '../../src/domain/table-4.ts';
import type { Readings } from '../../src/domain/table-4-plan.ts';
import { loadPolicy } from '../../src/policy/load.ts';

export const shipped: SlaPolicy = (await loadPolicy('mappings')).sla;

/** A case with moments as people write them: `24.11.26 10:00`, Moscow time. */
export interface WrittenCase {
  readonly priority: number;
  readonly registered?: string;
  /** T0; also the registration if that is left out. */
  readonly t0?: string;
  readonly pauses?: readonly (readonly [from: string, to?: string])[];
  readonly workaround?: string;
  readonly withdrawn?: string;
  readonly completed?: Partial<Readonly<Record<Stage, string>>>;
  readonly now?: string;
}

/** Moscow time, `24.11.26 10:00` or with seconds -> epoch milliseconds. */
export function moment(text: string): number {
  const format = text.length > 14 ? 'dd.MM.yy HH:mm:ss' : 'dd.MM.yy HH:mm';
  const parsed = DateTime.fromFormat(text, format, { zone: 'Europe/Moscow' });
  if (!parsed.isValid) {
    throw new Error(`the test writes the moment «${text}» wrongly`);
  }
  return parsed.toMillis();
}

export function written(at: number): string {
  const local = DateTime.fromMillis(at, { zone: 'Europe/Moscow' });
  return local.toFormat(local.second === 0 ? 'dd.MM.yy HH:mm' : 'dd.MM.yy HH:mm:ss');
}

export function caseOf({
  t0,
  registered,
  pauses,
  workaround,
  withdrawn,
  completed,
  now,
  priority,
}: WrittenCase): Table4Case {
  const optional = (text: string | undefined) => (text === undefined ? undefined : moment(text));
  return {
    priority,
    registered: moment(registered ?? t0 ?? ''),
    complete: optional(t0),
    pauses: (pauses ?? []).map(([from, to]) => ({ from: moment(from), to: optional(to) })),
    workaround: optional(workaround),
    withdrawn: optional(withdrawn),
    completed: Object.fromEntries(Object.entries(completed ?? {}).map(([stage, at]) => [stage, moment(at)])),
    now: optional(now),
  };
}

/** The result under the shipped readings, but for those that are given. */
export function compute(written: WrittenCase, readings: Partial<Readings> = {}, policy = shipped): Table4Result {
  return createTable4({ ...policy, readings: { ...policy.readings, ...readings } }).deadlines(caseOf(written));
}

/** Deadlines in the order of the table, as people write them; `—` where no calendar reaches. */
export function writtenDeadlines({ deadlines }: Table4Result): readonly string[] {
  return deadlines.map(({ at }) => (at === undefined ? '—' : written(at)));
}

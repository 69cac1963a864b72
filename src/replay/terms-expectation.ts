import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Clock } from '../domain/clock/clock.ts';
import { lateStages } from '../domain/clock/show.ts';
import { type Stage, stages } from '../domain/stage.ts';

const momentOrNone = (description: string) =>
  z
    .union([
      z.literal('none'),
      z.iso.datetime({ offset: true, message: 'is no moment with an offset, such as 2026-11-23T10:00:00+03:00' }),
    ])
    .optional()
    .meta({ description });

/** What an example may expect of the terms. */
export const termsSchema = z
  .strictObject({
    status: z
      .enum(['waiting', 'running', 'paused', 'stopped'])
      .optional()
      .meta({ description: 'How the clock stands: `waiting` for information, `running`, `paused` or `stopped`.' }),
    paused: z.boolean().optional().meta({ description: 'Whether the clock is paused.' }),
    t0: momentOrNone('Since when the information is complete; `none` while it is not.'),
    reaction: momentOrNone('Deadline of the reaction; `none` while there is none or a pause holds it.'),
    diagnosis: momentOrNone('Deadline of the diagnosis.'),
    workaround: momentOrNone('Deadline of the workaround or answer.'),
    resolution: momentOrNone(
      'Deadline of the permanent solution that binds: a workaround in time makes it a later one.',
    ),
    late: z.array(z.enum(stages)).optional().meta({ description: 'Exactly these stages were missed.' }),
  })
  .refine((expected) => Object.keys(expected).length > 0, { message: 'say what the terms have to be' })
  .meta({ description: 'The terms of Table 4, whatever of them is written down.' });

export type ExpectedTerms = z.output<typeof termsSchema>;

/** What differs; `at` is the key under `terms`. */
export function differencesOfTerms(
  expected: ExpectedTerms,
  clock: Clock,
): readonly { readonly at: string; readonly expected: string; readonly found: string }[] {
  return Object.entries(expected).flatMap(([at, wanted]) => {
    const shown = Array.isArray(wanted) ? wanted.join(', ') || 'none' : String(wanted);
    const found = foundAt(at, clock, shown);
    return found === shown ? [] : [{ at, expected: shown, found }];
  });
}

function foundAt(at: string, clock: Clock, wanted: string): string {
  switch (at) {
    case 'status':
      return clock.status;
    case 'paused':
      return String(clock.status === 'paused');
    case 'late':
      return lateStages(clock).join(', ') || 'none';
    case 't0':
      return show(clock.completed?.at, wanted);
    default:
      return show(
        bindingMoment(
          clock,
          stages.find((stage) => stage === at),
        ),
        wanted,
      );
  }
}

/** A deadline that an open pause holds moves with the time and binds nobody yet. */
function bindingMoment({ stages: courses }: Clock, stage: Stage | undefined): number | undefined {
  const course = courses.find((each) => each.stage === stage);
  const isHeld = course?.deadline?.isIfResumedNow === true && course.done === undefined;
  return isHeld ? undefined : course?.deadline?.at;
}

/** As the expectation writes it, where both are the same moment; else with the expectation's offset. */
function show(found: number | undefined, wanted: string): string {
  if (found === undefined) {
    return 'none';
  }

  const expected = DateTime.fromISO(wanted, { setZone: true });
  const shown = DateTime.fromMillis(found, { zone: expected.isValid ? expected.zone : 'Europe/Moscow' });
  return +expected === found ? wanted : (shown.toISO({ suppressMilliseconds: true }) ?? 'none');
}

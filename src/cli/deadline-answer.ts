import type { Deadline, SlaPolicy, Table4Result } from '../domain/table-4.ts';
import { segmentsOf } from '../domain/term.ts';
import { warningsOf } from '../domain/warnings.ts';
import { BridgeError } from '../errors.ts';
import { showInstant, showOffset } from './instant.ts';

type Answer = Readonly<Record<string, unknown>>;

/**
 * The deadlines by name, as ISO 8601 in the zone of the mapping; one that does not exist is left out. `provisional`
 * names those that rest on a year whose days off are not decreed, `ifResumedNow` those that an open pause holds.
 * Throws `CASE_INVALID` if a deadline would rest on a year without a calendar: nothing is guessed.
 */
export function answerOf(result: Table4Result): Answer {
  refuseUncovered(result);
  const { deadlines } = result;
  const answer: Record<string, unknown> = {};
  for (const { name, at } of deadlines) {
    answer[name] = at === undefined ? undefined : show(at, result);
  }
  add(answer, 'provisional', deadlines, ({ provisionalYears }) => provisionalYears.length > 0);
  add(answer, 'ifResumedNow', deadlines, ({ isIfResumedNow }) => isIfResumedNow);
  return answer;
}

/** Besides the answer, for each deadline its clause, term, warnings and every segment of its time. */
export function detailsOf(result: Table4Result, { warnAt }: SlaPolicy): Answer {
  const warnings = warningsOf(result, warnAt);
  const details = result.deadlines.map((deadline) => {
    const { name, clause, words, start, at = start, provisionalYears, lateBy } = deadline;
    const detail = {
      clause,
      term: words,
      from: show(start, result),
      warnings: warnings
        .filter((warning) => warning.deadline === deadline)
        .map((warning) => ({ percent: warning.share, at: show(warning.at, result) })),
      segments: segmentsOf(start, at, result.calendar, result.pauses).map(({ from, to, isCounted, because }) => ({
        from: show(from, result),
        to: show(to, result),
        counted: isCounted,
        because,
      })),
      ...(provisionalYears.length > 0 ? { provisionalYears } : {}),
      ...(lateBy === undefined ? {} : { lateByMinutes: lateBy / 60_000 }),
    };
    return [name, detail] as const;
  });
  const { applies, workaround } = result;
  return { ...answerOf(result), applies, workaroundEffect: workaround, details: Object.fromEntries(details) };
}

/** The same for people: one line per deadline, with `isLong` the segments below it. */
export function tableOf(result: Table4Result, isLong: boolean): string {
  refuseUncovered(result);
  const { applies, calendar, workaround } = result;
  const width = Math.max(...result.deadlines.map(({ words }) => words.length));
  const lines = result.deadlines.flatMap((deadline) => {
    const { name, at = 0, words, clause, start } = deadline;
    const head = `${name.padEnd(22)}  ${showForPeople(at, result)}  ${words.padEnd(width)}  ${clause}${notesOf(deadline)}`;
    return isLong ? [head, ...segmentLines(start, at, result)] : [head];
  });
  const effect =
    workaround === 'none' ? [] : [`workaround: ${workaround}; the permanent solution is held to ${applies}`];
  return `${[`calendar ${calendar.name}, ${calendar.zone.name}`, ...lines, ...effect].join('\n')}\n`;
}

function segmentLines(start: number, at: number, result: Table4Result): readonly string[] {
  return segmentsOf(start, at, result.calendar, result.pauses).map(
    ({ from, to, isCounted, because }) =>
      `    ${isCounted ? '+' : ' '} ${showForPeople(from, result)} - ${showForPeople(to, result)}  ${because}`,
  );
}

function notesOf({ provisionalYears, isIfResumedNow, lateBy }: Deadline): string {
  const notes = [
    ...(isIfResumedNow ? ['if resumed now'] : []),
    ...(provisionalYears.length > 0 ? [`provisional: days off of ${provisionalYears.join(', ')} are not decreed`] : []),
    ...(lateBy === undefined ? [] : [`late by ${Math.ceil(lateBy / 60_000)} min`]),
  ];
  return notes.length === 0 ? '' : `  (${notes.join('; ')})`;
}

function refuseUncovered({ deadlines, calendar }: Table4Result): void {
  const first = deadlines.find(({ at }) => at === undefined);
  if (first === undefined) {
    return;
  }

  const names = deadlines.filter(({ at }) => at === undefined).map(({ name }) => name);
  const year = first.uncoveredYear;
  throw new BridgeError(
    'CASE_INVALID',
    `no calendar covers ${year}, on which ${names.join(', ')} would rest: add calendars/${calendar.name}-${year}.yaml`,
  );
}

function add(
  answer: Record<string, unknown>,
  key: string,
  deadlines: readonly Deadline[],
  isMeant: (deadline: Deadline) => boolean,
): void {
  const names = deadlines.filter(isMeant).map(({ name }) => name);
  if (names.length > 0) {
    answer[key] = names;
  }
}

function show(moment: number, { calendar }: Table4Result): string {
  return showInstant(moment, calendar.zone.offsetAt(moment));
}

/** `Tue 2026-11-24 10:00:00 +03:00`. */
function showForPeople(moment: number, { calendar }: Table4Result): string {
  const offset = calendar.zone.offsetAt(moment);
  const wall = new Date(moment + offset);
  const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][wall.getUTCDay()];
  return `${day} ${wall.toISOString().slice(0, 19).replace('T', ' ')} ${showOffset(offset)}`;
}

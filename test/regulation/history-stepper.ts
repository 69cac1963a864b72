import type { HistoryEntry, Snapshot } from '../../src/domain/ticket.ts';
import { isSupportTime, monthAfter, rows } from './minute-stepper.ts';

/**
 * The clock of a ticket once more: a walk through its raw history in steps of five minutes, which keeps by itself what the
 * ticket is and counts down what each stage has left. It shares no line with the product. Moments must lie on steps.
 */
export interface SteppedClock {
  /** Deadlines that bind the four stages, in their order. */
  readonly deadlines: readonly (number | undefined)[];
  readonly done: readonly (number | undefined)[];
  /** `<priority> <column of the table> <deadline>`, sorted. */
  readonly breaches: readonly string[];
}

/** T0, and the entry of the history that brought it: -1 for the registration. */
export interface SteppedT0 {
  readonly at: number;
  readonly index: number;
}

interface Counter {
  readonly column: number;
  readonly isRoundTheClock: boolean;
  readonly start: number;
  /** The date on which a month ends if nothing pauses it. */
  readonly date: number | undefined;
  left: number;
  leftWhenAsked: number;
  wasPaused: boolean;
  due: number;
}

const MINUTE = 60_000;
const STEP = 5 * MINUTE;
const NEVER = Number.POSITIVE_INFINITY;
const PLAIN = 3;
const BRANCH = 4;
const columns = ['reaction', 'diagnosis', 'workaround', 'resolution', 'resolutionIfWorkaround'];
const stageOf = (column: number) => Math.min(column, PLAIN);

export function stepHistory(raw: Snapshot, t0: SteppedT0 | undefined, now: number): SteppedClock {
  const registered = raw.createdAt.toMillis();
  const history = untilLastClosing(raw.history);
  const lasting = history.length < raw.history.length || wordOf(history.at(-1)) === 'state Закрыто';
  const corrected = correctedChanges(history, raw);
  const handedBack = returnsWithReason(history, raw);
  const numbers = history.map((entry) => numberOf(entry));

  let priority = numbers.find((number) => number !== undefined) ?? 0;
  let [isWaiting, isPaused, isClosed, isElsewhere] = [false, false, false, false];
  let asked: { readonly at: number; readonly byBridge: boolean } | undefined;
  let story: { given: number; isHolding: boolean } | undefined;
  const done: number[] = [NEVER, NEVER, NEVER, NEVER];
  const breaches = new Set<string>();
  const bases = new Map(
    [...new Set(numbers)].flatMap((number) =>
      number === undefined ? [] : [[number, chainFrom(number, registered)] as const],
    ),
  );
  let chain: Counter[][] = (bases.get(priority) ?? []).map((counter) => [counter]);
  let running = new Set([...bases.values()].flat());
  let reached = registered;

  for (const [index, entry] of history.entries()) {
    const at = entry.at.toMillis();
    walk(at, NEVER);
    happen(entry, index, at);
    begin(at);
  }
  if (lasting) {
    finish(PLAIN, reached);
  }
  running = new Set(chain.flat().filter(({ due }) => due === NEVER));
  walk(reached + 500 * 1440 * MINUTE, now);
  judge(now);
  const binding = [0, 1, 2, story?.isHolding === true && chain[BRANCH] !== undefined ? BRANCH : PLAIN];
  return {
    deadlines: binding.map((column) => known(dueOf(column))),
    done: done.map(known),
    breaches: [...breaches].sort(),
  };

  function chainFrom(number: number, start: number): Counter[] {
    const minutes = rows[number] ?? [];
    return minutes.map((term, column) => {
      const from = column === 0 ? start : t0 === undefined ? NEVER : Math.max(start, t0.at);
      const isRoundTheClock = number <= 2;
      const date = term === 'month' && from !== NEVER ? monthAfter(from) : undefined;
      const left = term === 'month' ? openMinutes(from, date ?? from) : term;
      return { column, isRoundTheClock, start: from, date, left, leftWhenAsked: left, wasPaused: false, due: NEVER };
    });
  }

  /** Counts down to `until`; what pauses at the end lasts until `resumes`. */
  function walk(until: number, resumes: number): void {
    for (; reached < until && running.size > 0; reached += STEP) {
      const stands = (isPaused || isClosed || isElsewhere) && reached < resumes;
      const isSupport = isSupportTime(reached);
      for (const counter of running) {
        if (counter.start <= reached && (isSupport || counter.isRoundTheClock)) {
          count(counter, stands && done[stageOf(counter.column)] === NEVER);
        } else if (counter.start === NEVER) {
          running.delete(counter);
        }
      }
    }
    reached = running.size === 0 && resumes === NEVER ? until : reached;
  }

  function count(counter: Counter, stands: boolean): void {
    if (stands) {
      counter.wasPaused = true;
      return;
    }
    counter.left -= STEP / MINUTE;
    if (counter.left <= 0) {
      counter.due = counter.date === undefined || counter.wasPaused ? reached + STEP : counter.date;
      running.delete(counter);
    }
  }

  function happen(entry: HistoryEntry, index: number, at: number): void {
    isPaused = isPaused && t0?.index !== index;
    const comment = raw.comments.find(({ id }) => id === entry.commentId);
    if (comment !== undefined) {
      const { subject = '' } = comment;
      const isPublicAgent = comment.by === 'agent' && comment.visibility === 'public';
      if (isPublicAgent) {
        asked = { at, byBridge: comment.marker !== undefined };
        for (const counter of [...chain.flat(), ...[...bases.values()].flat()]) {
          counter.leftWhenAsked = counter.left;
        }
        if (subject.startsWith('Ответ') || subject.startsWith('Решение')) {
          finish(2, at);
        }
      }
      const isCall = comment.by === 'agent' && !isPublicAgent && subject.startsWith('Звонок');
      const isAnswer = comment.by === 'requester' && comment.visibility === 'public';
      if (isCall || isAnswer) {
        asked = undefined;
        isPaused = isPaused && !isCall && !(t0 !== undefined && t0.index <= index);
      }
    }
    change(wordOf(entry), at);
    if (handedBack.has(index)) {
      finish(0, at);
    }
    setPriority(numberOf(entry), at, index);
  }

  function change(word: string, at: number): void {
    if (word.startsWith('state ')) {
      isWaiting = word === 'state Ожидание информации';
      isPaused = isPaused && isWaiting;
      asked = isWaiting && asked !== undefined && at - asked.at > 15 * MINUTE ? undefined : asked;
      isClosed = word === 'state Закрыто';
    }
    isElsewhere = word.startsWith('service ') ? !word.startsWith('service NTTM') : isElsewhere;
    if (word === 'state В работе') {
      finish(0, at);
    }
    if (word === 'fields.diagnosis_done 1' || word === 'ticket_queue NTTM::3ЛТП') {
      finish(1, at);
    }
    if (word.startsWith('fields.solution ')) {
      finish(2, at);
    }
    if (word === 'fields.workaround given' || word === 'state Временное решение') {
      finish(2, at);
      story = story?.isHolding === true ? story : { given: at, isHolding: true };
    }
    if (word === 'fields.workaround failed' && story !== undefined) {
      story = { ...story, isHolding: false };
    }
  }

  function begin(at: number): void {
    if (asked === undefined || !isWaiting || isPaused) {
      return;
    }
    if (!(asked.byBridge && priority === 1)) {
      isPaused = true;
      finish(0, at);
      // What was counted since the request is given back to whom it still helps.
      for (const counter of running) {
        if (done[stageOf(counter.column)] === NEVER && counter.left < counter.leftWhenAsked) {
          counter.left = counter.leftWhenAsked;
          counter.wasPaused = true;
        }
      }
    }
    asked = undefined;
  }

  function setPriority(number: number | undefined, at: number, index: number): void {
    if (number === undefined || number === priority) {
      return;
    }
    if (!corrected.has(index)) {
      judge(at);
    }
    if (number < priority && !corrected.has(index)) {
      const fresh = chainFrom(number, at);
      chain = fresh.map((counter, column) => {
        const old = chain[column] ?? [];
        return old.some(({ due }) => due < at) ? [counter] : [...old, counter];
      });
      running = new Set([...running, ...fresh]);
    } else {
      chain = (bases.get(number) ?? []).map((counter) => [counter]);
    }
    priority = number;
  }

  function finish(stage: number, at: number): void {
    for (let passed = 0; passed <= stage; passed += 1) {
      done[passed] = Math.min(done[passed] ?? NEVER, at);
    }
  }

  /** What is late at a moment. */
  function judge(at: number): void {
    const isHolding = story?.isHolding === true && chain[BRANCH] !== undefined;
    for (const column of chain.keys()) {
      const end = Math.min(done[stageOf(column)] ?? NEVER, at);
      const held =
        column === BRANCH ? (isHolding ? end : 0) : column === PLAIN && isHolding ? (story?.given ?? 0) : end;
      const due = dueOf(column);
      if (due < held) {
        breaches.add(`${priority} ${columns[column]} ${due}`);
      }
    }
  }

  function dueOf(column: number): number {
    return Math.min(NEVER, ...(chain[column] ?? []).map(({ due }) => due));
  }
}

function untilLastClosing(history: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const states = history.flatMap((entry, index) =>
    wordOf(entry).startsWith('state ') ? [{ word: wordOf(entry), index }] : [],
  );
  const open = states.findLastIndex(({ word }) => word !== 'state Закрыто');
  const closing = states[open + 1];
  return closing === undefined ? history : history.slice(0, closing.index + 1);
}

/** Changes that an agent's note calls the end of a mistake. */
function correctedChanges(history: readonly HistoryEntry[], { comments }: Snapshot): ReadonlySet<number> {
  const found = new Set<number>();
  for (const [index, entry] of history.entries()) {
    // The generator writes the note right after the change that it is about.
    if (comments.some(({ id, subject }) => id === entry.commentId && subject === 'Приоритет ошибочен')) {
      found.add(index - 1);
    }
  }
  return found;
}

/** Entries with which a ticket had been handed back and an agent had said why, by trying every pair of both. */
function returnsWithReason(history: readonly HistoryEntry[], { comments }: Snapshot): ReadonlySet<number> {
  const word = history.map((entry) => wordOf(entry));
  const at = (index: number) => history[index]?.at.toMillis() ?? 0;
  const valueBefore = (index: number, property: string) =>
    word.findLast((each, place) => place < index && each.startsWith(`${property} `))?.slice(property.length + 1);
  const isBack = (index: number) =>
    (word[index] === 'state Назначено' && valueBefore(index, 'state') === 'В работе') ||
    (word[index] === 'ticket_queue NTTM::1ЛТП' &&
      ['NTTM::2ЛТП', 'NTTM::3ЛТП'].includes(valueBefore(index, 'ticket_queue') ?? ''));
  const isHandOver = (index: number) => /^(state|ticket_queue) /.test(word[index] ?? '');
  const isWord = ({ commentId }: HistoryEntry) =>
    comments.some(
      ({ id, by, visibility, marker }) =>
        id === commentId && by === 'agent' && visibility === 'internal' && marker === undefined,
    );

  const found = new Set<number>();
  let [opened, spent] = [Number.NEGATIVE_INFINITY, -1];
  for (const back of history.keys()) {
    // Signs within five minutes of the first one belong to it.
    if (!isBack(back) || at(back) - opened <= STEP) {
      continue;
    }
    opened = at(back);
    const isBetween = (index: number) =>
      !history.some((_, place) => {
        const isApart = Math.abs(at(place) - at(back)) > STEP;
        return (
          isHandOver(place) && isApart && (index < back ? place > index && place < back : place > back && place < index)
        );
      });
    const said = history.flatMap((entry, index) => (isWord(entry) && index > spent && isBetween(index) ? [index] : []));
    const reason = said.findLast((index) => index < back) ?? said[0];
    if (reason !== undefined) {
      found.add(Math.max(back, reason));
      spent = Math.max(back, reason);
    } else if (!wasSlip(back)) {
      spent = back;
    }
  }
  return found;

  function wasSlip(back: number): boolean {
    return history.every((_, place) => {
      const isSign = isBack(place) && at(place) >= at(back) && at(place) - at(back) <= STEP;
      const property = word[place]?.split(' ', 1)[0] ?? '';
      const undone = word.findIndex(
        (each, later) => later > place && each.startsWith(`${property} `) && each !== word[place],
      );
      return !isSign || (undone >= 0 && at(undone) - at(place) <= STEP);
    });
  }
}

function wordOf(entry: HistoryEntry | undefined): string {
  const [change] = entry?.changes ?? [];
  return change === undefined ? '' : `${change.property} ${change.to ?? ''}`;
}

function numberOf(entry: HistoryEntry): number | undefined {
  const word = wordOf(entry);
  return word.startsWith('priority ') ? Number(word['priority '.length]) : undefined;
}

function openMinutes(from: number, to: number): number {
  let minutes = 0;
  for (let moment = from; moment < to; moment += STEP) {
    minutes += isSupportTime(moment) ? STEP / MINUTE : 0;
  }
  return minutes;
}

function known(moment: number | undefined): number | undefined {
  return moment === NEVER ? undefined : moment;
}

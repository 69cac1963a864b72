import type { Ref } from '../../src/domain/ticket.ts';
import { isNaive } from './naive-time.ts';
import type { WireArticle, WireHistoryEntry, WireTicket } from './wire.ts';

/** How far ahead of its history entry a merge moves the articles: it writes an article of its own in between. */
const WITHIN_MS = 30_000;

/** What the entry `Merged` of both tickets says: `%%number%%id%%number of the main ticket%%id of the main ticket`. */
interface Merge {
  readonly merged: Named;
  readonly main: Named;
  readonly at: string;
}

interface Named {
  readonly id: string;
  readonly number: string;
}

/**
 * The ticket that this one was merged into: by its state, for a ticket that people have taken up again is merged no more,
 * and then by its history, where the last word counts.
 */
export function mergedInto(
  { TicketID, StateType }: WireTicket,
  history: readonly WireHistoryEntry[],
  system: string,
): Ref | undefined {
  const last = mergesOf(history).findLast(({ merged }) => merged.id === TicketID);
  return StateType === 'merged' && last !== undefined ? toRef(last.main, system) : undefined;
}

/** The tickets that were merged into this one, each once. */
export function mergedFrom(
  { TicketID }: WireTicket,
  history: readonly WireHistoryEntry[],
  system: string,
): readonly Ref[] {
  const merges = mergesOf(history).filter(({ main, merged }) => main.id === TicketID && merged.id !== TicketID);
  return [...new Map(merges.map(({ merged }) => [merged.id, toRef(merged, system)])).values()];
}

/**
 * Whether an article was written in a ticket that was merged into this one. A merge changes nothing in an article but its
 * ticket and the time of its last change; whoever changes it afterwards takes that trace away, except from an article that
 * is older than the ticket.
 */
export function isMergedIn(
  { TicketID, Created }: WireTicket,
  history: readonly WireHistoryEntry[],
): (article: WireArticle) => boolean {
  const merges = mergesOf(history).filter(({ main }) => main.id === TicketID);
  return ({ CreateTime, ChangeTime }) =>
    merges.length > 0 &&
    (isBefore(CreateTime, Created) ||
      (isBefore(CreateTime, ChangeTime) && merges.some(({ at }) => isShortlyBefore(ChangeTime, at))));
}

function mergesOf(history: readonly WireHistoryEntry[]): readonly Merge[] {
  return history.flatMap(({ HistoryType, Name, CreateTime }) => {
    const [, number, id, mainNumber, mainId] = HistoryType === 'Merged' ? Name.split('%%') : [];
    return number === undefined || mainNumber === undefined || !isId(id) || !isId(mainId)
      ? []
      : [{ merged: { id, number }, main: { id: mainId, number: mainNumber }, at: CreateTime }];
  });
}

function isId(text: string | undefined): text is string {
  return text !== undefined && /^[1-9]\d*$/.test(text);
}

function toRef({ id, number }: Named, system: string): Ref {
  return { system, id, ...(number === '' ? {} : { key: number }) };
}

/** Naive times of one zone. An hour that a change of the clocks repeats can mislead, for its articles only. */
function isBefore(left: string, right: string): boolean {
  return isNaive(left) && isNaive(right) && left < right;
}

function isShortlyBefore(left: string, right: string): boolean {
  const ms = isNaive(left) && isNaive(right) ? millisOf(right) - millisOf(left) : Number.NaN;
  return ms >= 0 && ms <= WITHIN_MS;
}

function millisOf(naive: string): number {
  return Date.parse(`${naive.replace(' ', 'T')}Z`);
}

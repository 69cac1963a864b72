import { isSameText } from '../condition.ts';
import type { ChangingProperty } from '../ticket.ts';
import type { Timeline, TimelineEntry } from '../timeline.ts';
import { findReason, type GivenReason } from './reason-given.ts';

/** A group of support: the ticket queues that it works in and who hands out its work (R39). */
export interface SupportGroup {
  readonly name: string;
  readonly ticketQueues: readonly string[];
  /** Logins. */
  readonly coordinators: readonly string[];
}

/** What in a ticket's history is a return (R42, R43). */
export interface ReturnRule {
  readonly name: string;
  readonly clause: string;
  readonly property: ChangingProperty;
  /** What the property was before; empty: anything. */
  readonly from: readonly string[];
  /** `coordinator`: a coordinator of the group that has the ticket, who takes it over from somebody else. */
  readonly to: readonly string[] | 'filled' | 'coordinator';
}

export interface ReturnPolicy {
  readonly rules: readonly ReturnRule[];
  readonly groups: readonly SupportGroup[];
  readonly reason: {
    /** Logical name of the field that takes a reason. */
    readonly field?: string;
    /** Beginnings of the subjects of notes that count; empty: every internal note of an agent. */
    readonly subjects: readonly string[];
    /** Characters. */
    readonly minLength: number;
  };
  /** Milliseconds: what belongs to one return happens within them, and what is taken back within them was a slip. */
  readonly settles: number;
}

/** What shows that a ticket was returned. */
export interface ReturnSign {
  readonly rule: string;
  readonly clause: string;
  readonly evidence: string;
}

/** A ticket that was handed back: to the coordinator of its group (R42), or to line 1 for another service (R43). */
export interface Return {
  readonly at: number;
  /** Of the first sign. */
  readonly position: number;
  readonly signs: readonly ReturnSign[];
  readonly reason?: GivenReason;
  /** Moment of the next change of state, ticket queue or owner: from then on nobody will give a reason any more. */
  readonly over?: number;
}

interface FoundSign extends ReturnSign {
  readonly at: number;
  readonly position: number;
  /** Moment at which the property got another value that is no return. */
  readonly takenBack: number | undefined;
}

/**
 * The returns of a ticket, oldest first: a pure fold over its history, so that their number can be counted again at any
 * time. Signs that come together are one return. A slip is none: what is taken back at once and without a reason.
 */
export function findReturns({ entries }: Pick<Timeline, 'entries'>, policy: ReturnPolicy): readonly Return[] {
  const signs = findSigns(entries, policy);
  const moves = signs.length === 0 ? [] : entries.flatMap((entry, position) => (isMove(entry) ? [position] : []));
  const found: Return[] = [];
  let used = -1;
  for (const together of groupBySettling(signs, policy.settles)) {
    const [first] = together;
    const window = windowAround(first, entries, moves, policy.settles);
    const reason = findReason(entries, { ...window, after: Math.max(window.after, used) }, policy);
    if (reason === undefined && together.every((sign) => isSlip(sign, policy.settles))) {
      continue;
    }

    used = Math.max(first.position, reason?.position ?? -1);
    const over = entries[window.before]?.at;
    found.push({
      at: first.at,
      position: first.position,
      signs: together.map(({ rule, clause, evidence }) => ({ rule, clause, evidence })),
      ...(reason === undefined ? {} : { reason }),
      ...(over === undefined ? {} : { over }),
    });
  }
  return found;
}

/** The entry with which a return and its reason were both there; undefined while there is no reason. */
export function knownAt({ position, reason }: Return): number | undefined {
  return reason === undefined ? undefined : Math.max(position, reason.position);
}

/**
 * Where the reason for what happened at an entry may stand: after the assignment before it, up to the next one. What
 * happens within the settling time belongs to the same act, for a form of the help desk writes several entries.
 */
export function windowAround(
  { at, position }: { readonly at: number; readonly position: number },
  entries: readonly TimelineEntry[],
  moves: readonly number[],
  settles: number,
): { readonly after: number; readonly position: number; readonly before: number } {
  const momentOf = (place: number) => entries[place]?.at ?? 0;
  return {
    position,
    after: moves.findLast((place) => place < position && at - momentOf(place) > settles) ?? -1,
    before: moves.find((place) => place > position && momentOf(place) - at > settles) ?? entries.length,
  };
}

/** Hands the ticket on: its state, its ticket queue or its owner becomes another. */
export function isMove(entry: TimelineEntry): boolean {
  return entry.kind === 'changed' && ['state', 'ticket_queue', 'owner'].includes(entry.change.property);
}

function findSigns(entries: readonly TimelineEntry[], { rules, groups }: ReturnPolicy): readonly FoundSign[] {
  const watched = new Set(rules.map(({ property }) => property));
  const now = new Map<ChangingProperty, string>();
  const signs: FoundSign[] = [];
  for (const [position, entry] of entries.entries()) {
    if (entry.kind !== 'changed') {
      continue;
    }

    const { property, to = '' } = entry.change;
    const from = entry.change.from ?? now.get(property) ?? '';
    now.set(property, to);
    if (!watched.has(property)) {
      continue;
    }

    const group = groupOf(now.get('ticket_queue') ?? '', groups);
    for (const rule of rules.filter((each) => each.property === property)) {
      if (isReturn(rule, from, to, group)) {
        signs.push({
          rule: rule.name,
          clause: rule.clause,
          evidence: evidenceOf(entry.by, property, from, to),
          at: entry.at,
          position,
          takenBack: undoneAt(entries, position, property, to),
        });
      }
    }
  }
  return signs;
}

function isReturn(rule: ReturnRule, from: string, to: string, group: SupportGroup | undefined): boolean {
  const isOneOf = (names: readonly string[], name: string) => names.some((each) => isSameText(each, name));
  if (rule.to === 'coordinator') {
    const coordinators = group?.coordinators ?? [];
    return from !== '' && isOneOf(coordinators, to) && !isOneOf(coordinators, from);
  }
  if (rule.to === 'filled') {
    return to !== '';
  }

  // What a ticket was registered with was not handed back.
  const wasAnother = rule.property.startsWith('fields.') ? !isSameText(from, to) : from !== '' && !isSameText(from, to);
  return wasAnother && isOneOf(rule.to, to) && (rule.from.length === 0 || isOneOf(rule.from, from));
}

export function groupOf(ticketQueue: string, groups: readonly SupportGroup[]): SupportGroup | undefined {
  return groups.find(({ ticketQueues }) => ticketQueues.some((each) => isSameText(each, ticketQueue)));
}

function undoneAt(
  entries: readonly TimelineEntry[],
  position: number,
  property: ChangingProperty,
  value: string,
): number | undefined {
  for (let place = position + 1; place < entries.length; place += 1) {
    const entry = entries[place];
    if (entry?.kind === 'changed' && entry.change.property === property && !isSameText(entry.change.to ?? '', value)) {
      return entry.at;
    }
  }
  return undefined;
}

function isSlip({ at, takenBack }: FoundSign, settles: number): boolean {
  return takenBack !== undefined && takenBack - at <= settles;
}

type Together = readonly [FoundSign, ...FoundSign[]];

/** Signs that come within the settling time of the first of them. */
function groupBySettling(signs: readonly FoundSign[], settles: number): readonly Together[] {
  const groups: [FoundSign, ...FoundSign[]][] = [];
  for (const sign of signs) {
    const last = groups.at(-1);
    if (last !== undefined && sign.at - last[0].at <= settles) {
      last.push(sign);
    } else {
      groups.push([sign]);
    }
  }
  return groups;
}

function evidenceOf(by: string, property: ChangingProperty, from: string, to: string): string {
  const user = by === '' ? '' : ` (user ${by})`;
  return `${property} became «${to}»${from === '' ? '' : `, it was «${from}»`}${user}`;
}

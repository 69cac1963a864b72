import type { DateTime } from 'luxon';
import { decide, type Policy } from '../domain/decide.ts';
import type { Facts } from '../domain/facts.ts';
import { nameOf } from '../domain/ticket.ts';
import type { AspectValue } from './aspect.ts';
import { aspects } from './aspects.ts';

/** One aspect of a ticket that is decided differently. */
export interface Change {
  readonly aspect: string;
  readonly before: AspectValue;
  readonly after: AspectValue;
}

/** Changes that are alike but for the ticket. */
export interface ChangeGroup {
  readonly aspect: string;
  readonly before: string;
  readonly after: string;
  /** Rules with their clauses, `critical-incident (R50)`. */
  readonly beforeBecause: readonly string[];
  readonly afterBecause: readonly string[];
  readonly count: number;
  /** Some of the tickets, `T1` or `T1 (before -> after)` where each has something of its own. */
  readonly tickets: readonly string[];
}

export interface Comparison {
  readonly compared: number;
  readonly changed: number;
  /** The most frequent first. */
  readonly groups: readonly ChangeGroup[];
}

export interface Comparer {
  add(facts: Facts, at: DateTime): void;
  result(): Comparison;
}

/** What is decided differently for one ticket at one moment (R29). */
export function changesOf(facts: Facts, before: Policy, after: Policy, at: DateTime): readonly Change[] {
  const decisions = { before: decide(facts, before, at), after: decide(facts, after, at) };
  return aspects.flatMap((aspect) => {
    const old = aspect.valueOf(facts, decisions.before, before);
    const next = aspect.valueOf(facts, decisions.after, after);
    return old.shown === next.shown && old.full === next.full
      ? []
      : [{ aspect: aspect.name, before: old, after: next }];
  });
}

/** Compares ticket after ticket and keeps only counts and `limit` tickets of each kind of change. */
export function createComparer(before: Policy, after: Policy, limit: number): Comparer {
  const groups = new Map<string, ChangeGroup>();
  let compared = 0;
  let changed = 0;

  return {
    add: (facts, at) => {
      const changes = changesOf(facts, before, after, at);
      compared += 1;
      changed += changes.length === 0 ? 0 : 1;
      for (const change of changes) {
        const group = groupOf(change);
        const key = JSON.stringify(group);
        const { count, tickets } = groups.get(key) ?? group;
        const shown = tickets.length < limit ? [...tickets, nameWith(change, facts)] : tickets;
        groups.set(key, { ...group, count: count + 1, tickets: shown });
      }
    },
    result: () => ({
      compared,
      changed,
      groups: [...groups.values()].sort((left, right) => right.count - left.count),
    }),
  };
}

function nameWith({ before, after }: Change, { ticket }: Facts): string {
  const name = nameOf(ticket.ref);
  return before.detail === after.detail ? name : `${name} (${before.detail ?? 'none'} -> ${after.detail ?? 'none'})`;
}

function groupOf({ aspect, before, after }: Change): ChangeGroup {
  const isSameShown = before.shown === after.shown;
  return {
    aspect,
    before: before.shown,
    after: isSameShown ? `${after.shown}, with other content` : after.shown,
    beforeBecause: before.because.map(describe),
    afterBecause: after.because.map(describe),
    count: 0,
    tickets: [],
  };
}

function describe({ rule, clause }: AspectValue['because'][number]): string {
  return clause === '' ? rule : `${rule} (${clause})`;
}

import { asOfEntry } from './as-of.ts';
import {
  assessWith,
  type Completeness,
  type CompletenessPolicy,
  completenessRuleOf,
  isOfInterest,
} from './completeness.ts';
import { answer } from './condition.ts';
import { isSource, readerOf, type TextReader } from './source-text.ts';
import type { ChangingProperty, Snapshot } from './ticket.ts';
import type { Timeline, TimelineEntry } from './timeline.ts';

/** The moment at which a ticket had all that is asked for: T0, from which the terms after the reaction are counted (R17). */
export interface Completion {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Of the entry of the timeline that completed it. */
  readonly position: number;
  readonly how: 'registration' | 'comment' | 'change' | 'override';
  /** One sentence: the article or change that completed it, and what it brought. */
  readonly evidence: string;
}

/**
 * Within these milliseconds a help desk writes down one registration: the ticket, its first article, its files, its fields.
 * What is complete after them was complete at the registration.
 */
const REGISTRATION_MS = 10_000;

/**
 * The first moment at which the set was complete; undefined while it never was. Nothing that happens later moves it. An
 * agent's word overrules the list from when it is given until it is taken back.
 */
export function findCompletion(
  ticket: Snapshot,
  timeline: Timeline,
  policy: CompletenessPolicy,
): Completion | undefined {
  const { entries } = timeline;
  const read = readerOf(policy.reading);
  const registered = lastOfRegistration(ticket, entries);
  const assess = (position: number) => {
    const then = asOfEntry(ticket, timeline, position);
    const found = assessAt(then, ticket, policy, read);
    // Elsewhere nothing is asked for; going there completes nothing (R43).
    const isElsewhere = (then.service ?? '') !== '' && completenessRuleOf(then, policy) === undefined;
    return position > registered && isElsewhere ? { ...found, isComplete: false } : found;
  };
  let before = assess(registered);
  if (before.isComplete) {
    return atRegistration(ticket, before, firstComplete(registered, assess));
  }

  const canComplete = candidates(ticket, timeline, policy, read);
  for (const [position, entry] of entries.entries()) {
    if (position > registered && before.override === undefined && accepts(entry, ticket, policy)) {
      return { at: entry.at, position, ...acceptance(entry, before) };
    }
    if (position <= registered || !canComplete(entry)) {
      continue;
    }
    const after = assess(position);
    if (after.isComplete) {
      return { at: entry.at, position, ...explain(entry, before, after, policy) };
    }
    before = after;
  }
  return undefined;
}

/** Whether an agent's change says that the information will do as it is: he hands the ticket over instead of asking. */
function accepts(entry: TimelineEntry, ticket: Snapshot, { acceptedBy }: CompletenessPolicy): boolean {
  if (entry.kind !== 'changed') {
    return false;
  }

  const { property, to } = entry.change;
  const changed = property.startsWith('fields.')
    ? { ...ticket, fields: to === undefined ? {} : { [property.slice('fields.'.length)]: to } }
    : { ...ticket, [property === 'ticket_queue' ? 'ticketQueue' : property]: to ?? '' };
  return acceptedBy.some((condition) => condition.property === property && answer(condition, changed).holds);
}

function acceptance(entry: TimelineEntry, { missing }: Completeness): Pick<Completion, 'how' | 'evidence'> {
  const { property, to = '' } = entry.kind === 'changed' ? entry.change : { property: 'state' as const };
  const by = entry.by === '' ? '' : ` by user ${entry.by}`;
  const without = named(missing.map(({ title }) => title));
  return {
    how: 'override',
    evidence: `The information was accepted as it is: ${property} became «${to}»${by}, without${without.slice(1)}.`,
  };
}

/** The first article stands in the ticket from the time it was written; the rest of the past is `asOfEntry`’s business. */
function assessAt(then: Snapshot, ticket: Snapshot, policy: CompletenessPolicy, read: TextReader): Completeness {
  const first = ticket.textCommentId;
  const isWritten =
    first === undefined ||
    then.comments.some(({ id }) => id === first) ||
    ticket.comments.every(({ id }) => id !== first);
  return assessWith(isWritten ? then : { ...then, text: '' }, policy, read);
}

function lastOfRegistration(ticket: Snapshot, entries: readonly TimelineEntry[]): number {
  const end = ticket.createdAt.toMillis() + REGISTRATION_MS;
  return Math.max(
    0,
    entries.findLastIndex(({ at }) => at <= end),
  );
}

function firstComplete(registered: number, assess: (position: number) => Completeness): number {
  for (let position = 0; position < registered; position += 1) {
    if (assess(position).isComplete) {
      return position;
    }
  }
  return registered;
}

function atRegistration(ticket: Snapshot, found: Completeness, position: number): Completion {
  const evidence =
    found.override === 'complete'
      ? 'An agent declared the information complete at the registration.'
      : `The ticket was complete when it was registered${named(presentIn(found))}.`;
  const how = found.override === undefined ? 'registration' : 'override';
  return { at: ticket.createdAt.toMillis(), position, how, evidence };
}

/** Tells the entries that can change what the list finds: a long ticket is mostly talk. */
function candidates(
  ticket: Snapshot,
  { entries }: Timeline,
  policy: CompletenessPolicy,
  read: TextReader,
): (entry: TimelineEntry) => boolean {
  const watched = watchedProperties(policy);
  const rule = completenessRuleOf(ticket, policy);
  const isOneRule = entries.every((entry) => entry.kind !== 'changed' || entry.change.property !== 'service');
  return (entry) => {
    switch (entry.kind) {
      case 'registered':
        return false;
      case 'changed':
        return watched.has(entry.change.property);
      case 'commented': {
        const { comment } = entry;
        // The first text counts whoever wrote it. Where the service changed, so did what is looked for.
        return (
          comment.id === ticket.textCommentId ||
          (isSource(comment, policy.callNotes) &&
            !(isOneRule && rule !== undefined && !isOfInterest(comment, ticket, rule, policy, read)))
        );
      }
    }
  };
}

function watchedProperties({ override, rules }: CompletenessPolicy): ReadonlySet<ChangingProperty> {
  const watched = new Set<ChangingProperty>(['title', 'service', 'type', `fields.${override.field}`]);
  for (const { items, exempt, exemptUnless } of rules) {
    const questions = [
      ...exempt,
      ...exemptUnless,
      ...items.flatMap(({ when, recognisers }) => [...when, ...recognisers]),
    ];
    for (const question of questions) {
      if (question.by === 'field') {
        watched.add(`fields.${question.field}`);
      } else if (question.by === 'condition' && question.condition.property !== 'text') {
        watched.add(question.condition.property);
      }
    }
  }
  return watched;
}

function explain(
  entry: TimelineEntry,
  before: Completeness,
  after: Completeness,
  policy: CompletenessPolicy,
): Pick<Completion, 'how' | 'evidence'> {
  const brought = named(broughtBetween(before, after));
  if (entry.kind === 'commented') {
    const { id, author } = entry.comment;
    return { how: 'comment', evidence: `Article ${id} by «${author}» completed the information${brought}.` };
  }

  const { property, to = '' } = entry.kind === 'changed' ? entry.change : { property: 'title' as const };
  const by = entry.by === '' ? '' : ` by user ${entry.by}`;
  if (property !== `fields.${policy.override.field}`) {
    return { how: 'change', evidence: `${property} became «${to}»${by} and completed the information${brought}.` };
  }

  return {
    how: 'override',
    evidence:
      after.override === 'complete'
        ? `An agent declared the information complete: ${property} became «${to}»${by}.`
        : `An agent took back that the information was incomplete: ${property} became «${to}»${by}.`,
  };
}

function presentIn({ items }: Completeness): readonly string[] {
  return items.flatMap(({ item, verdict }) => (verdict === 'present' && item.isMandatory ? [item.title] : []));
}

function broughtBetween(before: Completeness, after: Completeness): readonly string[] {
  const lacked = new Set(before.missing.map(({ name }) => name));
  const lacks = new Set(after.missing.map(({ name }) => name));
  return before.missing.filter(({ name }) => lacked.has(name) && !lacks.has(name)).map(({ title }) => title);
}

function named(titles: readonly string[]): string {
  return titles.length === 0 ? '' : `: ${titles.map((title) => `«${title}»`).join(', ')}`;
}

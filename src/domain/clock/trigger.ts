import { beginsWith, isSameText } from '../condition.ts';
import type { Comment } from '../ticket.ts';
import type { TimelineEntry } from '../timeline.ts';
import type { ClockRule, Trigger } from './rules.ts';

/** What an entry means besides what it says: it asks the requester for information, or completes a return. */
export type Meaning = 'request' | 'return';

/** The rules that an entry of the timeline sets off. */
export function firedBy<Rule extends ClockRule>(
  rules: readonly Rule[],
  entry: TimelineEntry,
  meanings: readonly Meaning[] = [],
): readonly Rule[] {
  return entry.kind === 'registered' ? [] : rules.filter(({ trigger }) => fires(trigger, entry, meanings));
}

function fires(trigger: Trigger, entry: TimelineEntry, meanings: readonly Meaning[]): boolean {
  switch (trigger.on) {
    case 'request':
    case 'return':
      return meanings.includes(trigger.on);
    case 'answer':
      return (
        entry.kind === 'commented' &&
        isSaidByAgent(entry.comment) &&
        beginsWith(entry.comment.subject ?? '', trigger.subjects)
      );
    case 'change': {
      if (entry.kind !== 'changed' || entry.change.property !== trigger.property) {
        return false;
      }
      const { to = '' } = entry.change;
      return trigger.to === 'filled' ? to !== '' : trigger.to.some((value) => isSameText(value, to));
    }
  }
}

/** What the bridge brought from the linked ticket of an adjacent system. */
const FROM_RELATED = /^(?:comment|attach):from-/;

/**
 * Public words of support: what can ask the requester and answer him. Those of an adjacent system do neither, so waiting for
 * it pauses no term (R26).
 */
export function isSaidByAgent({ by, visibility, marker = '' }: Comment): boolean {
  return by === 'agent' && visibility === 'public' && !FROM_RELATED.test(marker);
}

/** An entry in a few words, e.g. `state became «В работе» (user 21)` or `article 102 «Уточните» by «Ольга Петрова»`. */
export function describeEntry(entry: TimelineEntry): string {
  switch (entry.kind) {
    case 'registered':
      return 'registration';
    case 'commented': {
      const { id, subject, author } = entry.comment;
      return `article ${id}${subject === undefined ? '' : ` «${subject}»`} by «${author}»`;
    }
    case 'changed': {
      const { property, to } = entry.change;
      const by = entry.by === '' ? '' : ` (user ${entry.by})`;
      return `${property} ${to === undefined ? 'was emptied' : `became «${to}»`}${by}`;
    }
  }
}

import type { TextReading } from './completeness.ts';
import { answer, type Condition } from './condition.ts';
import type { Evidence } from './criterion.ts';
import { findPhrase, type Phrase } from './phrase.ts';
import type { SourceText } from './source-text.ts';
import type { Snapshot } from './ticket.ts';

/** A ticket and the texts that count. */
export interface AskedTicket {
  readonly ticket: Snapshot;
  readonly sources: readonly SourceText[];
  readonly reading: TextReading;
}

/** Phrases that a text states, or a condition on a property. */
export type Question =
  | { readonly by: 'phrases'; readonly phrases: readonly Phrase[] }
  | { readonly by: 'condition'; readonly condition: Condition };

/** What answers the question with yes; undefined for no. */
export function ask(question: Question, subject: AskedTicket): Evidence | undefined {
  if (question.by === 'phrases') {
    return findInTexts(question, subject, (source) => statedIn(source, question.phrases, subject.reading));
  }

  const { holds, value } = answer(question.condition, subject.ticket);
  return holds ? { where: question.condition.property, quote: value.join(', ') } : undefined;
}

/** The first text that has what is looked for. Each text is searched once for the same thing. */
export function findInTexts(
  lookedFor: object,
  { sources }: AskedTicket,
  search: (source: SourceText) => Evidence | undefined,
): Evidence | undefined {
  for (const source of sources) {
    if (!source.found.has(lookedFor)) {
      source.found.set(lookedFor, search(source));
    }
    const evidence = source.found.get(lookedFor);
    if (evidence !== undefined) {
      return evidence;
    }
  }
  return undefined;
}

/** The first phrase that the text states. */
export function statedIn(
  source: SourceText,
  phrases: readonly Phrase[],
  { negation }: TextReading,
): Evidence | undefined {
  for (const phrase of phrases) {
    const stated = findPhrase(source.reading, phrase, negation).find(({ sense }) => sense === 'stated');
    if (stated !== undefined) {
      return { where: source.where, quote: source.text.slice(stated.start, stated.end) };
    }
  }
  return undefined;
}

import { answer, type Condition } from './condition.ts';
import type { Duration } from './duration.ts';
import { findPhrase, type Mention, type Negation, type Phrase } from './phrase.ts';
import type { Reading } from './russian.ts';
import type { Snapshot } from './ticket.ts';

/** One thing that a criterion asks for. */
export type Requirement =
  | { readonly ask: 'phrases'; readonly phrases: readonly Phrase[] }
  | { readonly ask: 'property'; readonly condition: Condition }
  | { readonly ask: 'lasts'; readonly minutes: number }
  | { readonly ask: 'people'; readonly atLeast: number; readonly words: Phrase };

/** One characteristic of the regulation, or one way to recognise it. */
export interface Criterion {
  readonly name: string;
  readonly clause: string;
  /** Words of the regulation. */
  readonly quote: string;
  /** 1 is the highest priority. */
  readonly rank: number;
  /** All of these must be met. */
  readonly when: readonly Requirement[];
  /** One of these refutes the criterion. */
  readonly unless: readonly Requirement[];
  /** A hint is shown to the agent and never decides. */
  readonly hint: boolean;
}

/** `unknown`: the ticket says nothing about it. */
export type Verdict = 'yes' | 'no' | 'unknown';

export interface Evidence {
  /** `title`, `text`, `comment 17` or a property such as `service`. */
  readonly where: string;
  /** Characters of the ticket itself; empty for a property without value. */
  readonly quote: string;
}

export interface Finding {
  readonly criterion: Criterion;
  readonly verdict: Verdict;
  /** What the verdict rests on; of an unknown one, the part that is met. */
  readonly evidence: readonly Evidence[];
}

/** A ticket as the criteria see it. */
export interface Subject {
  readonly ticket: Snapshot;
  readonly readings: readonly Reading[];
  readonly negation: Negation;
  readonly durations: readonly SaidDuration[];
}

/** A duration and the text that it stands in. */
export interface SaidDuration {
  readonly duration: Duration;
  readonly reading: Reading;
}

interface Answer {
  readonly verdict: Verdict;
  readonly evidence: readonly Evidence[];
  readonly mentions: readonly Mention[];
}

/** Three-valued: one refuted requirement refutes the criterion, and it is met only when all of them are. */
export function judgeCriterion(criterion: Criterion, subject: Subject): Finding {
  const said = criterion.when.filter(({ ask }) => ask === 'phrases').map((each) => ask(each, subject, []));
  const mentions = said.flatMap((each) => each.mentions);
  const others = criterion.when.filter(({ ask }) => ask !== 'phrases').map((each) => ask(each, subject, mentions));
  const answers = [...others, ...said];
  // A number refutes only where the text says what it is a number of.
  const isHeard = said.length === 0 || mentions.length > 0;
  const measured = criterion.when.filter(({ ask }) => ask === 'lasts' || ask === 'people').length > 0;
  const refuting = measured && !isHeard ? said : answers;
  const refuted = refuting.find(({ verdict }) => verdict === 'no');
  if (refuted !== undefined) {
    return { criterion, verdict: 'no', evidence: refuted.evidence };
  }

  const met = answers.filter(({ verdict }) => verdict === 'yes').flatMap(({ evidence }) => evidence);
  if (met.length > 0) {
    const exception = criterion.unless
      .map((each) => ask(each, subject, mentions))
      .find(({ verdict }) => verdict === 'yes');
    if (exception !== undefined) {
      return { criterion, verdict: 'no', evidence: exception.evidence };
    }
  }

  const verdict = answers.every((each) => each.verdict === 'yes') ? 'yes' : 'unknown';
  return { criterion, verdict, evidence: met };
}

function ask(requirement: Requirement, subject: Subject, mentions: readonly Mention[]): Answer {
  switch (requirement.ask) {
    case 'phrases':
      return askPhrases(requirement.phrases, subject);
    case 'property':
      return askProperty(requirement.condition, subject.ticket);
    case 'lasts':
      return askDuration(requirement.minutes, subject, mentions);
    case 'people':
      return askPeople(requirement.atLeast, requirement.words, subject);
  }
}

function askPhrases(phrases: readonly Phrase[], { readings, negation }: Subject): Answer {
  const mentions = readings.flatMap((reading) => phrases.flatMap((phrase) => findPhrase(reading, phrase, negation)));
  const stated = mentions.filter(({ sense }) => sense === 'stated');
  const [shown] = stated.length > 0 ? stated : mentions;
  return {
    verdict: stated.length > 0 ? 'yes' : mentions.length > 0 ? 'no' : 'unknown',
    evidence: shown === undefined ? [] : [{ where: shown.where, quote: shown.quote }],
    mentions: stated,
  };
}

/** A property without value says nothing, unless the question is whether there is one. */
function askProperty(condition: Condition, ticket: Snapshot): Answer {
  const { holds, value } = answer(condition, ticket);
  const silent = value.length === 0 && condition.test === 'is';
  return {
    verdict: silent ? 'unknown' : holds ? 'yes' : 'no',
    evidence: [{ where: condition.property, quote: value.join(', ') }],
    mentions: [],
  };
}

/** Durations in the sentences of the criterion's own phrases come first; only without any do the others count. */
function askDuration(minutes: number, { durations }: Subject, mentions: readonly Mention[]): Answer {
  const all = durations.map(({ duration, reading }) => ({
    duration,
    where: reading.where,
    quote: reading.text.slice(duration.start, duration.end),
    isNear: mentions.some(
      ({ where, sentence }) => where === reading.where && sentence === sentenceAt(reading, duration),
    ),
  }));
  const near = all.filter(({ isNear }) => isNear);
  const heard = near.length > 0 ? near : all;
  const enough = heard.find(({ duration }) => !duration.atMost && duration.minutes >= minutes);
  const short = heard.find(({ duration }) => duration.minutes <= minutes);
  const shown = enough ?? short;
  return {
    verdict: enough !== undefined ? 'yes' : short !== undefined ? 'no' : 'unknown',
    evidence: shown === undefined ? [] : [{ where: shown.where, quote: shown.quote }],
    mentions: [],
  };
}

function sentenceAt({ tokens }: Reading, { start, end }: Duration): number | undefined {
  return tokens.find((token) => token.start < end && token.end > start)?.sentence;
}

/** «у 40 сотрудников»: a number at most two words before a word for people. */
function askPeople(atLeast: number, words: Phrase, { readings, negation }: Subject): Answer {
  const counts = readings.flatMap((reading) =>
    findPhrase(reading, words, negation).flatMap((mention) => countBefore(reading, mention)),
  );
  const enough = counts.find(({ count }) => count >= atLeast);
  const shown = enough ?? counts[0];
  return {
    verdict: enough !== undefined ? 'yes' : shown !== undefined ? 'no' : 'unknown',
    evidence: shown === undefined ? [] : [{ where: shown.where, quote: shown.quote }],
    mentions: [],
  };
}

function countBefore(reading: Reading, mention: Mention) {
  const { tokens, text, where } = reading;
  const at = tokens.findIndex(({ start }) => start === mention.start);
  const number = tokens.slice(Math.max(0, at - 2), at).findLast(({ word }) => /^\d{1,6}$/.test(word));
  return number === undefined || number.sentence !== mention.sentence
    ? []
    : [{ count: Number(number.word), where, quote: text.slice(number.start, mention.end) }];
}

import { type Condition, isSameText } from './condition.ts';
import type { Evidence } from './criterion.ts';
import { textOf } from './field-value.ts';
import type { Negation } from './phrase.ts';
import { type AskedTicket, ask, type Question } from './question.ts';
import { type Recogniser, recognise } from './recognise.ts';
import type { Stem } from './russian.ts';
import type { LabelIndex } from './sections.ts';
import { readerOf, sourcesOf, type TextReader } from './source-text.ts';
import type { Comment, Snapshot } from './ticket.ts';
import type { Wording } from './vocabulary.ts';

/** One thing that a ticket has to say, or had better say. */
export interface CompletenessItem {
  readonly name: string;
  /** What the requester is asked for. */
  readonly title: string;
  readonly clause: string;
  /** The set is incomplete without it; any other item is a hint. */
  readonly isMandatory: boolean;
  /** The item is asked for where one of these is so; always where there are none. */
  readonly when: readonly Question[];
  /** Any of these is enough. */
  readonly recognisers: readonly Recogniser[];
}

/** What the tickets of one service have to say. */
export interface CompletenessRule {
  readonly service: string;
  readonly clause: string;
  readonly letter: 'draft' | 'send' | 'off';
  /** Only tickets of these types are asked for anything; of every type where there are none. */
  readonly types: readonly string[];
  /** Nothing is asked for where one of these is so: a question about use has no steps. */
  readonly exempt: readonly Question[];
  /** What takes the exemption away again: a question that reports a failure. */
  readonly exemptUnless: readonly Question[];
  readonly items: readonly CompletenessItem[];
  readonly labels: LabelIndex;
}

export interface CompletenessPolicy {
  readonly rules: readonly CompletenessRule[];
  /** Field by which an agent overrules the list, and its two values (R17). */
  readonly override: { readonly field: string; readonly complete: string; readonly incomplete: string };
  /** A change after which one of these holds says that an agent takes the information as it is (R17, R46). */
  readonly acceptedBy: readonly Condition[];
  /** How subjects of internal notes begin that hold what the requester said by telephone (R49a). */
  readonly callNotes: readonly string[];
  readonly reading: TextReading;
  readonly letter: LetterPolicy;
}

/** How texts are read. */
export interface TextReading {
  readonly stem: Stem;
  /** Characters of each text that are read; a log pasted whole tells nothing. */
  readonly atMost: number;
  /** Letters and digits that make the content of a section. */
  readonly sectionFrom: number;
  /** Contents that say nothing, as folded words with one blank between them: «нет», «см вложение». */
  readonly emptyWords: ReadonlySet<string>;
  readonly negation: Negation;
  /** Lines of the letter that are the same in every letter, as `comparableLine` gives them. */
  readonly letterLines: ReadonlySet<string>;
}

export interface LetterPolicy {
  readonly subject: string;
  readonly text: string;
  readonly draft: { readonly subject: string; readonly text: string };
  readonly sendFor: readonly string[];
  readonly pausingState: string;
  /** Milliseconds after the requester's last words for which a letter makes sense. */
  readonly newsFor: number;
  readonly wording: Wording;
}

export interface ItemFinding {
  readonly item: CompletenessItem;
  /** `not-asked`: the condition of the item is not met, or the ticket is of a kind that nothing is asked of. */
  readonly verdict: 'present' | 'missing' | 'not-asked';
  readonly evidence: readonly Evidence[];
}

export interface Completeness {
  readonly items: readonly ItemFinding[];
  /** Mandatory items that the ticket lacks, whatever an agent says. */
  readonly missing: readonly CompletenessItem[];
  /** The agent's word, or else that nothing is missing. */
  readonly isComplete: boolean;
  readonly override?: 'complete' | 'incomplete';
}

/** What the ticket says of all that its service asks for. A ticket of a service without a rule is complete. Total and pure. */
export function assessCompleteness(ticket: Snapshot, policy: CompletenessPolicy): Completeness {
  return assessWith(ticket, policy, readerOf(policy.reading));
}

/** As `assessCompleteness`, for a caller who assesses one ticket at many times and reads each text once. */
export function assessWith(ticket: Snapshot, policy: CompletenessPolicy, read: TextReader): Completeness {
  const rule = completenessRuleOf(ticket, policy);
  const items = rule === undefined ? [] : findingsOf(ticket, rule, policy, read);
  const missing = items
    .filter(({ item, verdict }) => item.isMandatory && verdict === 'missing')
    .map(({ item }) => item);
  const override = overrideOf(ticket, policy);
  const isComplete = override === undefined ? missing.length === 0 : override === 'complete';
  return { items, missing, isComplete, ...(override === undefined ? {} : { override }) };
}

export function completenessRuleOf({ service }: Snapshot, { rules }: CompletenessPolicy): CompletenessRule | undefined {
  return service === undefined ? undefined : rules.find((rule) => isSameText(rule.service, service));
}

/** Whether the comment alone has anything that an item or an exemption looks for. One that has not changes no assessment. */
export function isOfInterest(
  comment: Comment,
  ticket: Snapshot,
  rule: CompletenessRule,
  policy: CompletenessPolicy,
  read: TextReader,
): boolean {
  const attachments = ticket.attachments.filter(({ commentId }) => commentId === comment.id);
  const sources = [read(`article ${comment.id}`, comment.text, rule)];
  const subject = { ticket: { ...ticket, attachments }, sources, reading: policy.reading };
  const questions = [...rule.exempt, ...rule.exemptUnless, ...rule.items.flatMap(({ when }) => when)];
  return (
    attachments.length > 0 ||
    questions.some((question) => question.by === 'phrases' && ask(question, subject) !== undefined) ||
    rule.items.some(({ name, recognisers }) =>
      recognisers.some((each) => isInText(each) && recognise(each, name, subject) !== undefined),
    )
  );
}

function isInText(recogniser: Recogniser): boolean {
  return recogniser.by === 'property'
    ? recogniser.property === 'text'
    : recogniser.by === 'label' || recogniser.by === 'phrases' || recogniser.by === 'number';
}

function findingsOf(
  ticket: Snapshot,
  rule: CompletenessRule,
  policy: CompletenessPolicy,
  read: TextReader,
): readonly ItemFinding[] {
  const subject = { ticket, sources: sourcesOf(ticket, rule, policy.callNotes, read), reading: policy.reading };
  const exempt = exemptionOf(rule, subject);
  return rule.items.map((item): ItemFinding => {
    const reason = item.when.length === 0 ? undefined : firstAnswer(item.when, (question) => ask(question, subject));
    if (exempt !== undefined || (item.when.length > 0 && reason === undefined)) {
      return { item, verdict: 'not-asked', evidence: exempt === undefined ? [] : [exempt] };
    }

    const found = firstAnswer(item.recognisers, (recogniser) => recognise(recogniser, item.name, subject));
    return found === undefined
      ? { item, verdict: 'missing', evidence: reason === undefined ? [] : [reason] }
      : { item, verdict: 'present', evidence: [found] };
  });
}

function exemptionOf({ types, exempt, exemptUnless }: CompletenessRule, subject: AskedTicket): Evidence | undefined {
  const { type } = subject.ticket;
  if (types.length > 0 && !types.some((each) => isSameText(each, type))) {
    return { where: 'type', quote: type };
  }

  const found = firstAnswer(exempt, (question) => ask(question, subject));
  const isTakenBack = found !== undefined && exemptUnless.some((question) => ask(question, subject) !== undefined);
  return isTakenBack ? undefined : found;
}

function firstAnswer<Asked>(
  list: readonly Asked[],
  answer: (asked: Asked) => Evidence | undefined,
): Evidence | undefined {
  for (const asked of list) {
    const found = answer(asked);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function overrideOf(ticket: Snapshot, { override }: CompletenessPolicy): Completeness['override'] {
  const value = textOf(ticket.fields[override.field]);
  if (value === undefined) {
    return undefined;
  }

  return isSameText(value, override.complete)
    ? 'complete'
    : isSameText(value, override.incomplete)
      ? 'incomplete'
      : undefined;
}

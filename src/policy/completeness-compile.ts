import type { CompletenessItem, CompletenessPolicy, CompletenessRule } from '../domain/completeness.ts';
import { comparableLine } from '../domain/own-words.ts';
import type { Question } from '../domain/question.ts';
import type { Recogniser } from '../domain/recognise.ts';
import { foldWord } from '../domain/russian.ts';
import { indexLabels } from '../domain/sections.ts';
import { placeholdersOf } from '../domain/template.ts';
import type { Wording } from '../domain/vocabulary.ts';
import { compileCondition } from './compile-condition.ts';
import type { CompletenessMapping } from './completeness-schema.ts';
import { type PhraseCompiler, phraseCompiler } from './phrases.ts';
import { stem } from './stem.ts';

type ServiceRow = CompletenessMapping['services'][number];
type ItemRow = ServiceRow['items'][number];
type RecogniserRow = ItemRow['recognised_by'][number];
type QuestionRow = ServiceRow['exempt'][number];

/** Valid lists of items -> the policy that completeness is judged by. */
export function compileCompleteness(mapping: CompletenessMapping, wording: Wording): CompletenessPolicy {
  const { read, letter } = mapping;
  const compiler = phraseCompiler(mapping.words, stem);
  return {
    rules: mapping.services.map((row) => compileRule(row, mapping, compiler)),
    override: mapping.override,
    acceptedBy: mapping.accepted_by.map(compileCondition),
    callNotes: read.call_notes,
    reading: {
      stem,
      atMost: read.at_most,
      sectionFrom: read.section_from,
      emptyWords: new Set(read.empty.map((words) => foldWord((words.match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')))),
      negation: {
        before: compiler.runs(read.denied_by.before),
        after: compiler.runs(read.denied_by.after),
        supposed: compiler.runs(read.doubts),
        gap: read.gap,
      },
      letterLines: new Set(fixedLines(letter.text)),
    },
    letter: {
      subject: letter.subject,
      text: letter.text,
      draft: letter.draft,
      sendFor: letter.send_for,
      pausingState: letter.pausing_state,
      newsFor: letter.news_hours * 3_600_000,
      wording,
    },
  };
}

function fixedLines(template: string): readonly string[] {
  return template
    .split('\n')
    .filter((line) => placeholdersOf(line).length === 0)
    .map(comparableLine)
    .filter((line) => line !== '');
}

/** Whether the chosen readings put the recogniser in force. */
export function isRecogniserInForce({ under }: RecogniserRow, { readings }: CompletenessMapping): boolean {
  return Object.entries(under ?? {}).every(
    ([reading, accepted]) =>
      accepted === undefined || (accepted as readonly string[]).includes(readings[reading as keyof typeof readings]),
  );
}

/** Whether the set is incomplete without the item, under the chosen readings. */
export function isItemMandatory({ mandatory }: ItemRow, { readings }: CompletenessMapping): boolean {
  return typeof mandatory === 'boolean' ? mandatory : readings[mandatory] === 'block';
}

function compileRule(row: ServiceRow, mapping: CompletenessMapping, compiler: PhraseCompiler): CompletenessRule {
  // People answer a letter below the titles that it lists, so a title is a label too.
  const labels = row.items
    .filter(({ recognised_by }) => recognised_by.some(({ label }) => label !== undefined))
    .map(({ name, title, recognised_by }) => ({
      item: name,
      runs: compiler.runs([title, ...recognised_by.flatMap(({ label }) => label ?? [])]),
    }));
  return {
    service: row.service,
    clause: row.clause,
    letter: row.letter,
    types: row.types,
    exempt: row.exempt.map((question) => compileQuestion(question, compiler)),
    exemptUnless: row.exempt_unless.map((question) => compileQuestion(question, compiler)),
    items: row.items.map((item) => compileItem(item, mapping, compiler)),
    labels: indexLabels([...labels, { item: '', runs: compiler.runs(mapping.read.other_labels) }]),
  };
}

function compileItem(item: ItemRow, mapping: CompletenessMapping, compiler: PhraseCompiler): CompletenessItem {
  return {
    name: item.name,
    title: item.title,
    clause: item.clause,
    isMandatory: isItemMandatory(item, mapping),
    when: (item.asked_if ?? []).map((question) => compileQuestion(question, compiler)),
    recognisers: item.recognised_by
      .filter((row) => isRecogniserInForce(row, mapping))
      .map((row) => compileRecogniser(row, mapping, compiler)),
  };
}

function compileQuestion(row: QuestionRow, compiler: PhraseCompiler): Question {
  return 'phrases' in row
    ? { by: 'phrases', phrases: row.phrases.map(compiler.phrase) }
    : { by: 'condition', condition: compileCondition(row) };
}

function compileRecogniser(row: RecogniserRow, { read }: CompletenessMapping, compiler: PhraseCompiler): Recogniser {
  if (row.phrases !== undefined) {
    return { by: 'phrases', phrases: row.phrases.map(compiler.phrase) };
  }

  if (row.number_near !== undefined) {
    return { by: 'number', digits: read.digits, near: row.number_near.map(compiler.phrase) };
  }

  if (row.field !== undefined) {
    return { by: 'field', field: row.field };
  }

  if (row.property !== undefined) {
    return { by: 'property', property: row.property, from: row.letters ?? read.section_from };
  }

  if (row.numbered_lines !== undefined) {
    return { by: 'numbered-lines', atLeast: row.numbered_lines };
  }

  return row.attachment === undefined ? { by: 'label' } : { by: 'image', bytesFrom: read.image_from_bytes };
}

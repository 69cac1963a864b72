import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ownWords } from '../../src/domain/own-words.ts';
import { readText } from '../../src/domain/russian.ts';
import { findSections, indexLabels } from '../../src/domain/sections.ts';
import { phraseCompiler } from '../../src/policy/phrases.ts';
import { rememberStems } from '../../src/policy/remember-stems.ts';
import { stem as slowStem } from '../../src/policy/stem.ts';
import { growth, NEARLY_LINEAR } from '../support/growth.ts';

const stem = rememberStems(slowStem);
const { runs } = phraseCompiler({}, stem);
const index = indexLabels([
  { item: 'actions', runs: runs(['шаги', 'последовательность действий', 'действия', 'что дела*']) },
  { item: 'expected', runs: runs(['ожидаю', 'ожидаемый результат']) },
  { item: '', runs: runs(['телефон']) },
]);

/** `item: content` of each section. */
const sectionsOf = (text: string) =>
  findSections(readText('text', ownWords(text), stem), index).map(
    ({ item, content, end }) => `${item}: ${text.slice(content, end).trim()}`,
  );

describe('a labelled section', () => {
  test.each<[string, readonly string[]]>([
    ['Шаги: открыть', ['actions: открыть']],
    ['ШАГИ : открыть', ['actions: открыть']],
    ['Шаги — открыть', ['actions: открыть']],
    ['Шаги - открыть', ['actions: открыть']],
    ['Шаги\nоткрыть', ['actions: открыть']],
    ['1. Шаги\nоткрыть', ['actions: открыть']],
    ['2) Шаги: открыть', ['actions: открыть']],
    ['- *Шаги*: открыть', ['actions: открыть']],
    ['«Шаги»: открыть', ['actions: открыть']],
    ['Шаги (по порядку): открыть', ['actions: открыть']],
    ['Шаги для воспроизведения: открыть', ['actions: открыть']],
    ['Шаги 1. открыть 2. нажать', ['actions: 1. открыть 2. нажать']],
    ['Последовательности действий: открыть', ['actions: открыть']],
    ['Что делал: открыл', ['actions: открыл']],
    ['Ожидаемый результат заявка создана', ['expected: заявка создана']],
    ['Здравствуйте! Шаги: открыть.', ['actions: открыть.']],
    ['Шаги: открыть. Ожидаю: открыта.', ['actions: открыть.', 'expected: открыта.']],
    ['шаги: открыть, ожидаю: открыта', ['actions: открыть,', 'expected: открыта']],
    ['Шаги: открыть Ожидаю: открыта', ['actions: открыть', 'expected: открыта']],
    ['1) Шаги: открыть 2) Ожидаю: открыта', ['actions: открыть', 'expected: открыта']],
    ['Ожидаю: 26.11. Шаги: открыть', ['expected: 26.11.', 'actions: открыть']],
    ['Ожидаю: 15. Шаги: открыть', ['expected: 15.', 'actions: открыть']],
    ['Шаги:\nТелефон: 123', ['actions: ', ': 123']],
    ['Шаги:\r\nоткрыть\r\nОжидаю:\r\nоткрыта', ['actions: открыть', 'expected: открыта']],
  ])('«%s» has %j', (text, sections) => {
    expect(sectionsOf(text)).toEqual(sections);
  });

  test.each([
    'Ожидаю ответа от вас',
    'Действия не помогли',
    'После этих действий: ошибка',
    'Делал шаги, ожидаю',
    'Шаги-то я не помню',
    '> Шаги: открыть',
    'Привет\n-- \nШаги: открыть',
    'Привет\nС уважением, Анна\nШаги: открыть',
  ])('is not in «%s»', (text) => {
    expect(sectionsOf(text)).toEqual([]);
  });
});

describe('own words', () => {
  test('have the length of the text, whatever the text is', () => {
    const pieces = fc.constantFrom('Шаги:', '\n', '> ', '-- ', '<br>', '<b', '&nbsp;', 'От: a@b.c', 'ё', '😀', ' ');
    fc.assert(
      fc.property(
        fc.array(pieces).map((parts) => parts.join('')),
        (text) => {
          expect(ownWords(text)).toHaveLength(text.length);
        },
      ),
    );
  });

  test.each<[string, string]>([
    ['Да.\n23.11.2026 Иван пишет:\n> Шаги?', 'Да.'],
    ['Да.\nFrom: Иван <i@example.test>\nШаги?', 'Да.'],
    ['Да.\n________________________________\nШаги?', 'Да.'],
    ['Да.\n> вопрос\nНет.', 'Да.\n        \nНет.'],
    ['Да.\nОтправлено с iPhone', 'Да.'],
    ['Отправлено: 23 заявки', 'Отправлено: 23 заявки'],
  ])('of %j are %j', (text, own) => {
    expect(ownWords(text).trimEnd().replaceAll(/\n +$/g, '')).toBe(own);
  });
});

test.each<[string, string]>([
  ['labels', 'Шаги: Ожидаю: '],
  ['lines of labels', 'Шаги\nОжидаю\n'],
  ['numbers', '1. '],
  ['open tags', '<b '],
  ['blanks', ' '],
  ['line breaks', '\n'],
  ['quotes', '> '],
  ['remarks', 'Шаги для раз два '],
])('eight times as many %s are split in eight times as long, not sixty-four', (_, piece) => {
  const split = (length: number) => {
    const text = `Шаги${piece.repeat(Math.ceil(length / piece.length))}:`;
    findSections(readText('text', ownWords(text), stem), index);
  };

  expect(growth(split, 400_000)).toBeLessThan(NEARLY_LINEAR);
});

import { describe, expect, test } from '@jest/globals';
import { findPhrase } from '../../src/domain/phrase.ts';
import { readText } from '../../src/domain/russian.ts';
import { phraseCompiler } from '../../src/policy/phrases.ts';
import { stem } from '../../src/policy/stem.ts';

const compiler = phraseCompiler({ система: ['система', 'систему', 'NTTM'], беда: ['недоступна', 'не работает'] }, stem);
const negation = {
  before: compiler.runs(['не', 'нельзя сказать что']),
  after: compiler.runs(['нет', 'не наблюдается']),
  supposed: compiler.runs(['если', 'ли']),
  gap: 3,
};

const sensesOf = (phrase: string, text: string) =>
  findPhrase(readText('text', text, stem), compiler.phrase(phrase), negation).map(
    ({ sense, quote }) => `${sense}: ${quote}`,
  );

describe('a phrase', () => {
  test.each<[string, string, readonly string[]]>([
    ['{система} {беда}', 'Система недоступна.', ['stated: Система недоступна']],
    ['{система} {беда}', 'Недоступна с утра система.', ['stated: Недоступна с утра система']],
    ['{система} {беда}', 'СИСТЕМЫ НЕДОСТУПНЫ', ['stated: СИСТЕМЫ НЕДОСТУПНЫ']],
    ['{система} {беда}', 'NTTM не работает', ['stated: NTTM не работает']],
    ['{система} {беда}', 'Система один два три четыре недоступна', []],
    ['{система} {беда}', 'Система открыта. Недоступна справка.', []],
    ['ещё отчёт', 'Еще один отчет', ['stated: Еще один отчет']],
    ['отчет', 'Отчёты', ['stated: Отчёты']],
    ['[не работает]', 'не всегда работает', []],
    ['завис*', 'зависшая', ['stated: зависшая']],
    ['BPM-движок', 'bpm движка', ['stated: bpm движка']],
  ])('«%s» in «%s» is found as %j', (phrase, text, found) => {
    expect(sensesOf(phrase, text)).toEqual(found);
  });

  test.each<[string, string]>([
    ['{система} {беда}', 'Система не недоступна'],
    ['{система} {беда}', 'Нельзя сказать, что система недоступна'],
    ['ошибка', 'Работает, ошибок нет'],
    ['ошибка', 'ошибок не наблюдается'],
  ])('«%s» is denied by «%s»', (phrase, text) => {
    expect(sensesOf(phrase, text)).toEqual([expect.stringMatching(/^denied: /)]);
  });

  test.each(['Если система недоступна, звоните.', 'Недоступна ли система?'])('is no statement in «%s»', (text) => {
    expect(sensesOf('{система} {беда}', text).filter((found) => found.startsWith('stated'))).toEqual([]);
  });

  test('a condition in another clause takes nothing away', () => {
    expect(sensesOf('{система} {беда}', 'Если открыть отчёт, система недоступна.')).toEqual([
      'stated: система недоступна',
    ]);
  });

  test('a line that the mail program broke is one sentence, a line that its writer ended is not', () => {
    const broken = `${'слово '.repeat(11)}система\nнедоступна`;

    expect(sensesOf('{система} {беда}', broken)).toEqual(['stated: система\nнедоступна']);
    expect(sensesOf('{система} {беда}', 'Работает система\nНедоступна справка')).toEqual([]);
  });
});

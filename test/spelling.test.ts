import { expect, test } from '@jest/globals';
import { nearest, strayLetters } from '../src/spelling.ts';

test.each<[string, string]>([
  ['ОSSTTMB2B', 'contains the Cyrillic letter «О»'],
  ['ОSSТTMB2B', 'contains the Cyrillic letters «О», «Т»'],
  ['lоgin', 'contains the Cyrillic letter «о»'],
  ['ОСТ', 'contains the Cyrillic letters «О», «С», «Т»'],
  ['Kритичный', 'contains the Latin letter «K»'],
  ['Закрытo', 'contains the Latin letter «o»'],
  ['OSSTTMB2B', ''],
  ['Закрыто', ''],
  ['NTTM::3ЛТП', ''],
  ['BPM движок', ''],
  ['Работа с ЕИП', ''],
  ['web-сервис', ''],
  ['', ''],
])('«%s» %s', (text, expected) => {
  expect(strayLetters(text)).toBe(expected);
});

test('a word is guessed from a slip or two, and not from a word of another meaning', () => {
  expect(nearest('Критичнй', ['Высокий', 'Критичный'])).toBe('Критичный');
  expect(nearest('Обычный', ['Высокий', 'Низкий'])).toBeUndefined();
});

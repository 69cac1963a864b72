import { describe, expect, test } from '@jest/globals';
import { isShown } from '../../src/domain/field-value.ts';

describe('a value that came back from a system is the wanted one', () => {
  test.each([
    ['as it was written', 'Отказано: нет договора', 'Отказано: нет договора'],
    ['without the blanks around it', 'нет договора', ' нет договора\n'],
    ['with other line ends', 'нет\nдоговора', 'нет\r\nдоговора'],
    ['without a line break of a word processor', 'нетдоговора', 'нет\u000bдоговора'],
    ['without a control character at its end', 'нет договора', 'нет договора \u0000'],
    ['with a sign for half a character', 'нет \ufffd', 'нет \ud83d'],
    ['cut', 'нет до…', 'нет договора'],
    ['cut behind a control character', 'нет до…', 'нет\u000b договора'],
  ])('%s', (_, found, wanted) => {
    expect(isShown(found, wanted)).toBe(true);
  });

  test.each([
    ['another one', 'есть договор', 'нет договора'],
    ['none', '', 'нет договора'],
    ['with other words behind the cut', 'есть…', 'нет договора'],
  ])('but not %s', (_, found, wanted) => {
    expect(isShown(found, wanted)).toBe(false);
  });
});

import { describe, expect, test } from '@jest/globals';
import { storable } from '../../../connectors/otrs/storable.ts';

describe('text is made such that OTRS stores it as it is', () => {
  test.each([
    ['a plain text', 'Готово «да» & <нет> 😀', 'Готово «да» & <нет> 😀'],
    ['outer blanks, which OTRS drops', '  a\n\n', 'a'],
    ['line ends of Windows', 'a\r\nb\rc', 'a\nb\nc'],
    ['a NUL, at which OTRS would end the text', 'a\u0000b', 'ab'],
    ['half of a surrogate pair, at which OTRS would fail', 'a\ud83d', 'a\ufffd'],
  ])('%s', (_, text, stored) => {
    expect(storable(text)).toBe(stored);
  });

  test.each([
    ['fits exactly', 'ж'.repeat(10), 'ж'.repeat(10)],
    ['is cut', 'ж'.repeat(11), `${'ж'.repeat(9)}…`],
    ['counts an emoji as one character', '😀'.repeat(10), '😀'.repeat(10)],
    ['never splits an emoji', '😀'.repeat(11), `${'😀'.repeat(9)}…`],
  ])('a text for a column of ten characters %s', (_, text, stored) => {
    expect(storable(text, 10)).toBe(stored);
  });
});

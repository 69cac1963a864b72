import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findDurations } from '../../src/domain/duration.ts';

const options = { ago: 'lasts', morning: 9 * 60, registered: 13 * 60 } as const;
const minutesOf = (text: string) => findDurations(text, options).map(({ minutes }) => Math.round(minutes * 100) / 100);

describe('durations in Russian text', () => {
  test.each<[string, readonly number[]]>([
    ['не отвечает 10 минут', [10]],
    ['около 15 минут', [15]],
    ['10-15 мин.', [10]],
    ['пять минут', [5]],
    ['минут двадцать', [20]],
    ['полчаса', [30]],
    ['около получаса', [30]],
    ['2 часа', [120]],
    ['2-х часов', [120]],
    ['1,5 часа', [90]],
    ['полтора часа', [90]],
    ['часа два', [120]],
    ['уже час', [60]],
    ['в течение часа', [60]],
    ['1 час 20 минут', [80]],
    ['1 ч. 20 мин.', [80]],
    ['2 часа и 5 минут', [125]],
    ['30 секунд', [0.5]],
    ['двух суток', [2880]],
    ['второй час', [60]],
    ['третьи сутки', [2880]],
    ['весь день', [480]],
    ['с утра', [240]],
    ['с 9:40 до 11:10', [90]],
    ['с 9-40 до 11-10', [90]],
    ['с 9.40 до 11.10', [90]],
    ['9:40–11:10', [90]],
    ['с 9 до 11', [120]],
    ['с 9 до 11 утра', [120]],
    ['с 23:30 до 00:15', [45]],
    ['с 12:30 не отвечает', [30]],
    ['с 8 утра', [300]],
    ['ПОЛТОРА ЧАСА', [90]],
    ['зависла 2 часа назад', [120]],
  ])('«%s» lasts %j minutes', (text, minutes) => {
    expect(minutesOf(text)).toEqual(minutes);
  });

  test.each([
    'через 15 минут',
    'каждые 10 минут',
    'раз в 2 часа',
    'срок 5 дней',
    'добрый день',
    'час пик',
    'версия 10.15',
    'с 20 до 23 ноября',
    'с 01.11 до 05.11',
    'телефон 8-912-345-67-89',
    'с 25:10 до 26:00',
    '10 пользователей',
    'заявка 2026112310000042',
    'минутку',
  ])('«%s» is no duration', (text) => {
    expect(minutesOf(text)).toEqual([]);
  });

  test.each<[string, number, boolean]>([
    ['меньше 10 минут', 10, true],
    ['не более 10 минут', 10, true],
    ['не менее 10 минут', 10, false],
    ['более 10 минут', 10, false],
    ['почти час', 59, false],
  ])('«%s» is %d minutes, at most: %j', (text, minutes, atMost) => {
    expect(findDurations(text, options)).toMatchObject([{ minutes, atMost }]);
  });

  test('«2 часа назад» says nothing of the duration under the reading «ignored»', () => {
    expect(findDurations('зависла 2 часа назад', { ...options, ago: 'ignored' })).toEqual([]);
  });

  test('every duration is positive and stands in the text, whatever the text', () => {
    const words = fc.constantFrom(
      'с',
      '9:40',
      'до',
      '11:10',
      'час',
      '2',
      'минут',
      'полтора',
      ',',
      '.',
      '\n',
      'назад',
      'Ё',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(words).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        for (const { start, end, minutes } of findDurations(text, options)) {
          expect(minutes).toBeGreaterThan(0);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(start).toBeLessThan(end);
        }
      }),
    );
  });
});

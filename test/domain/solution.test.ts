import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultOfSolution } from '../../src/domain/solution.ts';
import { loadPolicy } from '../../src/policy/load.ts';

const { closure } = await loadPolicy('mappings');
const rules = closure.block.solution;
const context = { title: 'Не создаётся заявка в ЕИП', resolution: 'Исправлено', needsReason: false };

describe('a solution is short but informative (R54)', () => {
  test.each<[string, string, string | undefined]>([
    ['names what was done', 'Исправлен адрес шлюза ЕИП.', undefined],
    ['is in Latin letters', 'Gateway address corrected', undefined],
    ['is a bare word', 'Готово', 'says_nothing'],
    ['is several bare words', '  ГОТОВО, исправлено!!!\n', 'says_nothing'],
    ['is a bare word with ё', 'Все сделано', 'says_nothing'],
    ['is a bare word in Latin letters', 'Done.', 'says_nothing'],
    ['is punctuation only', '… — !', 'says_nothing'],
    ['repeats the title in other letters', 'не создается  заявка: в ЕИП.', 'same_as_title'],
    ['is too short', 'Перезапуск БД', 'too_short'],
    ['is long only by its blanks', 'Перезапуск          БД', 'too_short'],
    ['is just long enough', 'Перезапуск базы', undefined],
    ['counts letters beyond the basic plane once', '😕😕😕 Перезапуск', 'too_short'],
    ['has bare words among others', 'Готово: перезапущен узел 2', undefined],
  ])('one that %s', (_, solution, fault) => {
    expect(faultOfSolution(solution, context, rules)).toBe(fault);
  });

  test('whatever the words are, judging them ends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(() => faultOfSolution(text, context, rules)).not.toThrow();
      }),
    );
  });
});

describe('what cannot be done needs a reason (R53, R69)', () => {
  const refusal = { ...context, resolution: 'Не будет исправлено', needsReason: true };

  test.each<[string, string, string | undefined]>([
    ['names the reason', 'Поведение предусмотрено техническим заданием 4.1.', undefined],
    ['only names the resolution', 'Не будет исправлено.', 'only_resolution'],
    ['names the resolution and bare words', 'Готово, это не будет исправлено', 'only_resolution'],
    ['would do for a fix but is no reason', 'Перезапущен узел кластера', 'reason_too_short'],
  ])('one that %s', (_, solution, fault) => {
    expect(faultOfSolution(solution, refusal, rules)).toBe(fault);
  });
});

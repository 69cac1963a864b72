import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../src/domain/decide.ts';
import { assessPriority, judgePriority } from '../../src/domain/priority.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, aLink, aTicket, NOW } from '../support/records.ts';

const policy = quietPolicy;
const outage = 'У всех пользователей МРФ «Волга» система недоступна.';

const judge = (changes: Partial<Snapshot>) =>
  judgePriority({ ticket: aTicket({ title: 'Обращение', ...changes }), link: aLink() }, policy.priority).because;
const assess = (changes: Partial<Snapshot>) =>
  assessPriority(aTicket({ title: 'Обращение', ...changes }), policy.priority);

describe('R31 «К событиям … приоритета относят»: the choice of the agent stands', () => {
  test('a disagreement is recorded with clause and words, and nothing is done', () => {
    const { actions, because } = decide(
      { ticket: aTicket({ title: 'Обращение', text: outage }), link: aLink() },
      policy,
      NOW,
    );

    expect(because).toContainEqual({
      notable: true,
      rule: 'priority-differs-from-the-criteria',
      clause: 'R31, R31.3',
      evidence:
        'the ticket is «3 Средний», the criteria say «1 Критичный»: unavailable-for-everyone-in-a-branch (text: «всех пользователей МРФ «Волга» система недоступна»)',
    });
    expect(actions).toEqual([]);
  });

  test('an agreement names the criterion that both rest on', () => {
    expect(judge({ text: outage, priority: '1 критичный' })).toEqual([
      expect.objectContaining({ rule: 'unavailable-for-everyone-in-a-branch', clause: 'R31.3' }),
    ]);
  });

  test('a priority that the mapping does not know is said to be unknown', () => {
    expect(judge({ text: outage, priority: '5 Иной' })).toEqual([
      expect.objectContaining({ rule: 'priority-is-not-known', clause: 'R30' }),
    ]);
  });

  test('without any criterion the agent is not contradicted', () => {
    expect(judge({ text: 'Посмотрите карточку.', priority: '2 Высокий' })).toEqual([
      expect.objectContaining({ rule: 'priority-rests-on-the-agent' }),
    ]);
  });

  test('what a higher criterion lacks is shown while nobody has decided', () => {
    expect(judge({ text: 'Система остановилась.' })).toContainEqual({
      rule: 'full-stop-restart-does-not-help',
      clause: 'R31.1',
      evidence: 'said in part (text: «Система остановилась»); the rest is not known',
    });
  });

  test('a cause is a hint and does not decide', () => {
    const reasons = judge({ text: 'В логах отказ BPM движка.' });

    expect(reasons).toContainEqual(expect.objectContaining({ rule: 'cause-bpm-engine-failed' }));
    expect(assess({ text: 'В логах отказ BPM движка.' }).rank).toBe(3);
  });

  test('a closed ticket is not judged', () => {
    expect(judge({ text: outage, phase: 'done' })).toEqual([]);
  });
});

describe('R30 «Всем поступающим заявкам присваивается приоритет»', () => {
  test.each<[string | undefined, number, boolean]>([
    ['NTTM: Решение проблем с доступом', 3, false],
    ['NTTM: Предоставление доступа к системе', 4, false],
    ['NTTM: Техническая поддержка', 3, true],
    [undefined, 3, true],
  ])('the default of the service %s is %d, triage: %j', (service, rank, needsTriage) => {
    const { service: _, ...ticket } = aTicket({ title: 'Обращение', text: 'Посмотрите карточку.' });

    expect(assessPriority(service === undefined ? ticket : { ...ticket, service }, policy.priority)).toMatchObject({
      rank,
      needsTriage,
    });
  });

  test('the highest criterion that is met wins', () => {
    const { rank, findings } = assess({ text: `Опечатка в меню. У меня ошибка. ${outage}` });

    expect(rank).toBe(1);
    expect(new Set(findings.filter(({ verdict }) => verdict === 'yes').map(({ criterion }) => criterion.rank))).toEqual(
      new Set([1, 4]),
    );
  });

  test('later words of the requester count, an agent’s and internal ones do not', () => {
    const said = (changes: Parameters<typeof aComment>[0]) =>
      assess({ text: 'Посмотрите.', comments: [aComment({ id: '101', text: outage, ...changes })] }).rank;

    expect(said({ by: 'requester' })).toBe(1);
    expect(said({ by: 'agent' })).toBe(3);
    expect(said({ by: 'requester', visibility: 'internal' })).toBe(3);
  });
});

describe('an assessment', () => {
  const words = fc.constantFrom(
    ...'система NTTM недоступна не работает нет у всех пользователей филиала зависает 15 минут 2 часа ошибка ошибок'.split(
      ' ',
    ),
    ...'ещё всё отчёт учётная запись опечатка , . ! перезагрузка помогла если ли съехали столбцы обходной путь'.split(
      ' ',
    ),
  );
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.array(words, { maxLength: 40 }).map((parts) => parts.join(' ')),
  );
  const verdicts = (text: string) =>
    assess({ text }).findings.map(({ criterion, verdict }) => `${criterion.name}: ${verdict}`);

  test('is total and deterministic', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const first = assess({ text });

        expect([1, 2, 3, 4]).toContain(first.rank);
        expect(first.findings).toHaveLength(policy.priority.criteria.length);
        expect(assess({ text })).toEqual(first);
      }),
    );
  });

  test('does not depend on case or on ё and е', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
        const text = parts.join(' ');

        expect(verdicts(text.toLocaleUpperCase('ru'))).toEqual(verdicts(text));
        expect(verdicts(text.replaceAll('ё', 'е'))).toEqual(verdicts(text));
        expect(verdicts(text.replaceAll('ё', 'е\u0308'))).toEqual(verdicts(text));
      }),
    );
  });

  test('quotes words that stand in the ticket', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const said = assess({ text }).findings.flatMap(({ evidence }) => evidence);
        for (const { quote } of said.filter(({ where }) => where === 'text')) {
          expect(quote).not.toBe('');
          expect(text).toContain(quote);
        }
      }),
    );
  });

  test('has evidence for every criterion that is met, and wins by the lowest rank among them', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { rank, findings } = assess({ text });
        const met = findings.filter(({ verdict, criterion }) => verdict === 'yes' && !criterion.hint);

        expect(met.filter(({ evidence }) => evidence.length === 0)).toEqual([]);
        expect(rank).toBe(met.length === 0 ? 3 : Math.min(...met.map(({ criterion }) => criterion.rank)));
      }),
    );
  });
});

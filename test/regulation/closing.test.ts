import { describe, expect, test } from '@jest/globals';
import { decide, type Policy } from '../../src/domain/decide.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { closedByAgent, done, factsOf, filled, notesOf, seenOpen, settle, withClosure } from '../support/closing.ts';
import { quietPolicy } from '../support/policy.ts';
import { aTicket, NOW } from '../support/records.ts';

const policy = quietPolicy;
const UPDATE_STATE = 'Ожидает установки обновления';
const REASON = 'Поведение предусмотрено техническим заданием 4.1.';

const shipped = (versions: string | readonly string[], released: string | readonly string[] = []) => ({
  ...done,
  fields: {
    ...done.fields,
    fix_versions: versions,
    ...(released.length === 0 ? {} : { released_versions: released }),
  },
});

const rulesOf = (facts: Facts, rules: Policy = policy) => decide(facts, rules, NOW).because.map(({ rule }) => rule);

describe('R53: «Устранения дефекта» or «Невозможности выполнения обращения»', () => {
  test.each([
    ['Исправлено', 'fixed', 'fixed'],
    ['Не будет исправлено', 'impossible', 'impossible'],
    ['Не воспроизводится', 'impossible', 'impossible'],
    ['Дубликат', 'duplicate', 'other'],
    ['Консультация', 'consultation', 'other'],
  ])('the resolution «%s» closes with code %s of the family %s', (resolution, code, family) => {
    const facts = factsOf({}, { ...done, resolution, fields: { ...done.fields, solution: REASON } });
    const { actions, because } = decide(facts, policy, NOW);

    expect(actions).toMatchObject([{ do: 'move', to: 'Закрыто', fields: { closure_code: code, solution: REASON } }]);
    expect(because).toContainEqual(expect.objectContaining({ evidence: expect.stringContaining(`(${family})`) }));
  });

  test('a resolution that no row names gets a code too, and the decision says so', () => {
    const facts = factsOf({}, { ...done, resolution: 'Отложено' });

    expect(decide(facts, policy, NOW).actions).toMatchObject([{ to: 'Закрыто', fields: { closure_code: 'fixed' } }]);
    expect(rulesOf(facts)).toContain('resolution-has-no-code-of-its-own');
  });
});

describe('R54: «Решение» is «краткое, но информативное»', () => {
  test.each([
    ['Готово', 'не сказано, что сделано'],
    ['не создаётся заявка в ЕИП', 'повторяет тему обращения'],
    ['Перезапуск', 'короче 15 знаков'],
  ])('«%s» does not count, and the note says: %s', (solution, why) => {
    const { end, performed } = settle(factsOf({}, { ...done, fields: { ...done.fields, solution } }));

    expect(end.ticket.state).toBe('Решено');
    expect(end.ticket.fields).not.toHaveProperty('solution');
    expect(notesOf(performed)).toMatchObject([
      { visibility: 'internal', text: expect.stringContaining(`«Решение» (${why})`) },
    ]);
  });

  test('words of an agent that are good enough take the place of those that are not', () => {
    const own = 'Перезапущен шлюз ЕИП, обмен восстановлен.';
    const facts = factsOf({ fields: { solution: own } }, { ...done, fields: { ...done.fields, solution: 'Готово' } });

    expect(decide(facts, policy, NOW).actions).toMatchObject([{ to: 'Закрыто', fields: { solution: own } }]);
  });

  test('another fault is worth another note, the same one is not', () => {
    const { end } = settle(factsOf({}, { ...done, fields: { ...done.fields, solution: 'Готово' } }));
    const issue = end.issue ?? done;
    const changed = (solution: string) =>
      settle({ ...end, issue: { ...issue, fields: { ...issue.fields, solution } } as Snapshot }).performed;

    expect(notesOf(changed('Сделано'))).toEqual([]);
    expect(notesOf(changed('Перезапуск'))).toHaveLength(1);
  });
});

describe('R53, R54, R69: «описание причины», «ответ пользователю о невозможности»', () => {
  const refused = { ...done, resolution: 'Не будет исправлено' };

  test.each([
    ['Не будет исправлено', 'названа только резолюция, а не причина'],
    ['Перезапущен узел кластера', 'причина короче 30 знаков'],
  ])('a refusal with «%s» does not close: %s', (solution, why) => {
    const facts = factsOf({}, { ...refused, fields: { ...done.fields, solution } });

    expect(notesOf(decide(facts, policy, NOW).actions)).toMatchObject([{ text: expect.stringContaining(why) }]);
    expect(decide(facts, policy, NOW).because).toContainEqual(
      expect.objectContaining({ rule: 'closing-block-is-not-filled', clause: 'R53, R69, R54' }),
    );
  });

  test('an agent’s own code is judged by its meaning', () => {
    const { resolution: _, ...unresolved } = done;
    const fields = { closure_code: 'impossible', solution: 'Перезапущен узел кластера', configuration_item: 'db' };
    const { actions } = decide(factsOf({ fields }, { ...unresolved, fields: {} }), policy, NOW);

    expect(notesOf(actions)).toMatchObject([{ text: expect.stringContaining('причина короче 30 знаков') }]);
  });
});

describe('R52: «разрешение обращения выполняется по факту установки соответствующего обновления Системы»', () => {
  test('a fix that ships in an update waits for its installation, and a note names the version', () => {
    const facts = factsOf({}, shipped(['4.2', '4.3']));
    const { end, performed } = settle(facts);

    expect(end.ticket).toMatchObject({ state: UPDATE_STATE, fields: { closure_code: 'fixed' } });
    expect(notesOf(performed)).toMatchObject([
      { visibility: 'internal', subject: 'Обращение ждёт установки обновления 4.2, 4.3' },
    ]);
    expect(decide(facts, policy, NOW).because).toContainEqual(
      expect.objectContaining({
        rule: 'update-is-not-installed',
        clause: 'R52',
        evidence: expect.stringContaining('The terms run on'),
      }),
    );
  });

  test('it closes as soon as an agent ticks that the update is installed', () => {
    const { end } = settle(factsOf({}, shipped('4.3')));
    const installed = { ...end, ticket: { ...end.ticket, fields: { ...end.ticket.fields, update_installed: '1' } } };

    expect(settle(installed).performed).toMatchObject([
      { do: 'move', to: 'Закрыто' },
      { do: 'relate', isResolved: true },
    ]);
  });

  test('what an agent put right while the ticket waits is not written back (R54)', () => {
    const { end } = settle(factsOf({}, shipped('4.3')));
    const fields = {
      ...end.ticket.fields,
      solution: 'Заменён узел обмена, очередь разобрана.',
      configuration_item: 'db',
    };
    const { performed } = settle({ ...end, ticket: { ...end.ticket, fields } });

    expect(performed).toEqual([]);
    const installed = { ...fields, update_installed: '1' };
    expect(settle({ ...end, ticket: { ...end.ticket, fields: installed } }).end.ticket.fields).toMatchObject(fields);
  });

  test('a resolution that no row names leaves the code that an agent chose (R53)', () => {
    const facts = factsOf(
      { fields: { closure_code: 'impossible' } },
      {
        ...done,
        resolution: 'Отклонено',
        fields: { ...done.fields, solution: REASON },
      },
    );

    expect(settle(facts).end.ticket.fields.closure_code).toBe('impossible');
  });

  test('the tick of an earlier fix does not count once the ticket was opened again, and is taken away for the next one', () => {
    const history = [
      { property: 'fields.update_installed', to: '1' },
      { property: 'state', from: UPDATE_STATE, to: 'Закрыто' },
      { property: 'state', from: 'Закрыто', to: 'В работе' },
    ] as const;
    const facts = factsOf({}, shipped('4.4'));
    const reopened = {
      ...facts,
      ticket: {
        ...facts.ticket,
        fields: { ...facts.ticket.fields, update_installed: '1' },
        history: history.map((change) => ({ at: NOW, by: '21', what: 'Update', detail: '', changes: [change] })),
      },
    };
    const { end } = settle(reopened);

    expect(end.ticket.state).toBe(UPDATE_STATE);
    expect(end.ticket.fields.update_installed).toBeUndefined();
  });

  test('what the block lacks is told while it waits, and it does not close without', () => {
    const { end, performed } = settle(
      factsOf({}, { ...done, fields: { ...done.fields, configuration_item: [], fix_versions: '4.3' } }),
    );
    const installed = { ...end, ticket: { ...end.ticket, fields: { ...end.ticket.fields, update_installed: '1' } } };

    expect(notesOf(performed).map(({ subject }) => subject)).toEqual([
      'Обращение ждёт установки обновления 4.3',
      'Обращение нельзя закрыть: не заполнено «Конфигурационная единица»',
    ]);
    expect(settle(installed).end.ticket.state).toBe('Решено');
  });

  test.each(['Не будет исправлено', 'Не воспроизводится', 'Дубликат', 'Консультация'])(
    'with the resolution «%s» nothing ships, so nothing is waited for',
    (resolution) => {
      const issue = { ...shipped('4.3'), resolution };
      const facts = factsOf({}, { ...issue, fields: { ...issue.fields, solution: REASON } });

      expect(settle(facts).end.ticket.state).toBe('Закрыто');
    },
  );

  test('another version is worth another note, the same one is not', () => {
    const { end } = settle(factsOf({}, shipped('4.2')));
    const issue = end.issue ?? done;
    const planned = (version: string) =>
      settle({ ...end, issue: { ...issue, fields: { ...issue.fields, fix_versions: version } } as Snapshot }).performed;

    expect(planned('4.2')).toEqual([]);
    expect(notesOf(planned('4.3'))).toHaveLength(1);
  });

  test('a reopened issue takes the waiting ticket back to work', () => {
    const { end } = settle(factsOf({}, shipped('4.3')));
    const { resolution: _, ...issue } = end.issue ?? { ...aTicket() };
    const reopened = { ...end, issue: { ...issue, state: 'В работе', phase: 'open' } as Snapshot };

    expect(settle(reopened).end.ticket.state).toBe('В работе');
  });

  test.each<[string, 'no' | 'yes', string | readonly string[], string]>([
    ['a release is no installation', 'no', ['4.2', '4.3'], UPDATE_STATE],
    ['every version is released', 'yes', ['4.2', '4.3'], 'Закрыто'],
    ['one of the versions is not released', 'yes', '4.2', UPDATE_STATE],
    ['none is released', 'yes', [], UPDATE_STATE],
  ])('%s: with `released_version_counts: %s` and %j released the ticket is «%s»', (_, counts, released, state) => {
    const { update } = policy.closure;
    const rules = withClosure(update === undefined ? {} : { update: { ...update, releasedVersionCounts: counts } });

    expect(settle(factsOf({}, shipped(['4.2', '4.3'], released)), rules).end.ticket.state).toBe(state);
  });

  test('a release is looked for again, since JIRA tells no issue of it', () => {
    const { update } = policy.closure;
    const rules = withClosure(update === undefined ? {} : { update: { ...update, releasedVersionCounts: 'yes' } });
    const facts = factsOf({}, shipped('4.3'));

    expect(decide(facts, rules, NOW).lookAgainAt).toEqual(NOW.plus({ hours: 1 }));
    expect(decide(facts, policy, NOW).lookAgainAt?.toMillis()).not.toBe(NOW.plus({ hours: 1 }).toMillis());
  });
});

describe('R55: «проверяет корректность решения инцидента»', () => {
  test('an administrator can ask for a further field, and the ticket waits for it', () => {
    const { block } = policy.closure;
    const check = { field: 'diagnosis_done', name: 'Решение проверено', clause: 'R55' };
    const rules = withClosure({ block: { ...block, checks: [check] } });
    const { end, performed } = settle(factsOf({}, done), rules);
    const checked = { ...end, ticket: { ...end.ticket, fields: { ...end.ticket.fields, diagnosis_done: '1' } } };

    expect(notesOf(performed)).toMatchObject([{ text: expect.stringContaining('«Решение проверено»') }]);
    expect(settle(checked, rules).end.ticket.state).toBe('Закрыто');
  });
});

describe('R54: an agent closes with «Сведения о решении» not filled', () => {
  const noting = withClosure({ agentClosedIncomplete: 'note' });

  test.each<[string, Snapshot['fields'], string]>([
    ['everything', {}, '«Код закрытия», «Решение», «Конфигурационная единица»'],
    ['a solution', { ...filled, solution: 'Ок' }, '«Решение» (не сказано, что сделано)'],
  ])('the lack of %s is reported and, if so chosen, noted once', (_, fields, missing) => {
    const facts = closedByAgent(fields, seenOpen);

    expect(decide(facts, policy, NOW).actions).toEqual([]);
    expect(decide(facts, policy, NOW).because).toContainEqual(
      expect.objectContaining({
        rule: 'closed-without-its-closing-block',
        clause: 'R54',
        evidence: expect.stringContaining(missing),
      }),
    );
    const { end, performed } = settle(facts, noting);
    expect(notesOf(performed)).toMatchObject([{ visibility: 'internal', text: expect.stringContaining(missing) }]);
    expect(settle(end, noting).performed).toEqual([]);
  });

  test('a ticket that was closed before the bridge ever saw it gets no note', () => {
    expect(settle(closedByAgent({}, {}), noting).performed).toEqual([]);
  });

  test('a filled block is nothing to speak of', () => {
    expect(rulesOf(closedByAgent(filled, seenOpen))).not.toContain('closed-without-its-closing-block');
  });

  test('a merged ticket was not closed', () => {
    expect(rulesOf(closedByAgent({}, seenOpen, { state: 'merged' }))).not.toContain('closed-without-its-closing-block');
  });
});

import { describe, expect, test } from '@jest/globals';
import { changesOf, createComparer } from '../../src/replay/compare.ts';
import { policyWith } from '../support/changed-mappings.ts';
import { shippedPolicy as policy } from '../support/policy.ts';
import { agreedFacts, aLink, aTicket, NOW } from '../support/records.ts';

const bare = (changes: Parameters<typeof aTicket>[0]) => ({ ticket: aTicket(changes), link: aLink() });

describe('R29: a change of the rules lists the differences', () => {
  test('the same rules differ in nothing', () => {
    expect(changesOf(agreedFacts(), policy, policy, NOW)).toEqual([]);
  });

  test('a threshold shows as another priority, with rule and clause on either side', async () => {
    const other = await policyWith({ file: 'priority.yaml', from: 'hang_minutes: 10', to: 'hang_minutes: 20' });
    const hanging = bare({ title: 'NTTM', text: 'Система зависла и не отвечает уже 15 минут.' });

    expect(changesOf(hanging, policy, other, NOW)).toEqual([
      {
        aspect: 'priority by the criteria',
        before: { shown: '1 Критичный', because: [{ rule: 'hangs-without-response', clause: 'R31.5' }] },
        after: { shown: '3 Средний', because: [{ rule: 'no-criterion-is-met', clause: 'R30' }] },
      },
    ]);
  });

  test('a rule of escalation shows as an issue that is opened or not', async () => {
    const other = await policyWith({ file: 'escalation.yaml', from: 'is: ["NTTM::3ЛТП"]', to: 'is: ["NTTM::4ЛТП"]' });
    const [change] = changesOf(bare({ ticketQueue: 'NTTM::3ЛТП' }), policy, other, NOW);

    expect(change).toMatchObject({
      aspect: 'issue',
      before: { shown: 'opens OSSTTMB2B / Дефект / Средний', because: [{ clause: 'R50' }] },
      after: { shown: 'none', because: [{ rule: 'no-escalation-rule-is-met' }] },
    });
  });

  test('another way to an adjacent system shows as a linked ticket, and leaves the issue alone', async () => {
    const other = await policyWith({
      file: 'related-systems.yaml',
      from: /^ {4}mandatory: \[\]$/m,
      to: '    mandatory: []\n    system: dwh',
    });
    const facts = bare({ ticketQueue: 'NTTM::3ЛТП', fields: { related_system: 'dwh' } });

    expect(changesOf(facts, policy, other, NOW)).toMatchObject([
      {
        aspect: 'linked tickets',
        before: { shown: 'opens dwh in otrs (Смежные системы::DWH / Инцидент)', because: [{ clause: 'R71' }] },
        after: { shown: 'opens dwh in dwh (Смежные системы::DWH / Инцидент)' },
      },
    ]);
  });

  test('a status row shows as another state', async () => {
    const other = await policyWith({
      file: 'status.yaml',
      from: 'ticket_state: "В работе"',
      to: 'ticket_state: "Решено"',
    });
    const facts = agreedFacts({}, { state: 'В работе' });

    // «В работе» ends the stage of the reaction, «Решено» does not: its missed term is told in a note.
    expect(changesOf(facts, policy, other, NOW)).toMatchObject([
      { aspect: 'state', before: { shown: 'becomes «В работе»' }, after: { shown: 'becomes «Решено»' } },
      { aspect: 'other actions', before: { shown: 'none' }, after: { shown: 'comment in otrs' } },
    ]);
  });

  test('a service that is no longer ours shows as such', async () => {
    const from = /NTTM: Решение проблем с доступом/g;
    const changes = ['services.yaml', 'completeness.yaml', 'priority.yaml', 'access.yaml'].map((file) => ({
      file,
      from,
      to: 'Вход',
    }));
    const other = await policyWith(...changes);
    const [change] = changesOf(bare({ service: 'NTTM: Решение проблем с доступом' }), policy, other, NOW);

    expect(change).toMatchObject({ aspect: 'scope', before: { shown: 'ours' }, after: { shown: 'not ours' } });
  });

  test('a text shows as other content of the same action', async () => {
    const other = await policyWith({ file: 'escalation.yaml', from: 'Обращение OTRS', to: 'Заявка OTRS' });
    const comparer = createComparer(policy, other, 5);
    comparer.add(bare({ ticketQueue: 'NTTM::3ЛТП' }), NOW);

    expect(comparer.result().groups).toMatchObject([
      { aspect: 'issue', after: 'opens OSSTTMB2B / Дефект / Средний, with other content' },
    ]);
  });

  test('like changes are counted together, and some of their tickets are named', async () => {
    const other = await policyWith({ file: 'priority.yaml', from: 'hang_minutes: 10', to: 'hang_minutes: 20' });
    const comparer = createComparer(policy, other, 2);
    for (const id of ['1', '2', '3', '4']) {
      const text = id === '4' ? 'Текст' : 'Система зависла и не отвечает уже 15 минут.';
      comparer.add(bare({ ref: { system: 'otrs', id, key: `T${id}` }, text }), NOW);
    }

    expect(comparer.result()).toMatchObject({
      compared: 4,
      changed: 3,
      groups: [{ count: 3, tickets: ['T1', 'T2'], beforeBecause: ['hangs-without-response (R31.5)'] }],
    });
  });
});

describe('R29: a change of the rules tells which deadlines it moves', () => {
  const medium = bare({ ticketQueue: 'NTTM::2ЛТП' });

  test('of the changed stage alone, with both terms, both moments and the clause', async () => {
    const other = await policyWith({
      file: 'sla.yaml',
      from: 'workaround: { working_days: 2 }',
      to: 'workaround: { working_days: 3 }',
    });
    const comparer = createComparer(policy, other, 5);
    comparer.add(medium, NOW);

    expect(comparer.result().groups).toEqual([
      {
        aspect: 'deadline of the workaround',
        before: '2 working days',
        after: '3 working days',
        beforeBecause: ['targets-of-priority-3 (R21)'],
        afterBecause: ['targets-of-priority-3 (R21)'],
        count: 1,
        tickets: ['2026112310000042 (2026-11-25T07:00:00Z -> 2026-11-26T07:00:00Z)'],
      },
    ]);
  });

  test('also where the words of the term stay the same and only their reading is another', async () => {
    const other = await policyWith({ file: 'sla.yaml', from: 'working_day: window', to: 'working_day: end_of_day' });

    expect(changesOf(medium, policy, other, NOW)).toMatchObject([
      {
        aspect: 'deadline of the diagnosis',
        before: { shown: '1 working day', detail: '2026-11-24T07:00:00Z' },
        after: { shown: '1 working day', detail: '2026-11-24T15:00:00Z' },
      },
      { aspect: 'deadline of the workaround', after: { detail: '2026-11-25T15:00:00Z' } },
      { aspect: 'deadline of the resolution', after: { detail: '2026-11-30T15:00:00Z' } },
    ]);
  });

  test('like changes of many tickets are one kind of change, whatever their moments', async () => {
    const other = await policyWith({
      file: 'sla.yaml',
      from: 'reaction: { working_hours: 1 }',
      to: 'reaction: { working_hours: 2 }',
    });
    const comparer = createComparer(policy, other, 1);
    comparer.add(medium, NOW);
    comparer.add(bare({ createdAt: NOW.minus({ days: 3 }) }), NOW);

    const [group] = comparer.result().groups.filter(({ aspect }) => aspect === 'deadline of the reaction');
    expect(group).toMatchObject({ count: 2, before: '1 working hour', after: '2 working hours' });
    expect(group?.tickets).toHaveLength(1);
  });
});

describe('R17: a change of the checklist tells whose information it touches', () => {
  const facts = bare({
    title: 'Карточка',
    text: 'Шаги: открыть карточку, нажать «Сохранить». Ожидание: карточка сохранена.',
  });

  test('what is newly missing is named, and the deadlines that no longer run', async () => {
    const other = await policyWith({
      file: 'completeness.yaml',
      from: 'actual_result: warn',
      to: 'actual_result: block',
    });
    const changes = changesOf(facts, policy, other, NOW);

    expect(changes.find(({ aspect }) => aspect === 'information')).toEqual({
      aspect: 'information',
      before: {
        shown: 'complete',
        full: 'T0 2026-11-23T07:00:00Z',
        detail: 'T0 2026-11-23T07:00:00Z',
        because: [{ rule: 'information-is-complete', clause: 'R46, R47' }],
      },
      after: {
        shown: 'incomplete, lacks actual-result',
        full: 'T0 none',
        detail: 'T0 none',
        because: [{ rule: 'information-is-missing', clause: 'R46, R47, R36' }],
      },
    });
    expect(changes.find(({ aspect }) => aspect === 'deadline of the resolution')?.after).toEqual({
      shown: 'none',
      because: [],
    });
  });
});

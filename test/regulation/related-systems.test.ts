import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import type { Link } from '../../src/domain/link.ts';
import { judgeRelated } from '../../src/domain/related/judge-related.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { loadNamesInUse } from '../../src/policy/load.ts';
import { faultsWith, policyWith } from '../support/changed-mappings.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, aLink, aTicket, NOW } from '../support/records.ts';

const policy = quietPolicy;

const judge = (changes: Partial<Snapshot>, link: Partial<Link> = {}) =>
  judgeRelated({ ticket: aTicket({ title: 'Обращение', ...changes }), link: aLink(link) }, policy.related);

const reasonsOf = (changes: Partial<Snapshot>) => judge({ text: '', ...changes }).because;

describe('R71 «проблема определена на стороне смежной системы … создается связанная заявка на соответствующую услугу»', () => {
  test.each([
    ['eip', 'ЕИП', 'ЕИП: Техническая поддержка', 'Смежные системы::ЕИП'],
    ['netrac', 'Netrac Teoco', 'Netrac Teoco: Техническая поддержка', 'Смежные системы::Netrac Teoco'],
    ['dwh', 'DWH', 'DWH: Техническая поддержка', 'Смежные системы::DWH'],
  ])('the agent who chooses %s has a ticket opened on service and ticket queue of %s', (key, title, service, queue) => {
    const { actions, because } = judge({ fields: { related_system: key, external_number: 'Е-1' } });

    expect(actions).toMatchObject([
      {
        do: 'open',
        key: `open:related:${key}`,
        system: 'otrs',
        role: 'related',
        name: key,
        draft: { project: queue, priority: '3 Средний', requester: 'user.volga', state: 'Назначено' },
      },
    ]);
    expect(because).toEqual([
      {
        rule: 'related-system-is-decided',
        clause: 'R71',
        evidence: `the agent chose ${title}: service «${service}», ticket queue «${queue}»`,
        action: `open:related:${key}`,
      },
    ]);
  });

  test('the linked ticket has the text of the ticket, its number and state, and the number in the external system', () => {
    const [action] = judge({
      title: 'Заявка не уходит',
      text: 'Нажимаю «Отправить» — {requester.email} ошибка.',
      fields: { related_system: 'eip', external_number: 'Е-1' },
    }).actions;

    expect(action).toMatchObject({
      draft: {
        title: 'Заявка не уходит',
        text: expect.stringMatching(
          /Обращение 2026112310000042.*внешней системе: Е-1.*«Отправить» — \{requester.email\} о/s,
        ),
        fields: {
          service: 'ЕИП: Техническая поддержка',
          external_number: 'Е-1',
          parent_ticket: '2026112310000042 (В работе)',
        },
      },
    });
  });

  test('a field that the ticket lacks is left out of the linked ticket', () => {
    const [action] = judge({ fields: { related_system: 'dwh' } }).actions;

    expect(action).toMatchObject({
      draft: { fields: { service: 'DWH: Техническая поддержка', parent_ticket: expect.any(String) } },
    });
    expect(JSON.stringify(action)).not.toContain('external_number');
  });

  test('keys are compared as people read them', () => {
    expect(judge({ fields: { related_system: ' DWH ' } }).actions).toMatchObject([{ key: 'open:related:dwh' }]);
  });

  test('a choice without a route is told with the routes that there are', () => {
    expect(reasonsOf({ fields: { related_system: 'sap' } })).toEqual([
      {
        rule: 'related-system-has-no-route',
        clause: 'R71',
        evidence: 'related_system is «sap», and there are routes for eip, netrac, dwh only',
      },
    ]);
  });

  test('of several choices each has its ticket', () => {
    const { actions } = judge({ fields: { related_system: ['eip', 'dwh', ''], external_number: '1' } });

    expect(actions.map(({ key }) => key)).toEqual(['open:related:eip', 'open:related:dwh']);
  });

  test.each<[string, Partial<Snapshot>]>([
    ['a closed ticket', { state: 'Закрыто', phase: 'done' }],
    ['a ticket that was opened for another one itself', { fields: { parent_ticket: '2026112310000001 (В работе)' } }],
    ['a ticket of a foreign service', { service: 'ЕИП: Техническая поддержка' }],
  ])('%s opens none', (_what, { fields, ...ticket }) => {
    const { actions } = judge({ ...ticket, fields: { related_system: 'dwh', ...fields } });

    expect(actions).toEqual([]);
  });

  test('a system may be asked without an agent where the mapping says so', async () => {
    const byQueue = await policyWith({
      file: 'related-systems.yaml',
      from: /^ {4}mandatory: \[\]$/m,
      to: '    mandatory: []\n    when: [{ property: ticket_queue, is: ["NTTM::DWH"] }, { property: state, is: ["В работе"] }]',
    });
    const opened = (ticket: Partial<Snapshot>) =>
      judgeRelated({ ticket: aTicket(ticket), link: aLink() }, byQueue.related).actions.map(({ key }) => key);

    expect(opened({ ticketQueue: 'NTTM::DWH' })).toEqual(['open:related:dwh']);
    expect(opened({ ticketQueue: 'NTTM::DWH', state: 'Назначено' })).toEqual([]);
    expect(opened({ ticketQueue: 'NTTM::2ЛТП' })).toEqual([]);
  });

  test('the mapping may name another requester than that of the ticket', async () => {
    const asTeam = await policyWith({
      file: 'related-systems.yaml',
      from: '    state: Назначено\n',
      to: '    state: Назначено\n    requester: nttm.support\n',
    });
    const ticket = aTicket({ fields: { related_system: 'dwh' } });

    expect(judgeRelated({ ticket, link: aLink() }, asTeam.related).actions).toMatchObject([
      { draft: { requester: 'nttm.support' } },
    ]);
  });

  test.each<[string, Partial<Snapshot>, string, string]>([
    ['in the title', { title: 'Не создаётся заявка в ЕИП' }, 'ЕИП', 'title: «ЕИП»'],
    ['in small letters', { text: 'Обмен с еип не работает.' }, 'ЕИП', 'text: «еип»'],
    ['by half of its name', { text: 'Из Teoco не приходят аварии.' }, 'Netrac Teoco', 'text: «Teoco»'],
    ['in Cyrillic', { text: 'Нетрака снова нет в сети.' }, 'Netrac Teoco', 'text: «Нетрака»'],
    ['by what it is', { text: 'Выгрузка в хранилище  данных встала.' }, 'DWH', 'text: «хранилище данных»'],
    [
      'in a later letter',
      { comments: [aComment({ id: '101', by: 'requester', text: 'Это в DWH.' })] },
      'DWH',
      'comment 101: «DWH»',
    ],
  ])('a system that the requester names %s is proposed with his words', (_where, ticket, title, quote) => {
    expect(reasonsOf(ticket)).toEqual([
      {
        rule: 'related-system-is-named',
        clause: 'R71',
        evidence: `perhaps ${title} (${quote}); the agent decides by related_system`,
      },
    ]);
  });

  test.each<[string, Partial<Snapshot>]>([
    ['a text that names no system', { text: 'Система не открывается.' }],
    ['a denial', { text: 'Ошибка возникает без ЕИП.' }],
    ['a supposition', { text: 'Если ЕИП не ответит, что делать?' }],
    ['a part of another word', { text: 'Кнопка «СвЕИПовать» не нажимается.' }],
    ['the words of an agent', { comments: [aComment({ id: '101', by: 'agent', text: 'Это ЕИП.' })] }],
    [
      'an internal note',
      { comments: [aComment({ id: '101', by: 'requester', text: 'ЕИП.', visibility: 'internal' })] },
    ],
    ['a closed ticket', { text: 'ЕИП не отвечает.', state: 'Закрыто', phase: 'done' }],
    ['a closed ticket with a choice', { fields: { related_system: 'eip' }, state: 'Закрыто', phase: 'done' }],
  ])('%s proposes none', (_what, ticket) => {
    expect(reasonsOf(ticket)).toEqual([]);
  });

  test('once the agent has decided nothing else is proposed', () => {
    const { because } = judge({ text: 'ЕИП и DWH не отвечают.', fields: { related_system: 'dwh' } });

    expect(because.map(({ rule }) => rule)).toEqual(['related-system-is-decided']);
  });

  test('several systems that are named are proposed each', () => {
    expect(reasonsOf({ text: 'Ни Netrac, ни ЕИП: DWH не отвечает, Teoco тоже.' })).toHaveLength(2);
  });

  test('without the agent no ticket is opened', () => {
    expect(decide({ ticket: aTicket(), link: aLink() }, policy, NOW).actions).toEqual([]);
  });
});

describe('I1 «never create … a second linked ticket for the same (ticket, target)»', () => {
  const linked = [{ name: 'dwh', role: 'related', ref: { system: 'otrs', id: '901' } }] as const;

  test.each<[string, Partial<Snapshot>]>([
    ['the choice stands', { fields: { related_system: 'dwh' } }],
    ['the choice was taken back', {}],
    ['the linked ticket is closed', { fields: { related_system: 'dwh', related_tickets: 'DWH: 901 (Закрыто)' } }],
  ])('none is opened while one is linked, and %s', (_what, ticket) => {
    expect(judge(ticket, { related: linked }).actions).toEqual([]);
  });

  test('the ticket of another system is opened all the same', () => {
    const { actions } = judge(
      { fields: { related_system: ['dwh', 'eip'], external_number: '1' } },
      { related: linked },
    );

    expect(actions.map(({ key }) => key)).toEqual(['open:related:eip']);
  });

  test('a system that is asked already is not proposed any more', () => {
    expect(judge({ text: 'DWH не отвечает.' }, { related: linked }).because).toEqual([]);
  });
});

describe('R37 «при регистрации заявок из Системы во внешние системы, необходимо указать их номер»', () => {
  test.each([
    ['eip', {}, true],
    ['eip', { external_number: ' ' }, true],
    ['eip', { external_number: 'Е-1' }, false],
    ['netrac', {}, true],
    ['dwh', {}, false],
  ])('%s with %j lacks the number: %s', (key, fields, lacks) => {
    const { actions, because } = judge({ fields: { related_system: key, ...fields } });

    expect(actions).toMatchObject([
      lacks
        ? {
            do: 'comment',
            key: `comment:note:related:${key}:external_number`,
            comment: {
              subject: expect.stringContaining('не заполнено «Номер во внешней системе»'),
              visibility: 'internal',
            },
          }
        : { do: 'open' },
    ]);
    expect(because[0]?.clause).toBe(lacks ? 'R71, R37' : 'R71');
  });

  const incomplete = { fields: { related_system: 'eip' } };
  const NOTE = 'comment:note:related:eip:external_number';

  test.each<[string, Partial<Snapshot>, Partial<Link>]>([
    ['it was remembered', incomplete, { done: { [NOTE]: '9001' } }],
    ['the ticket shows it', { ...incomplete, comments: [aComment({ marker: NOTE })] }, {}],
    ['the ticket is just being registered', { ...incomplete, comments: [] }, {}],
  ])('what is missing is not named again where %s', (_what, ticket, link) => {
    const { actions, because } = judge(ticket, link);

    expect(actions).toEqual([]);
    expect(because).toMatchObject([{ rule: 'related-ticket-lacks-information' }]);
  });

  test('another gap is another note', () => {
    const [note] = judge({ ...incomplete, text: '' }).actions;

    expect(note).toMatchObject({
      key: 'comment:note:related:eip:external_number,text',
      comment: { text: expect.stringContaining('не заполнено «Номер во внешней системе», «Описание»') },
    });
  });

  test('a ticket of nobody is not asked for: it would have no requester there either', () => {
    const [note] = judge({ fields: { related_system: 'dwh' }, requester: { name: 'Гость' } }).actions;

    expect(note).toMatchObject({ key: 'comment:note:related:dwh:requester.login' });
  });
});

test('R70 «проблема определена на стороне Системы … решают проблему в установленном порядке»: nothing is different', () => {
  const own = aTicket({ title: 'Ошибка', text: 'Заявка не сохраняется.', ticketQueue: 'NTTM::3ЛТП' });

  expect(decide({ ticket: own, link: aLink() }, policy, NOW).actions).toMatchObject([{ do: 'open' }]);
});

test('R72: a ticket about an adjacent system keeps the order of technical support', () => {
  const ticket = aTicket({ ticketQueue: 'NTTM::3ЛТП', fields: { related_system: 'dwh' } });

  expect(decide({ ticket, link: aLink() }, policy, NOW).actions).toMatchObject([
    { key: 'open:issue' },
    { key: 'open:related:dwh' },
  ]);
});

test('services, ticket queues, fields and keys are names that OTRS must know', async () => {
  const names = await loadNamesInUse('mappings');
  const listed = (kind: 'services' | 'ticketQueues' | 'ticketFields' | 'ticketTypes') =>
    names[kind].map(({ name }) => name);

  expect(listed('services')).toContain('Netrac Teoco: Техническая поддержка');
  expect(listed('ticketQueues')).toContain('Смежные системы::DWH');
  expect(listed('ticketFields')).toEqual(
    expect.arrayContaining(['related_system', 'external_number', 'related_tickets', 'parent_ticket']),
  );
  expect(listed('ticketTypes')).toContain('Инцидент');
  expect(names.ticketFieldValues).toContainEqual({
    field: 'related_system',
    name: 'netrac',
    at: expect.stringMatching(/related-systems\.yaml:\d+:\d+$/),
  });
});

test.each([
  ['two systems with one key', 'key: dwh', 'key: EIP', /systems\[2\]\.key: «EIP» already stands in row 1/],
  ['two systems with one title', 'title: DWH', 'title: еип', /systems\[2\]\.title: «еип» already stands in row 1/],
  ['a phrase that is broken', '[DWH,', '["[DWH",', /systems\[2\]\.named_by\[0\]: the bracket \[ has no partner/],
  ['a group of words', '[DWH,', '["{обмен} DWH",', /named_by\[0\]: there is no group of words «обмен»/],
  [
    'a route to a service of ours',
    '"DWH: Техническая поддержка"',
    '"NTTM: техническая поддержка"',
    /systems\[2\]\.service: .* is one of our own services/,
  ],
  ['a field with a Russian name', 'field: external_number', 'field: номер', /mandatory\[0\]\.field/],
  [
    'a field twice',
    'mandatory: []',
    'mandatory: [{ field: a, title: А, clause: R37 }, { field: a, title: Б, clause: R37 }]',
    /systems\[2\]\.mandatory\[1\]\.field: the field «a»/,
  ],
  ['a key that cannot name an action', 'key: dwh', 'key: "dwh:1"', /systems\[2\]\.key: .*colons/],
  [
    'a draft that does not exist',
    /open: request\n {4}mandatory: \[\]/,
    'open: запрос\n    mandatory: []',
    /systems\[2\]\.open: there is no draft «запрос».*Use one of «request»/s,
  ],
  [
    'a draft that nothing opens',
    /^drafts:$/m,
    'drafts:\n  other: { type: А, state: Б, title: В, text: Г }',
    /drafts\.other: no system opens the draft «other»/,
  ],
  [
    'a field that the bridge fills',
    'external_number: "{fields',
    'parent_ticket: "{fields',
    /parent_ticket: the bridge fills/,
  ],
  [
    'an unknown placeholder of a draft',
    '{ticket.title}',
    '{ticket.titel}',
    /drafts\.request\.title: unknown placeholder \{ticket\.titel\}.*\{fields\.<logical name>\}/s,
  ],
  [
    'an unknown placeholder of a note',
    'не заполнено {missing}',
    'не заполнено {gaps}',
    /notes\.missing\.subject: unknown placeholder \{gaps\}/,
  ],
  [
    'a condition that asks nothing',
    'mandatory: []',
    'mandatory: []\n    when: [{ property: state }]',
    /systems\[2\]\.when\[0\]/,
  ],
  ['a system without a ticket queue', /^ {4}ticket_queue: "Смежные системы::DWH"$/m, '', /systems\[2\].*ticket_queue/],
])('%s in related-systems.yaml is a fault with its line', async (_what, from, to, fault) => {
  const faults = await faultsWith({ file: 'related-systems.yaml', from, to });

  expect(faults).toMatch(fault);
  expect(faults).toMatch(/related-systems\.yaml:\d+:\d+/);
});

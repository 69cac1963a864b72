import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import { judgeRelated } from '../../src/domain/related.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { loadNamesInUse } from '../../src/policy/load.ts';
import { faultsWith } from '../support/changed-mappings.ts';
import { quietPolicy } from '../support/policy.ts';
import { aComment, aLink, aTicket, NOW } from '../support/records.ts';

const policy = quietPolicy;

const reasonsOf = (changes: Partial<Snapshot>) =>
  judgeRelated({ ticket: aTicket({ title: 'Обращение', text: '', ...changes }), link: aLink() }, policy.related)
    .because;

describe('R71 «проблема определена на стороне смежной системы … создается связанная заявка на соответствующую услугу»', () => {
  test.each([
    ['eip', 'ЕИП', 'ЕИП: Техническая поддержка', 'Смежные системы::ЕИП'],
    ['netrac', 'Netrac Teoco', 'Netrac Teoco: Техническая поддержка', 'Смежные системы::Netrac Teoco'],
    ['dwh', 'DWH', 'DWH: Техническая поддержка', 'Смежные системы::DWH'],
  ])('the agent who chooses %s learns service and ticket queue of %s', (key, title, service, queue) => {
    expect(reasonsOf({ fields: { related_system: key, external_number: 'Е-1' } })).toEqual([
      {
        rule: 'related-system-is-decided',
        clause: 'R71',
        evidence: `the agent chose ${title}: service «${service}», ticket queue «${queue}»; nothing is missing`,
      },
    ]);
  });

  test('keys are compared as people read them', () => {
    expect(reasonsOf({ fields: { related_system: ' DWH ' } })[0]?.rule).toBe('related-system-is-decided');
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

  test('of several choices each has its reason', () => {
    expect(reasonsOf({ fields: { related_system: ['eip', 'dwh', ''] } })).toHaveLength(2);
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
    const rules = reasonsOf({ text: 'ЕИП и DWH не отвечают.', fields: { related_system: 'dwh' } }).map(
      ({ rule }) => rule,
    );

    expect(rules).toEqual(['related-system-is-decided']);
  });

  test('several systems that are named are proposed each', () => {
    expect(reasonsOf({ text: 'Ни Netrac, ни ЕИП: DWH не отвечает, Teoco тоже.' })).toHaveLength(2);
  });

  test('no related ticket is opened: the agent does that', () => {
    const ticket = aTicket({ fields: { related_system: 'dwh' } });

    expect(decide({ ticket, link: aLink() }, policy, NOW).actions).toEqual([]);
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
    const [reason] = reasonsOf({ fields: { related_system: key, ...fields } });

    expect(reason?.clause).toBe(lacks ? 'R71, R37' : 'R71');
    expect(reason?.evidence.includes('missing: «Номер во внешней системе» (external_number)')).toBe(lacks);
  });
});

test('R70 «проблема определена на стороне Системы … решают проблему в установленном порядке»: nothing is different', () => {
  const own = aTicket({ title: 'Ошибка', text: 'Заявка не сохраняется.', ticketQueue: 'NTTM::3ЛТП' });

  expect(decide({ ticket: own, link: aLink() }, policy, NOW).actions).toMatchObject([{ do: 'open' }]);
});

test('R72: a ticket about an adjacent system keeps the order of technical support', () => {
  const ticket = aTicket({ ticketQueue: 'NTTM::3ЛТП', fields: { related_system: 'eip' } });

  expect(decide({ ticket, link: aLink() }, policy, NOW).actions).toMatchObject([{ do: 'open' }]);
});

test('services, ticket queues, fields and keys are names that OTRS must know', async () => {
  const names = await loadNamesInUse('mappings');
  const listed = (kind: 'services' | 'ticketQueues' | 'ticketFields') => names[kind].map(({ name }) => name);

  expect(listed('services')).toContain('Netrac Teoco: Техническая поддержка');
  expect(listed('ticketQueues')).toContain('Смежные системы::DWH');
  expect(listed('ticketFields')).toEqual(expect.arrayContaining(['related_system', 'external_number']));
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
  ['a system without a ticket queue', /^ {4}ticket_queue: "Смежные системы::DWH"$/m, '', /systems\[2\].*ticket_queue/],
])('%s in related-systems.yaml is a fault with its line', async (_what, from, to, fault) => {
  const faults = await faultsWith({ file: 'related-systems.yaml', from, to });

  expect(faults).toMatch(fault);
  expect(faults).toMatch(/related-systems\.yaml:\d+:\d+/);
});

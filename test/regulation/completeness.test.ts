import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { assessCompleteness } from '../../src/domain/completeness.ts';
import type { Attachment, Snapshot } from '../../src/domain/ticket.ts';
import { growth, NEARLY_LINEAR } from '../support/growth.ts';
import { demandingNumbers, shippedPolicy } from '../support/policy.ts';
import { aComment, aTicket } from '../support/records.ts';

interface Case {
  readonly title: string;
  readonly text: string;
  readonly service?: keyof typeof services;
  readonly requester?: 'none' | 'login';
  readonly lacks: readonly string[];
  readonly clause: string;
}

const services = {
  support: 'NTTM: Техническая поддержка',
  access: 'NTTM: Решение проблем с доступом',
  grant: 'NTTM: Предоставление доступа к системе',
  change: 'NTTM: Запрос на доработку',
} as const;

const cases: readonly Case[] = parse(
  readFileSync(new URL('./fixtures/completeness-tickets.yaml', import.meta.url), 'utf8'),
);
const policy = demandingNumbers;

function ticketOf({ title, text, service = 'support', requester }: Case): Snapshot {
  const { requester: known, ...ticket } = aTicket({ title, text, service: services[service] });
  switch (requester) {
    case 'none':
      return ticket;
    case 'login':
      return { ...ticket, requester: { name: 'user.volga', login: 'user.volga' } };
    default:
      return { ...ticket, ...(known === undefined ? {} : { requester: known }) };
  }
}

const missingIn = (ticket: Snapshot) => assessCompleteness(ticket, policy).missing.map(({ name }) => name);
const verdictIn = (ticket: Snapshot, name: string) =>
  assessCompleteness(ticket, policy).items.find(({ item }) => item.name === name);

const VAGUE = { title: 'Сбой', text: 'Что-то не так.' };
const anImage = (changes: Partial<Attachment> = {}): Attachment => ({
  id: '1',
  name: 'экран.png',
  contentType: 'image/png',
  size: 80_000,
  ...changes,
});

describe('R46 «В работу принимаются инциденты, которые содержат следующую информацию»', () => {
  test.each(cases.map((row) => [row.clause, row.title, row.text, row.lacks, row] as const))(
    '%s: «%s. %s» lacks %j',
    (_clause, _title, _text, lacks, row) => {
      expect(missingIn(ticketOf(row))).toEqual(lacks);
    },
  );

  test('every piece of evidence stands in the ticket', () => {
    for (const row of cases) {
      const ticket = ticketOf(row);
      for (const { evidence } of assessCompleteness(ticket, policy).items) {
        for (const { where, quote } of evidence.filter(({ where }) => where === 'text' || where === 'title')) {
          expect(where === 'text' ? ticket.text : ticket.title).toContain(quote);
        }
      }
    }
  });
});

describe('where the information may stand', () => {
  const steps = 'Шаги: открыть заявку. Ожидаю: она открыта.';

  test('in a public letter of the requester', () => {
    const ticket = aTicket({ ...VAGUE, comments: [aComment({ id: '101', by: 'requester', text: steps })] });

    expect(missingIn(ticket)).toEqual([]);
    expect(verdictIn(ticket, 'actions')?.evidence).toEqual([{ where: 'article 101', quote: 'Шаги: открыть заявку.' }]);
  });

  test('R49a «исполнитель может связаться с инициатором обращения»: in an agent’s note of the call', () => {
    const note = aComment({ id: '101', visibility: 'internal', subject: 'Звонок инициатору 12:30', text: steps });

    expect(missingIn(aTicket({ ...VAGUE, comments: [note] }))).toEqual([]);
  });

  test.each<[string, Parameters<typeof aComment>[0]]>([
    ['an internal note on anything else', { visibility: 'internal', subject: 'Заметка', text: steps }],
    ['an agent’s public letter', { by: 'agent', text: steps }],
    ['an automatic letter', { by: 'system', text: steps }],
    ['what the bridge wrote', { by: 'requester', marker: 'comment:otrs:5', text: steps }],
    ['an earlier letter that the answer quotes', { by: 'requester', text: '> Шаги: открыть.\n> Ожидаю: открыта.' }],
  ])('not in %s', (_, comment) => {
    expect(missingIn(aTicket({ ...VAGUE, comments: [aComment({ id: '101', ...comment })] }))).toEqual([
      'actions',
      'expected-result',
    ]);
  });

  test('the answer may come in parts', () => {
    const comments = [
      aComment({ id: '101', by: 'requester', text: 'Шаги: открыть заявку.' }),
      aComment({ id: '102', by: 'requester', text: 'Ожидаю: она открыта.' }),
    ];

    expect(missingIn(aTicket({ ...VAGUE, comments }))).toEqual([]);
  });
});

describe('R49: the answer to the letter', () => {
  const letter = policy.letter.text.replace(
    '{missing}',
    '- Последовательность действий, после которых возникает ошибка\n- Ожидаемый результат: что должно было получиться',
  );
  const answeredWith = (text: string) =>
    missingIn(aTicket({ ...VAGUE, comments: [aComment({ id: '101', by: 'requester', text })] }));

  test('does not count as information where a mail program quotes it without a mark', () => {
    expect(answeredWith(`Добрый день!\n\n${letter}`)).toEqual(['actions', 'expected-result']);
  });

  test('may be written below the titles that the letter lists', () => {
    expect(
      answeredWith(
        letter.replace('ошибка\n', 'ошибка\nоткрыть заявку\n').replace('получиться', 'получиться\nона открыта'),
      ),
    ).toEqual([]);
  });
});

describe('R37 «необходимо указать их номер»', () => {
  const handOver = { title: 'Не уходит в ЕИП', text: 'Шаги: отправить. Ожидаю: заявка в ЕИП.' };

  test('the field for the number is enough', () => {
    expect(missingIn(aTicket(handOver))).toEqual(['external-number']);
    expect(missingIn(aTicket({ ...handOver, fields: { external_number: '7' } }))).toEqual([]);
  });

  test('as shipped it is asked for but holds nothing back: R47 does not name it among the mandatory information', () => {
    const { isComplete, items } = assessCompleteness(aTicket(handOver), shippedPolicy.completeness);

    expect(isComplete).toBe(true);
    expect(items.find(({ item }) => item.name === 'external-number')?.verdict).toBe('missing');
  });

  test('a related system asks for it, whatever the text says; no hand-over asks for none', () => {
    const text = 'Шаги: открыть заявку. Ожидаю: она открыта.';

    expect(missingIn(aTicket({ title: 'Сбой', text, fields: { related_system: 'eip' } }))).toEqual(['external-number']);
    expect(verdictIn(aTicket({ title: 'Сбой', text }), 'external-number')?.verdict).toBe('not-asked');
  });
});

describe('R48 «Один или несколько скриншотов экрана … (дополнительная информация)»', () => {
  test.each<[string, Partial<Attachment>, string]>([
    ['a picture', {}, 'present'],
    ['a picture without a type', { contentType: 'application/octet-stream' }, 'present'],
    ['the logo of a signature', { size: 2_000 }, 'missing'],
    ['a log', { name: 'журнал.txt', contentType: 'text/plain' }, 'missing'],
    ['a picture of an internal note', { commentId: '101' }, 'missing'],
    ['a picture of the first letter', { commentId: '100' }, 'present'],
  ])('%s', (_, changes, verdict) => {
    const comments = [aComment({ id: '100', by: 'requester' }), aComment({ id: '101', visibility: 'internal' })];

    expect(verdictIn(aTicket({ comments, attachments: [anImage(changes)] }), 'screenshot')?.verdict).toBe(verdict);
  });

  test('without one the ticket is complete', () => {
    expect(assessCompleteness(aTicket(), policy)).toMatchObject({ isComplete: true, missing: [] });
  });
});

describe('R17: the agent has the last word', () => {
  test.each<[string, boolean, string | undefined]>([
    ['complete', true, 'complete'],
    ['COMPLETE', true, 'complete'],
    ['incomplete', false, 'incomplete'],
    ['что-то иное', false, undefined],
  ])('the field says %s of a vague ticket: complete is %s', (information, isComplete, override) => {
    const found = assessCompleteness(aTicket({ ...VAGUE, fields: { information } }), policy);

    expect([found.isComplete, found.override]).toEqual([isComplete, override]);
    expect(found.missing).toHaveLength(2);
  });

  test('a full ticket can be called incomplete', () => {
    expect(assessCompleteness(aTicket({ fields: { information: 'incomplete' } }), policy).isComplete).toBe(false);
  });
});

test.each(['DWH: Техническая поддержка', undefined])('a ticket of service %s is asked for nothing', (service) => {
  const { service: _, ...ticket } = aTicket(VAGUE);

  expect(assessCompleteness(service === undefined ? ticket : { ...ticket, service }, policy)).toEqual({
    items: [],
    missing: [],
    isComplete: true,
  });
});

test('a request of another type is asked for nothing', () => {
  expect(missingIn(aTicket({ ...VAGUE, type: 'Запрос на обслуживание' }))).toEqual([]);
});

test('names are compared without regard to case and ё', () => {
  expect(missingIn(aTicket({ ...VAGUE, service: 'nttm: техническая поддержка', type: 'ИНЦИДЕНТ' }))).toHaveLength(2);
});

test('a very long text is read to its limit, and its length costs no more than its share', () => {
  const assess = (lines: number) => {
    const text = `${'Шаги Ожидаю при нажатии должна '.repeat(lines)}\nШаги: открыть`;
    return assessCompleteness(aTicket({ title: 'Сбой', text }), policy);
  };

  expect(assess(30_000).items).toHaveLength(6);
  expect(growth(assess, 24_000)).toBeLessThan(NEARLY_LINEAR);
});

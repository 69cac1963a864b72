import { describe, expect, test } from '@jest/globals';
import { createRedactor, type Said } from '../../src/flow/redact.ts';

const redact = createRedactor();
const shown = (data: unknown, said: Said = 'data') => JSON.stringify(redact(data, said));

describe('what is kept of a call', () => {
  test('ids, codes, moments, states and names of fields stay', () => {
    const data = {
      TicketID: '42',
      TicketNumber: '2026112310000042',
      fields: {
        project: { key: 'OSSTTMB2B' },
        issuetype: { name: 'Ошибка' },
        customfield_10200: 17,
        labels: ['otrs-42'],
      },
      Ticket: {
        State: 'closed successful',
        Priority: '2 Высокий',
        PendingTime: '2026-11-23 10:00:00',
        due: '2026-12-04',
      },
      DynamicField: [{ Name: 'JiraKey', Value: 'OSSTTMB2B-7' }],
      self: 'https://jira.example.test/rest/api/2/issue/10001',
    };
    expect(redact(data, 'data')).toEqual(data);
  });

  const PRIVATE = [
    ['a password', { UserLogin: 'bridge', Password: 'geheim-4711' }, 'geheim-4711'],
    ['a session', { SessionID: 'abc123def' }, 'abc123def'],
    ['a token, however deep', { a: [{ b: { accessToken: 'tok-1' } }] }, 'tok-1'],
    ['a login', { Ticket: { CustomerUser: 'ivanov7' } }, 'ivanov7'],
    ['a person in an object', { fields: { assignee: { name: 'p.petrov2' } } }, 'p.petrov2'],
    ['a name', { DynamicField: [{ Name: 'Approver', Value: 'Иванов И. И.' }] }, 'Иванов'],
    ['a Latin name', { DynamicField: [{ Name: 'Approver', Value: 'Petrov' }] }, 'Petrov'],
    ['an address', { Article: { From: 'ivanov@example.test' } }, 'ivanov@'],
    ['an address in a sentence', { messages: ['User ivanov@example.test is not active.'] }, 'ivanov@'],
    ['a phone', { customfield_1: '+7 912 345-67-89' }, '345-67'],
    ['a phone without blanks', { customfield_1: '89123456789' }, '89123456789'],
    ['a phone in a sentence', { error_message: 'Звоните 8 (912) 345-67-89' }, '345-67'],
    ['the text of a new issue', { fields: { summary: 'Тема', description: 'Прошу помочь' } }, 'помочь'],
    ['a field of a person', { DynamicField: [{ Name: 'Curator', Value: 'kurator-7' }] }, 'kurator-7'],
    ['free text', { Article: { Subject: 'Не работает', Body: 'Прошу помочь, телефон внутри' } }, 'помочь'],
    ['a password that is all of a note', { Article: { Subject: 'VPN', Body: 'Qwerty123' } }, 'Qwerty123'],
    ['a word in capitals that is all of a title', { Ticket: { Title: 'SECRET' } }, 'SECRET'],
    ['a password in a paragraph', { body: { content: [{ type: 'text', text: 'Qwerty123' }] } }, 'Qwerty123'],
    ['a solution of one word', { DynamicField: [{ Name: 'ClosureSolution', Value: 'Qwerty123' }] }, 'Qwerty123'],
    ['a small file', { Attachment: [{ Filename: '1.txt', Content: 'UXdlcnR5MTIz' }] }, 'UXdlcnR5MTIz'],
    ['the name of a file', { Attachment: [{ Filename: 'ivanov_passport.pdf' }] }, 'ivanov'],
    ['a text under a name of a list', { status: 'x'.repeat(101) }, 'x'.repeat(101)],
    ['a text of one word', { Article: { Body: 'Qwerty-123' } }, 'Qwerty'],
    ['a text of one word in a field', { DynamicField: [{ Name: 'Solution', Value: 'pass:Qwerty1' }] }, 'Qwerty'],
    ['a Russian name of a secret', { 'Пароль от ЕИП': 'Qwerty1' }, 'Qwerty'],
    ['a Russian name of a person', { Логин: 'ivanov_7' }, 'ivanov'],
    ['a password in a sentence', { messages: ['Вход с password = "Qwerty1" отклонён'] }, 'Qwerty'],
    ['a token in a sentence', { messages: ['Header Authorization: Bearer abc1 is wrong'] }, 'abc1'],
    ['a page of HTML', { answer: '<html><body>Добрый день</body></html>' }, 'Добрый'],
  ] as const;

  test.each(PRIVATE)('%s does not', (_, data, secret) => {
    expect(shown(data, 'messages' in data || 'error_message' in data ? 'refusal' : 'data')).not.toContain(secret);
  });

  test('a text is told by its length, and equal ones can be told to be equal, within one redactor only', () => {
    const text = 'Прошу предоставить лог';
    const [first, second] = [redact({ Body: text }, 'data'), redact({ description: text }, 'data')] as {
      [name: string]: string;
    }[];

    expect(first?.Body).toMatch(/^\[text, 22 characters, [0-9a-f]{8}\]$/);
    expect(second?.description).toBe(first?.Body);
    expect(createRedactor()({ Body: text }, 'data')).not.toEqual(first);
  });

  test('sentences of a system stay, for they say what was wrong', () => {
    const data = {
      status: 400,
      messages: ['Resolution is required.'],
      fields: { customfield_10200: 'Option «Решено» is not valid.' },
    };
    expect(redact(data, 'refusal')).toEqual(data);
  });

  test('what is too large, too deep, or refers to itself is described', () => {
    const round: Record<string, unknown> = {};
    round.self = round;
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`field-${index}`, index]));

    expect(shown(round).length).toBeLessThan(200);
    expect(shown(wide)).toContain('4940 more');
    expect(
      shown(
        Array.from({ length: 50 }, () => ({ messages: ['z'.repeat(5000)] })),
        'refusal',
      ).length,
    ).toBeLessThan(100);
  });

  test('a text of many megabytes costs no more than its beginning', () => {
    expect(redact({ Content: 'я'.repeat(4_000_000) }, 'data')).toEqual({
      Content: expect.stringContaining('4000000 characters'),
    });
  });
});

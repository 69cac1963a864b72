import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { otrs } from '../../connectors/otrs/connector.ts';
import type { Visibility } from '../../src/domain/ticket.ts';
import { loadNamesInUse } from '../../src/policy/load.ts';
import { type DeskHarness, describeDesk } from '../connectors/desk-conformance.ts';
import { type Otrs, startOtrs } from './otrs/set-up.ts';

let real: Otrs;
beforeAll(async () => {
  real = await startOtrs();
}, 300_000);
afterAll(() => real.stop());

describe.each([
  ['REST', () => ({ transport: 'rest', web_service: real.webService })],
  ['SOAP', () => ({ transport: 'soap', web_service: real.soapWebService })],
])('over %s', (name, settings) => {
  describeDesk(`a real help desk over ${name}`, () => harnessOf(settings()));
});

test('OTRS 6 and OTOBO read no session in a header: a desk whose calls carry it in their data works all the same', async () => {
  const { desk, openRecord, stop } = await harnessOf({
    web_service: real.webService,
    session_in: 'data',
    operations: {
      session_get: { method: 'POST' },
      ticket_get: { method: 'POST' },
      ticket_history: { method: 'POST' },
    },
  });
  const ref = await openRecord({ title: 'Без заголовка', text: 'Без заголовка' });
  const { signal } = new AbortController();

  await desk.update(ref, { solution: 'Готово' }, signal);

  const { fields, history } = await desk.read(ref, signal);
  expect(fields.solution).toBe('Готово');
  expect(history.length).toBeGreaterThan(0);
  const findings = await desk.check(await loadNamesInUse('mappings'), signal);
  expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
  await stop();
});

async function harnessOf(settings: object): Promise<DeskHarness> {
  const options = otrs.options.parse({
    base_url: real.baseUrl,
    login: real.bridge.login,
    password: real.bridge.password,
    user_id: real.bridge.userId,
    time_zone: real.timeZone,
    watch: { services: ['NTTM: Техническая поддержка'] },
    ...settings,
  });
  const { desk } = otrs.connect(options, { log: pino({ level: 'silent' }), system: 'otrs', now: () => DateTime.now() });
  const people = peopleOf(real);
  const hidden = await people.open('root@localhost', { title: 'Скрытая', text: 'Скрытая' }, 'Прочее');
  return {
    desk,
    now: () => DateTime.now().startOf('second'),
    async openRecord(content) {
      const { id, key } = await people.open('petrova.2l', content, 'NTTM::2ЛТП');
      return { system: 'otrs', id, key };
    },
    writeComment: (ref, comment) => people.write('petrova.2l', ref.id, comment),
    unreadable: {
      missing: { system: 'otrs', id: '99999999' },
      hidden: { system: 'otrs', id: hidden.id, key: hidden.key },
      nonsense: { system: 'otrs', id: '../Session' },
    },
    textField: 'solution',
    move: { to: 'Ожидание информации', phase: 'pending' },
    close: {
      to: 'Закрыто',
      sent: { closure_code: 'fixed', solution: 'Исправлено в сборке 1.2.3\nВторая строка', configuration_item: 'bpm' },
      fields: {
        closure_code: 'fixed',
        solution: 'Исправлено в сборке 1.2.3\nВторая строка',
        configuration_item: 'bpm',
      },
    },
    tellsVisibility: true,
    provesAbsenceOfComments: false,
    readsSeveral: true,
    relates: false,
    work: {
      edits: false,
      assignees: { good: 'sidorov.3l', shownAs: 'sidorov.3l', refused: ['nobody.knows', '', 'user.volga'] },
    },
    stop: () => desk.close(),
  };
}

/** People act through the same interface, under their own logins. */
function peopleOf(real: Otrs) {
  const call = async (login: string, method: string, path: string, data: object) => {
    const answer = await fetch(`${real.baseUrl}/nph-genericinterface.pl/Webservice/${real.webService}${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ UserLogin: login, Password: real.passwords[login], ...data }),
    });
    const body: unknown = await answer.json();
    if (typeof body !== 'object' || body === null || 'Error' in body) {
      throw new Error(`${login} could not ${method} ${path}: ${JSON.stringify(body)}`);
    }
    return body as { TicketID?: string | number; TicketNumber?: string | number };
  };

  return {
    async open(login: string, content: { title: string; text: string }, ticketQueue: string) {
      const { TicketID, TicketNumber } = await call(login, 'POST', '/Ticket', {
        Ticket: {
          Title: content.title,
          Queue: ticketQueue,
          State: 'Назначено',
          Priority: '3 Средний',
          Type: 'Инцидент',
          Service: 'NTTM: Техническая поддержка',
          CustomerUser: 'user.volga',
        },
        Article: {
          Subject: content.title,
          Body: content.text,
          From: '"Анна Кузнецова" <anna@example.test>',
          SenderType: 'customer',
          ContentType: 'text/plain; charset=utf-8',
          NoAgentNotify: 1,
        },
      });
      return { id: String(TicketID), key: String(TicketNumber) };
    },
    async write(login: string, ticketId: string, comment: { text: string; visibility: Visibility }) {
      await call(login, 'PATCH', `/Ticket/${ticketId}`, {
        Article: {
          Subject: 'Заметка',
          Body: comment.text,
          ContentType: 'text/plain; charset=utf-8',
          IsVisibleForCustomer: comment.visibility === 'public' ? 1 : 0,
          NoAgentNotify: 1,
        },
      });
    },
  };
}

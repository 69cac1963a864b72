import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { TicketDraft } from './agent.ts';
import { type HookListener, startHookListener } from './hook-listener.ts';
import { type Otrs, startOtrs } from './set-up.ts';

let otrs: Otrs;
let bridge: HookListener;
const SECRET = 'shared-secret';

beforeAll(async () => {
  bridge = await startHookListener();
  otrs = await startOtrs({ hooks: { url: bridge.url, secret: SECRET } });
}, 900_000);

afterEach(() => {
  bridge.answerWith(202);
});

afterAll(async () => {
  await otrs?.stop();
  await bridge?.stop();
}, 60_000);

const incident: TicketDraft = {
  queue: 'NTTM::2ЛТП',
  customer: 'user.volga',
  title: 'Не открывается карточка «Ёлка» №1',
  body: 'Текст обращения 😀',
  type: 'Инцидент',
  service: 'NTTM: Техническая поддержка',
  priority: '3 Средний',
};

/** Every webhook that the changes so far cause has been taken. */
async function allDelivered(): Promise<void> {
  for (;;) {
    const { now, later } = await otrs.people.webhooksWaiting();
    if (now + later === 0) {
      return;
    }
    await sleep(200);
  }
}

/** The webhooks of one ticket, as `event` or `event of article N`, sorted: the help desk keeps no order. */
function hooksOf(ticket: string): string[] {
  return bridge.hooks
    .filter(({ body, answered }) => String(body.ticketId) === ticket && answered === 202)
    .map(({ body }) => String(body.event) + (body.articleId === undefined ? '' : ` of article ${body.articleId}`))
    .toSorted();
}

async function call(method: string, route: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${otrs.baseUrl}/nph-genericinterface.pl/Webservice/${otrs.webService}${route}`, {
    method,
    headers: {
      'content-type': 'application/json',
      'X-OTRS-Header-UserLogin': otrs.bridge.login,
      'X-OTRS-Header-Password': otrs.bridge.password,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: Record<string, unknown> = JSON.parse(await response.text());
  return answer;
}

describe('the webhooks of a real help desk', () => {
  test('an agent’s new ticket is told in small bodies without its files, with the shared secret', async () => {
    const file = { name: 'журнал.bin', contentType: 'application/octet-stream', content: Buffer.alloc(12_000_000, 7) };
    const ticket = await otrs.people.agent('petrova.2l').open({ ...incident, attachments: [file] });
    await allDelivered();

    expect(hooksOf(ticket.id)).toEqual([
      `ArticleCreate of article ${ticket.articleId}`,
      'TicketCreate',
      'TicketCustomerUpdate',
    ]);
    for (const hook of bridge.hooks) {
      expect(hook.path).toBe('/webhooks/otrs');
      expect(hook.headers['x-bridge-secret']).toBe(SECRET);
      expect(hook.text.length).toBeLessThan(200);
    }
  }, 60_000);

  test('every change that the bridge acts upon is told', async () => {
    const petrova = otrs.people.agent('petrova.2l');
    const { id, articleId } = await petrova.open(incident);
    await petrova.move(id, 'NTTM::3ЛТП');
    await petrova.setState(id, 'Ожидание информации', 60);
    await petrova.setPriority(id, '1 Критичный');
    await petrova.setType(id, 'Запрос на обслуживание');
    await petrova.setService(id, 'NTTM: Решение проблем с доступом');
    await petrova.setTitle(id, 'Другой заголовок');
    await petrova.setField(id, 'NeedDevelopment', '1');
    await petrova.setField(id, 'ClosureCode', 'fixed');
    await petrova.setField(id, 'Solution', 'Строка\nи ещё «строка» & <тег>');
    await petrova.setField(id, 'ConfigItem', 'db');
    await petrova.setField(id, 'InfoComplete', 'complete');
    await petrova.setField(id, 'DiagnosisDone', '1');
    await petrova.setField(id, 'Workaround', 'given');
    await petrova.setField(id, 'UpdateInstalled', '1');
    await petrova.setField(id, 'RelatedSystem', 'eip');
    await petrova.setField(id, 'ExternalNumber', 'ЕИП-1');
    await petrova.setField(id, 'ReturnReason', 'Не та группа');
    await petrova.setOwner(id, 'sidorov.3l');
    const note = await petrova.write(id, { subject: 'Заметка', body: 'Внутренняя', public: false });
    const answer = await otrs.people.writeAsCustomer(id, 'Анна Кузнецова <anna@example.test>', {
      subject: 'Ответ',
      body: 'Не помогло',
    });
    const main = await otrs.people.agent('sidorov.3l').open(incident);
    await petrova.merge(id, main.id);
    await allDelivered();

    expect(new Set(hooksOf(id))).toEqual(
      new Set([
        ...[articleId, note, answer].map((article) => `ArticleCreate of article ${article}`),
        expect.stringMatching(/^ArticleCreate of article \d+$/),
        'TicketCreate',
        'TicketCustomerUpdate',
        'TicketDynamicFieldUpdate_ClosureCode',
        'TicketDynamicFieldUpdate_ConfigItem',
        'TicketDynamicFieldUpdate_DiagnosisDone',
        'TicketDynamicFieldUpdate_ExternalNumber',
        'TicketDynamicFieldUpdate_InfoComplete',
        'TicketDynamicFieldUpdate_NeedDevelopment',
        'TicketDynamicFieldUpdate_RelatedSystem',
        'TicketDynamicFieldUpdate_ReturnReason',
        'TicketDynamicFieldUpdate_Solution',
        'TicketDynamicFieldUpdate_UpdateInstalled',
        'TicketDynamicFieldUpdate_Workaround',
        'TicketMerge',
        'TicketOwnerUpdate',
        'TicketPriorityUpdate',
        'TicketQueueUpdate',
        'TicketServiceUpdate',
        'TicketStateUpdate',
        'TicketTitleUpdate',
        'TicketTypeUpdate',
      ]),
    );
    const merged = bridge.hooks.find(({ body }) => body.event === 'TicketMerge');
    expect(merged?.body).toMatchObject({ mainTicketId: main.id });
  }, 60_000);

  test('what the bridge’s own agent changes is not told, and what a person changes afterwards is', async () => {
    const ticket = await otrs.people.agent('petrova.2l').open(incident);
    await allDelivered();
    const before = hooksOf(ticket.id);

    const updated = await call('PATCH', `/Ticket/${ticket.id}`, {
      Ticket: { State: 'В работе', Priority: '2 Высокий' },
      DynamicField: [
        { Name: 'Solution', Value: 'Перезапущен «шлюз»' },
        { Name: 'ClosureCode', Value: 'fixed' },
      ],
      Article: {
        Subject: 'Ответ',
        Body: 'Принято в работу',
        ContentType: 'text/plain; charset=utf-8',
        IsVisibleForCustomer: 1,
      },
    });
    expect(updated).toMatchObject({ TicketNumber: ticket.number });
    await allDelivered();
    expect(hooksOf(ticket.id)).toEqual(before);

    await otrs.people.agent('sidorov.3l').setState(ticket.id, 'Передано на 3ЛТП');
    await allDelivered();
    expect(hooksOf(ticket.id)).toEqual([...before, 'TicketStateUpdate'].toSorted());
  }, 60_000);

  test('a webhook that the bridge could not take comes again', async () => {
    const ticket = await otrs.people.agent('petrova.2l').open(incident);
    await allDelivered();
    bridge.answerWith(503);
    await otrs.people.agent('petrova.2l').setPriority(ticket.id, '1 Критичный');
    const isPriority = (status: number) => (hook: HookListener['hooks'][number]) =>
      hook.body.event === 'TicketPriorityUpdate' &&
      String(hook.body.ticketId) === ticket.id &&
      hook.answered === status;
    const refused = await bridge.waitFor(isPriority(503), 30);

    bridge.answerWith(202);
    const taken = await bridge.waitFor(isPriority(202), 60);
    expect(taken.text.length).toBe(refused.text.length);
  }, 120_000);

  test('webhooks from the time when nobody listened arrive once the bridge is back', async () => {
    const { port } = new URL(bridge.url);
    await bridge.stop();
    const ticket = await otrs.people.agent('petrova.2l').open(incident);
    while ((await otrs.people.webhooksWaiting()).later < 3) {
      await sleep(200);
    }

    bridge = await startHookListener(Number(port));
    await allDelivered();
    expect(hooksOf(ticket.id)).toEqual([
      `ArticleCreate of article ${ticket.articleId}`,
      'TicketCreate',
      'TicketCustomerUpdate',
    ]);
  }, 120_000);

  test('a ticket in a queue without rights is hidden from the bridge’s agent', async () => {
    const hidden = await otrs.people.agent('petrova.2l').open({ ...incident, queue: 'Прочее' });
    const shown = await otrs.people.agent('petrova.2l').open(incident);
    expect(await call('GET', `/Ticket/${hidden.id}`)).toMatchObject({ Error: { ErrorCode: 'TicketGet.AccessDenied' } });
    expect(await call('GET', `/Ticket/${shown.id}`)).toMatchObject({ Ticket: [{ TicketNumber: shown.number }] });
  }, 60_000);
});

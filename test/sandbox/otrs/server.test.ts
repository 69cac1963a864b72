import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type SandboxOtrs, type SandboxOtrsOptions, startSandboxOtrs } from '../../../sandbox/otrs/server.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) {
    await close();
  }
});

async function start(options: SandboxOtrsOptions = {}): Promise<SandboxOtrs> {
  const sandbox = await startSandboxOtrs(options);
  closers.push(sandbox.stop);
  return sandbox;
}

async function call(
  sandbox: SandboxOtrs,
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
) {
  const answer = await fetch(`${sandbox.url}/nph-genericinterface.pl/Webservice/otrs-jira-bridge${path}`, {
    method,
    headers: { 'X-OTRS-Header-UserLogin': 'bridge', 'X-OTRS-Header-Password': 'bridge', ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.status, text: await answer.text() };
}

const update = (sandbox: SandboxOtrs, id: string, change: object) =>
  call(sandbox, 'PATCH', `/Ticket/${id}`, JSON.stringify(change));

/** As a real Znuny 6.5 answers the same calls. */
describe('the sandbox OTRS answers as the real one', () => {
  test.each<[string, object, string]>([
    ['a state that does not exist', { Ticket: { State: 'Нет' } }, 'TicketUpdate.InvalidParameter'],
    ['a state in other letters', { Ticket: { State: 'в работе' } }, 'TicketUpdate.InvalidParameter'],
    ['a pending state without a time', { Ticket: { State: 'Ожидание информации' } }, 'TicketUpdate.MissingParameter'],
    ['a field that does not exist', { DynamicField: [{ Name: 'Nope', Value: '' }] }, 'TicketUpdate.InvalidParameter'],
    [
      'a label in place of its key',
      { DynamicField: [{ Name: 'ConfigItem', Value: 'БД' }] },
      'TicketUpdate.InvalidParameter',
    ],
    ['null in place of empty', { DynamicField: [{ Name: 'Solution', Value: null }] }, 'TicketUpdate.MissingParameter'],
    [
      'a checkbox that is neither',
      { DynamicField: [{ Name: 'NeedDevelopment', Value: 'x' }] },
      'TicketUpdate.InvalidParameter',
    ],
    [
      'two articles at once',
      { Article: [{ Subject: 'a', Body: 'b', ContentType: 'text/plain' }] },
      'TicketUpdate.InvalidParameter',
    ],
    [
      'an article without words',
      { Article: { Subject: 'a', Body: ' ', ContentType: 'text/plain' } },
      'TicketUpdate.MissingParameter',
    ],
    ['an article without a type', { Article: { Subject: 'a', Body: 'b' } }, 'TicketUpdate.MissingParameter'],
    [
      'a mark without an article',
      { DynamicField: [{ Name: 'BridgeExternalId', Value: 'x' }] },
      'TicketUpdate.MissingParameter',
    ],
  ])('%s is refused with HTTP 200 and changes nothing', async (_, change, code) => {
    const sandbox = await start();
    const { id } = sandbox.createTicket({ title: 'Отказ', text: 'Отказ' });
    const before = sandbox.ticket(id).history.length;

    const { status, text } = await update(sandbox, id, change);

    expect([status, JSON.parse(text).Error.ErrorCode]).toEqual([200, code]);
    expect(sandbox.ticket(id).history).toHaveLength(before);
  });

  test.each<[string, string, string, string | undefined, string]>([
    ['an unknown route', 'GET', '/Nope', undefined, 'HTTP::REST Error while determine Operation'],
    ['a wrong method', 'PUT', '/Ticket/1', '{"a":1}', 'HTTP::REST Error while determine Operation'],
    ['broken JSON', 'POST', '/TicketSearch', '{', 'Error while decoding request content.'],
    ['an empty object', 'POST', '/TicketSearch', '{}', 'Unsupported request content structure.'],
  ])('%s is answered with HTTP 500 and a sentence', async (_, method, path, body, sentence) => {
    const { status, text } = await call(await start(), method, path, body);

    expect([status, text.startsWith(sentence)]).toEqual([500, true]);
  });

  test('a value that its column cannot hold fails half-way and takes the old value with it', async () => {
    const sandbox = await start();
    const { id } = sandbox.createTicket({ title: 'Длина', text: 'Длина' });
    sandbox.setField(id, 'Solution', 'прежнее');

    const { status, text } = await update(sandbox, id, {
      DynamicField: [{ Name: 'Solution', Value: 'ж'.repeat(3_801) }],
    });

    expect([status, JSON.parse(text).faultcode]).toEqual([500, 'Server']);
    expect(sandbox.ticket(id).fields.Solution).toBeNull();
  });

  test('an article is shown to the customer unless told otherwise', async () => {
    const sandbox = await start();
    const { id } = sandbox.createTicket({ title: 'Видимость', text: 'Видимость' });
    const article = { Subject: 'a', Body: 'b', ContentType: 'text/plain; charset=utf-8' };

    await update(sandbox, id, { Article: article });
    await update(sandbox, id, { Article: { ...article, IsVisibleForCustomer: 0 } });

    expect(sandbox.ticket(id).articles.map((each) => each.isVisibleForCustomer)).toEqual([true, true, false]);
  });

  test.each<[string, object, string]>([
    ['what it does not know it ignores', { DynamicField_Nope: { Equals: 'x' } }, '{"TicketID":["2","1"]}'],
    ['one wrong name blinds it', { Queues: ['NTTM::2ЛТП', 'NTTM::9ЛТП'] }, '{}'],
    ['a value that nothing has finds nothing', { DynamicField_JiraKey: { Equals: 'NOPE-1' } }, '{}'],
    ['ids come as strings, newest first', { Queues: ['NTTM::2ЛТП'], Limit: 1 }, '{"TicketID":["2"]}'],
  ])('search: %s', async (_, body, answer) => {
    const sandbox = await start();
    sandbox.createTicket({ title: 'Один', text: 'Один' });
    sandbox.createTicket({ title: 'Два', text: 'Два' });
    sandbox.createTicket({ title: 'Скрытая', text: 'Скрытая', ticketQueue: 'Прочее' });

    expect((await call(sandbox, 'POST', '/TicketSearch', JSON.stringify(body))).text).toBe(answer);
  });

  test('people can open a ticket, and markup in it stays text', async () => {
    const sandbox = await start();
    const { id, number } = sandbox.createTicket({ title: '<script>alert(1)</script>', text: 'Текст' });

    const page = await (await fetch(`${sandbox.url}/index.pl?Action=AgentTicketZoom;TicketID=${id}`)).text();

    expect(page).toContain(number);
    expect(page).not.toContain('<script>');
  });
});

describe('webhooks of the sandbox OTRS', () => {
  async function receiver(respond: (count: number) => { status: number; body: string }) {
    const taken: { secret: unknown; body: unknown }[] = [];
    let count = 0;
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) {
        chunks.push(chunk);
      }
      count += 1;
      const { status, body } = respond(count);
      taken.push({ secret: request.headers['x-bridge-secret'], body: JSON.parse(String(Buffer.concat(chunks))) });
      response.writeHead(status).end(body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return { taken, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/otrs` };
  }

  const accept = () => ({ status: 202, body: '{}' });

  test('each change tells event and ticket, with the secret', async () => {
    const { taken, url } = await receiver(accept);
    const sandbox = await start({ webhook: { url, secret: 'geheim' } });
    const { id } = sandbox.createTicket({ title: 'Новая', text: 'Новая' });
    sandbox.setField(id, 'Solution', 'Готово', 'sidorov.3l');
    await sandbox.settled();

    expect(taken.every(({ secret }) => secret === 'geheim')).toBe(true);
    expect(taken.map(({ body }) => body)).toEqual(
      expect.arrayContaining([
        { event: 'TicketCreate', ticketId: 1 },
        { event: 'TicketCustomerUpdate', ticketId: 1 },
        { event: 'ArticleCreate', ticketId: 1, articleId: 1 },
        { event: 'TicketDynamicFieldUpdate_Solution', ticketId: '1', fieldName: 'Solution', userId: 22 },
      ]),
    );
    expect(taken).toHaveLength(4);
  });

  test('changes of the silenced user tell nothing', async () => {
    const { taken, url } = await receiver(accept);
    const sandbox = await start({ webhook: { url, secret: 'x', silentUserId: 12 } });
    const { id } = sandbox.createTicket({ title: 'Новая', text: 'Новая' });
    await sandbox.settled();
    const before = taken.length;

    await update(sandbox, id, { Ticket: { State: 'В работе' } });
    await sandbox.settled();

    expect(taken).toHaveLength(before);
  });

  test('a webhook is sent again until it is taken; an empty 200 is not taking it', async () => {
    const answers = [
      { status: 503, body: '' },
      { status: 200, body: '' },
    ];
    const { taken, url } = await receiver((count) => answers[count - 1] ?? accept());
    const sandbox = await start({ webhook: { url, secret: 'x', retryMs: 5 } });
    const { id } = sandbox.createTicket({ title: 'Новая', text: 'Новая' });
    await sandbox.settled();

    expect(taken).toHaveLength(5);
    expect(sandbox.ticket(id).number).toMatch(/^\d{16}$/);
  });
});

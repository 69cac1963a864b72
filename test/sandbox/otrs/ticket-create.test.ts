import { afterEach, describe, expect, test } from '@jest/globals';
import { contentOf } from '../../../sandbox/jira/file-content.ts';
import { type SandboxOtrs, startSandboxOtrs } from '../../../sandbox/otrs/server.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) {
    await close();
  }
});

async function start(): Promise<SandboxOtrs> {
  const sandbox = await startSandboxOtrs();
  closers.push(sandbox.stop);
  return sandbox;
}

const ticket = {
  Title: 'Смежной системе',
  Queue: 'Смежные системы::ЕИП',
  Type: 'Инцидент',
  Service: 'ЕИП: Техническая поддержка',
  State: 'Назначено',
  Priority: '3 Средний',
  CustomerUser: 'user.volga',
};
const article = { Subject: 'Тема', Body: 'Текст', ContentType: 'text/plain; charset=utf-8' };

async function create(sandbox: SandboxOtrs, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${sandbox.url}/nph-genericinterface.pl/Webservice/otrs-jira-bridge/Ticket`, {
    method: 'POST',
    headers: { 'X-OTRS-Header-UserLogin': 'bridge', 'X-OTRS-Header-Password': 'bridge' },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Record<string, unknown>;
}

/** As a real Znuny 6.5 answers the same calls. */
describe('the sandbox OTRS creates tickets as the real one', () => {
  test('with everything that it says', async () => {
    const sandbox = await start();
    const answer = await create(sandbox, {
      Ticket: ticket,
      Article: article,
      DynamicField: [
        { Name: 'ExternalNumber', Value: 'A-1' },
        { Name: 'BridgeExternalId', Value: 'key' },
      ],
      Attachment: [{ Content: Buffer.from('журнал').toString('base64'), ContentType: 'text/plain', Filename: 'ж.txt' }],
    });

    const { id, number, ...made } = sandbox.ticket(String(answer.TicketID));
    expect(answer).toEqual({ ArticleID: 1, TicketID: String(id), TicketNumber: number });
    expect(made).toMatchObject({
      ticketQueue: 'Смежные системы::ЕИП',
      owner: { login: 'bridge' },
      responsible: { login: 'bridge' },
      fields: { ExternalNumber: 'A-1' },
      articles: [{ from: '"Анна Кузнецова" <anna@example.test>', fields: { BridgeExternalId: 'key' } }],
    });
    expect(made.articles[0]?.attachments.map(({ name, content }) => [name, content.size])).toEqual([['ж.txt', 12]]);
    expect(made.history.map(({ type }) => type)).toEqual([
      'NewTicket',
      'ServiceUpdate',
      'SLAUpdate',
      'TypeUpdate',
      'CustomerUpdate',
      'TicketDynamicFieldUpdate',
      'NewTicket',
      'Misc',
      'OwnerUpdate',
      'ResponsibleUpdate',
    ]);
  });

  test.each<[string, object, string, string]>([
    ['no article', { Ticket: ticket }, 'MissingParameter', 'Article parameter is missing or not valid!'],
    ['no ticket', { Article: article }, 'MissingParameter', 'Ticket parameter is missing or not valid!'],
    ['no title', { ...ticket, Title: '' }, 'MissingParameter', 'Ticket->Title parameter is missing!'],
    ['no requester', { ...ticket, CustomerUser: '' }, 'MissingParameter', 'Ticket->CustomerUser parameter is missing!'],
    [
      'no type',
      { ...ticket, Type: undefined },
      'MissingParameter',
      'Ticket->TypeID or Ticket->Type parameter is required by sysconfig option!',
    ],
    [
      'no queue',
      { ...ticket, Queue: undefined },
      'MissingParameter',
      'Ticket->QueueID or Ticket->Queue parameter is required!',
    ],
    [
      'an unknown service',
      { ...ticket, Service: 'Нет' },
      'InvalidParameter',
      'Ticket->ServiceID or Ticket->Service parameter is invalid!',
    ],
    [
      'a hidden queue',
      { ...ticket, Queue: 'Прочее' },
      'AccessDenied',
      'Can not create tickets in given Queue or QueueID!',
    ],
  ])('%s is refused and nothing is made', async (_, wanted, reason, message) => {
    const sandbox = await start();
    const body = 'Ticket' in wanted || 'Article' in wanted ? wanted : { Ticket: wanted, Article: article };

    expect(await create(sandbox, body)).toEqual({
      Error: { ErrorCode: `TicketCreate.${reason}`, ErrorMessage: `TicketCreate: ${message}` },
    });
    expect(sandbox.tickets()).toEqual([]);
  });

  test('a merged ticket keeps a note, its articles are in the other one, and a deleted one is not to be seen', async () => {
    const sandbox = await start();
    const [merged, main] = ['Один', 'Два'].map((title) => sandbox.createTicket({ title, text: title }).id);
    sandbox.merge(String(merged), String(main));

    expect(sandbox.ticket(String(merged))).toMatchObject({ state: 'merged', articles: [{ subject: 'Ticket Merged' }] });
    expect(sandbox.ticket(String(main)).articles.map(({ subject }) => subject)).toEqual(['Один', 'Два']);
    sandbox.deleteTicket(String(main));
    expect(sandbox.tickets().map(({ id }) => String(id))).toEqual([merged]);
  });

  test.each([
    ['В работе', false],
    ['Ожидание информации', false],
    ['Закрыто', true],
  ])('an archived ticket that is set to «%s» stays in the archive: %s', async (state, stays) => {
    const sandbox = await start();
    const { id } = sandbox.createTicket({ title: 'Один', text: 'Один' });
    sandbox.archive(id);
    sandbox.setState(id, state);

    expect(sandbox.ticket(id).isArchived).toBe(stays);
  });

  test('a split ticket has the chosen article with its files, and of the fields those that the page copies', async () => {
    const sandbox = await start();
    const { id } = sandbox.createTicket({ title: 'Один', text: 'Шаги', ticketQueue: 'NTTM::2ЛТП' });
    sandbox.setField(id, 'JiraKey', 'OSSTTMB2B-1');
    sandbox.setField(id, 'JiraUrl', 'http://jira.example.test/browse/OSSTTMB2B-1');
    const attachments = [{ name: 'экран.txt', contentType: 'text/plain', content: contentOf(Buffer.from('x')) }];
    const chosen = sandbox.addArticle(id, { subject: 'Второй вопрос', text: 'И ещё', attachments });
    const split = sandbox.split(id, chosen, ['JiraKey']);

    expect(sandbox.ticket(split.id)).toMatchObject({
      title: 'Второй вопрос',
      ticketQueue: 'NTTM::2ЛТП',
      fields: { JiraKey: 'OSSTTMB2B-1' },
      articles: [{ body: 'И ещё', attachments: [{ name: 'экран.txt' }] }],
    });
    expect(sandbox.ticket(split.id).fields.JiraUrl ?? null).toBeNull();
    expect(sandbox.ticket(id).history.map(({ type }) => type)).toContain('TicketLinkAdd');
    expect(() => sandbox.split(id, '999', [])).toThrow('no article 999');
  });
});

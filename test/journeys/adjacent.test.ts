import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { type SandboxTickets, startSandboxTickets } from '../../sandbox/http-tickets/server.ts';
import { contentOf } from '../../sandbox/jira/file-content.ts';
import { type SandboxJira, startSandboxJira } from '../../sandbox/jira/server.ts';
import { type SandboxOtrs, startSandboxOtrs } from '../../sandbox/otrs/server.ts';
import { BRIDGE_ID } from '../../sandbox/otrs/world.ts';
import { freePort } from '../../sandbox/servers/free-port.ts';
import { loadSettings } from '../../src/app/config.ts';
import { type App, startApp } from '../../src/app.ts';
import { setUpAdjacent } from '../support/adjacent-set-up.ts';

const SECRET = 'sandbox-webhook-secret';
const REPORT = {
  title: 'Нет данных за вчера',
  text: 'Шаги: открыть выгрузку 554321. Ожидаю: данные за вчера. Получаю: пусто.',
  service: 'NTTM: Техническая поддержка',
  type: 'Инцидент',
  state: 'В работе',
} as const;

describe('R71: a ticket that is handed to the support of an adjacent system, as docs/adding-a-system.md sets it up', () => {
  const started = new AsyncDisposableStack();
  let otrs: SandboxOtrs;
  let jira: SandboxJira;
  let dwh: SandboxTickets;
  let app: App;

  beforeAll(async () => {
    const port = await freePort();
    const hook = (system: string) => ({ url: `http://127.0.0.1:${port}/webhooks/${system}`, secret: SECRET });
    otrs = await startSandboxOtrs({ webhook: { ...hook('otrs'), silentUserId: BRIDGE_ID } });
    started.defer(() => otrs.stop());
    jira = await startSandboxJira({ hooks: [{ url: hook('jira').url, headers: { 'x-bridge-secret': SECRET } }] });
    started.defer(() => jira.stop());
    dwh = await startSandboxTickets({ port: await freePort(), webhook: hook('dwh') });
    started.defer(() => dwh.stop());
    const written = await setUpAdjacent({ otrs: otrs.url, jira: jira.url, dwh: dwh.url, port });
    started.defer(() => written.remove());
    await written.change('bridge.yaml', '    account: bridge\n', '    account: bridge\n    timeout_seconds: 0.5\n');
    const { config, policy } = await loadSettings(written.config);
    const quick = {
      ...config,
      otrs: { ...config.otrs, settle_seconds: 1 },
      jira: { ...config.jira, settle_seconds: 1 },
    };
    app = await startApp({ config: quick, policy }, { log: pino({ level: 'silent' }) });
    started.defer(() => app.stop());
  }, 60_000);
  afterAll(() => started.disposeAsync());

  const reached = async (what: string, isSo: () => boolean) => {
    for (let waited = 0; !isSo(); waited += 50) {
      if (waited > 30_000) {
        throw new Error(`not reached: ${what}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const articlesOf = (id: string, words: string) => otrs.ticket(id).articles.filter(({ body }) => body.includes(words));
  const requests = () => dwh.desk.all();
  /** A ticket with its request, which is opened for it. */
  const handOver = async () => {
    const before = requests().length;
    const { id } = otrs.createTicket(REPORT);
    otrs.setField(id, 'RelatedSystem', 'dwh');
    await reached('the request is shown', () => (otrs.ticket(id).fields.RelatedTickets ?? '') !== '');
    const request = requests()[before];
    if (request === undefined) {
      throw new Error('no request was opened');
    }
    return { id, request: request.id };
  };
  const wordsIn = (request: string) =>
    dwh.desk
      .ticket(request)
      .comments.map(({ text }) => text)
      .join('\n');

  test('a request is opened once, also where the answer got lost, and shows its number', async () => {
    dwh.loseNextAnswer('POST /tickets');
    const { id, request } = await handOver();

    expect(requests()).toMatchObject([{ queue: 'Выгрузки', service: 'DWH: Техническая поддержка' }]);
    expect(dwh.calls.filter((call) => call === 'POST /tickets')).toHaveLength(1);
    expect(otrs.ticket(id).fields.RelatedTickets).toBe('DWH: DWH-1 (Назначено)');
    await reached('people are told', () => articlesOf(id, `https://dwh.example.test/tickets/${request}`).length === 1);
    await reached('what is not carried is said', () => articlesOf(id, 'Файлы не переносятся').length === 1);
    expect(articlesOf(id, 'Файлы не переносятся')).toMatchObject([{ isVisibleForCustomer: false }]);
    expect(articlesOf(id, 'Сообщения в заявку не переносятся')).toEqual([]);
  }, 60_000);

  test('public words and states go both ways, internal ones stay, and a file is named', async () => {
    const { id, request } = await handOver();
    dwh.loseNextAnswer(`POST /tickets/${request}/comments`);
    otrs.addArticle(id, { text: 'Нужно до обеда.', visibility: 'public' });
    otrs.addArticle(id, { text: 'DWH опять лежит, между нами.', visibility: 'internal' });
    const attachments = [{ name: 'журнал.txt', contentType: 'text/plain', content: contentOf(Buffer.from('ok')) }];
    otrs.addArticle(id, { text: 'Журнал приложен.', visibility: 'public', attachments });
    dwh.desk.comment(request, { text: 'Посмотрим сегодня.', public: true }, 'orlova');
    dwh.desk.comment(request, { text: 'Кто трогал сервер?', public: false }, 'orlova');
    dwh.desk.change(request, { state: 'В работе' }, 'orlova');
    otrs.setState(id, 'Ожидание информации');

    await reached('the words are there', () => /Нужно до обеда.*Журнал приложен/s.test(wordsIn(request)));
    await reached('the words are here', () => articlesOf(id, 'Посмотрим сегодня.').length === 1);
    const { fields } = otrs.ticket(id);
    await reached('the state of the request shows', () => fields.RelatedTickets === `DWH: DWH-${request} (В работе)`);
    const shown = () => dwh.desk.ticket(request).fields.parent_ticket ?? '';
    await reached('the state of the ticket shows', () => shown().endsWith('(Ожидание информации)'));
    await reached('the file is named', () => articlesOf(id, '«журнал.txt» не перенесён').length === 1);
    await otrs.settled();
    await app.sweepNow();

    expect(wordsIn(request)).not.toContain('между нами');
    expect(articlesOf(id, 'Кто трогал сервер?')).toEqual([]);
    expect(wordsIn(request).split('Нужно до обеда.')).toHaveLength(2);
  }, 60_000);

  test('nobody is believed who does not know the secret', async () => {
    const { id, number } = dwh.desk.open({ title: 'Чужая' }, 'orlova');
    const tell = (secret: string) =>
      fetch(`${app.address}/webhooks/dwh`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-bridge-secret': secret },
        body: JSON.stringify({ ticket: { id, number }, by: 'orlova' }),
      });

    expect((await tell('guessed')).status).toBe(401);
    expect((await tell(SECRET)).status).toBe(202);
  });

  test('its closing tells the owner what was found, and closes nothing', async () => {
    const { id, request } = await handOver();
    dwh.turnHooks('off');
    dwh.desk.comment(request, { text: 'Выгрузка перезапущена.', public: true }, 'orlova');
    dwh.desk.change(request, { state: 'Выполнено' }, 'orlova');
    // No webhook told of it.
    await app.sweepNow();
    const told = () => articlesOf(id, 'Обращение не закрыто');
    await reached('the owner is told', () => told().length === 1);
    dwh.turnHooks('on');
    await app.sweepNow();

    expect(told()).toMatchObject([
      { isVisibleForCustomer: false, body: expect.stringContaining('Выгрузка перезапущена.') },
    ]);
    expect(otrs.ticket(id)).toMatchObject({ state: 'В работе' });
  }, 60_000);

  test('while it is down its request waits, and nothing else does', async () => {
    const { id, request } = await handOver();
    await dwh.down();
    otrs.addArticle(id, { text: 'Есть ли новости?', visibility: 'public' });
    otrs.moveToQueue(id, 'NTTM::3ЛТП');
    const other = otrs.createTicket({ ...REPORT, ticketQueue: 'NTTM::3ЛТП' });
    const keyOf = (ticket: string) => String(otrs.ticket(ticket).fields.JiraKey ?? '');
    await reached('both tickets have their issues', () => keyOf(id) !== '' && keyOf(other.id) !== '');
    const told = () => jira.issue(keyOf(id)).comments.some(({ body }) => JSON.stringify(body).includes('новости'));
    await reached('the issue hears', told);

    await dwh.up();
    await reached('the request hears', () => wordsIn(request).includes('Есть ли новости?'));
    expect(await app.store.deadLetters({ limit: 10 })).toEqual([]);
  }, 120_000);
});

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { checkWebhook } from '../../../connectors/jira/check/check-webhook.ts';
import { createGateway } from '../../../connectors/jira/http/gateway.ts';
import { jiraOptions } from '../../../connectors/jira/options.ts';

const stops: (() => unknown)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) {
    stop();
  }
});

const HERE = 'https://bridge.example.test/hooks/webhooks/jira';
const told = [
  'jira:issue_created',
  'jira:issue_updated',
  'jira:issue_deleted',
  'comment_created',
  'comment_updated',
  'comment_deleted',
];
const old = { name: 'Мост', url: HERE, events: told, enabled: true, excludeBody: false };
const recent = { id: 1, name: 'Мост', url: HERE, events: told, active: true, configuration: { EXCLUDE_BODY: 'false' } };

/** A JIRA that shows webhooks at one address and nothing at the others. */
async function check(version: string, path: string, answer: { status?: number; body: unknown }, webhookUrl?: string) {
  const asked: string[] = [];
  const server: Server = createServer((request: IncomingMessage, response) => {
    const url = request.url ?? '';
    asked.push(url);
    const deploymentType = version.startsWith('1001') ? 'Cloud' : 'Server';
    const [status, body] = url.startsWith('/jira/rest/api/2/serverInfo')
      ? [200, { version, deploymentType }]
      : url === path
        ? [answer.status ?? 200, answer.body]
        : [404, '<html>Not found</html>'];
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => server.close());
  stops.push(() => server.closeAllConnections());
  const base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jira`;
  const login = version.startsWith('1001') ? { email: 'bridge@example.test' } : {};
  const options = jiraOptions.parse({ base_url, token: 't', account: 'svc_bridge', projects: ['OSS'], ...login });
  const gateway = createGateway(options, () => DateTime.now(), pino({ level: 'silent' }));
  stops.push(gateway.close);
  const found = await checkWebhook({ gateway, system: 'jira', webhookUrl }, new AbortController().signal);
  return { found, asked };
}

const OLD = '/jira/rest/webhooks/1.0/webhook';
const NEW = '/jira/rest/jira-webhook/1.0/webhooks';

describe('the check of the webhook', () => {
  test.each([
    ['9.12.4', OLD, old],
    ['8.20.30', OLD, old],
    ['10.3.24', NEW, recent],
    ['11.0.1', NEW, recent],
    ['1001.0.0-SNAPSHOT', OLD, old],
  ])('of JIRA %s finds it where that version keeps it', async (version, path, hook) => {
    const { found } = await check(version, path, { body: [{ ...hook, url: 'https://other.test/x' }, hook] }, HERE);

    expect(found).toEqual([
      { level: 'ok', subject: 'webhook', message: `«Мост» leads to ${HERE} and tells what it has to` },
    ]);
  });

  test.each([
    ['is switched off', { enabled: false }, 'is switched off'],
    ['lacks events', { events: told.slice(2) }, 'does not tell of jira:issue_created, jira:issue_updated'],
    ['sends no body', { excludeBody: true }, 'does not send its body'],
  ])('warns of one that %s', async (_, fault, message) => {
    const { found } = await check('9.12.4', OLD, { body: [{ ...old, ...fault }] }, HERE);

    expect(found).toMatchObject([{ level: 'warning', message: expect.stringContaining(message) }]);
  });

  test('warns of a recent one that sends no body', async () => {
    const hook = { ...recent, configuration: { EXCLUDE_BODY: 'true' } };
    const { found } = await check('10.3.24', NEW, { body: [hook] }, HERE);

    expect(found).toMatchObject([{ level: 'warning', message: expect.stringContaining('does not send its body') }]);
  });

  test('warns if none leads here, shows those that there are, and no secret of theirs', async () => {
    const url = 'https://old-bridge.test/webhooks/jira?secret=s3cret';
    const { found } = await check('9.12.4', OLD, { body: [{ ...old, name: 'Старый', url }] }, HERE);

    expect(found).toMatchObject([
      {
        level: 'warning',
        message: expect.stringContaining('«Старый» to https://old-bridge.test/webhooks/jira).'),
      },
    ]);
    expect(JSON.stringify(found)).not.toContain('s3cret');
  });

  test('goes by the path where the address of the bridge is not configured', async () => {
    const { found } = await check('9.12.4', OLD, { body: [{ ...old, url: `${HERE}?x=1` }] });

    expect(found).toMatchObject([{ level: 'ok' }]);
  });

  test('takes what a later version says in other words as unsaid', async () => {
    const hook = { name: null, url: HERE, events: { all: true }, configuration: [] };
    const { found } = await check('12.0.0', NEW, { body: [hook] }, HERE);

    expect(found).toMatchObject([{ level: 'ok' }]);
  });

  test.each<[string, number, unknown]>([
    ['a refusal', 403, { errorMessages: ['Only administrators'], errors: {} }],
    ['a refused login', 401, ''],
    ['no such address', 404, '<html>Not found</html>'],
    ['a page', 200, '<html>Login</html>'],
    ['something else', 200, { webhooks: [] }],
  ])('says what to look at where it may not read webhooks: %s', async (_, status, body) => {
    const { found } = await check('10.3.24', NEW, { status, body }, HERE);

    expect(found).toMatchObject([
      { level: 'ok', message: expect.stringMatching(/only administrators.*leads to https:\/\/bridge/u) },
    ]);
  });

  test('goes on where JIRA is down to say so', async () => {
    await expect(check('10.3.24', NEW, { status: 502, body: 'x' }, HERE)).rejects.toMatchObject({
      code: 'SYSTEM_FAILING',
    });
  });
});

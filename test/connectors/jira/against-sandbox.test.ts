import { afterEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { checkWebhook } from '../../../connectors/jira/check/check-webhook.ts';
import { createGateway } from '../../../connectors/jira/http/gateway.ts';
import { jiraOptions } from '../../../connectors/jira/options.ts';
import { receiveWebhook } from '../../../connectors/jira/webhook.ts';
import { wireMyself } from '../../../connectors/jira/wire.ts';
import { type SandboxJira, type SandboxJiraOptions, startSandboxJira } from '../../../sandbox/jira/server.ts';
import { toBridgeError } from '../../../src/errors.ts';
import { type Delivery, receiveHooks } from '../../sandbox/jira/hook-receiver.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) {
    await stop();
  }
});

const signal = new AbortController().signal;
const versions: readonly (readonly [string, SandboxJiraOptions])[] = [
  ['Data Center 8.20', { version: '8.20.30' }],
  ['Data Center 9.12', { version: '9.12.15' }],
  ['Data Center 10.3', { version: '10.3.24' }],
  ['Data Center 11.0', { version: '11.0.1' }],
  ['Cloud', { dialect: 'cloud' }],
];

async function start(options: SandboxJiraOptions) {
  const receiver = await receiveHooks();
  stops.push(receiver.stop);
  const sandbox = await startSandboxJira(options);
  stops.push(sandbox.stop);
  return { sandbox, receiver };
}

function gatewayTo(sandbox: SandboxJira, { dialect }: SandboxJiraOptions) {
  const login = { token: sandbox.token, ...(dialect === 'cloud' ? { email: sandbox.email } : {}) };
  const options = { base_url: sandbox.url, account: sandbox.account, projects: ['OSSTTMB2B'], ...login };
  const gateway = createGateway(jiraOptions.parse(options), () => DateTime.now(), pino({ level: 'silent' }));
  stops.push(gateway.close);
  return gateway;
}

const hintsOf = (deliveries: readonly Delivery[], account: string) =>
  deliveries.flatMap(({ text, url, headers }) =>
    receiveWebhook(
      {
        headers: headers as Record<string, string>,
        query: Object.fromEntries(new URL(url, 'http://bridge.test').searchParams),
        body: Buffer.from(text, 'utf8'),
      },
      { system: 'jira', account },
    ),
  );

describe.each(versions)('JIRA %s', (_, options) => {
  test('tells of everything that people do to an issue, and of nothing that the bridge does', async () => {
    const { sandbox, receiver } = await start(options);
    sandbox.addHook({ url: receiver.url });
    const { id } = sandbox.createIssue({ summary: 'Нет связи' });
    const ways: readonly ((as: string) => void)[] = [
      (as) => sandbox.setFields(id, { summary: 'Нет связи в Твери' }, { as }),
      (as) => sandbox.comment(id, 'Проверьте порт', { as }),
      (as) => sandbox.transition(id, 'В работе', { as }),
      (as) => sandbox.moveIssue(id, undefined, { as }),
    ];
    await sandbox.hooksIdle();
    for (const change of ways) {
      const before = receiver.deliveries.length;
      change('developer.3l');
      await sandbox.hooksIdle();
      const hints = hintsOf(receiver.deliveries.slice(before), sandbox.account);

      expect(hints.length).toBeGreaterThan(0);
      expect(new Set(hints.map(({ ref }) => ref.id))).toEqual(new Set([id]));
    }

    const before = receiver.deliveries.length;
    sandbox.setFields(id, { summary: 'Мост меняет тему' }, { as: 'svc_bridge' });
    await sandbox.hooksIdle();

    expect(receiver.deliveries.length).toBeGreaterThan(before);
    expect(hintsOf(receiver.deliveries.slice(before), sandbox.account)).toEqual([]);

    sandbox.deleteIssue(id);
    await sandbox.hooksIdle();
    expect(hintsOf(receiver.deliveries.slice(-1), sandbox.account)).toMatchObject([{ ref: { id } }]);
  });

  test('shows its webhooks to the check, if that may read them', async () => {
    const { sandbox, receiver } = await start(options);
    const parts = { gateway: gatewayTo(sandbox, options), system: 'jira', webhookUrl: receiver.url };
    expect(await checkWebhook(parts, signal)).toMatchObject([
      { level: 'ok', message: expect.stringContaining('only administrators') },
    ]);

    sandbox.setAdministrator(true);
    expect(await checkWebhook(parts, signal)).toMatchObject([{ level: 'warning' }]);

    sandbox.addHook({ url: receiver.url, name: 'Мост' });
    expect(await checkWebhook(parts, signal)).toMatchObject([
      { level: 'ok', message: expect.stringContaining('«Мост»') },
    ]);
  });

  test('with a limit of calls refuses few of a flood, and every call gets through', async () => {
    const { sandbox } = await start(options);
    sandbox.setRateLimit({ limit: 20, fillRate: 15, intervalSeconds: 1 });
    const gateway = gatewayTo(sandbox, options);
    let refusals = 0;
    const call = async (): Promise<unknown> => {
      try {
        return await gateway.send({ method: 'GET', path: '/myself', effect: 'none', shape: wireMyself, signal });
      } catch (thrown) {
        expect(toBridgeError(thrown).code).toBe('RATE_LIMITED');
        refusals += 1;
        return call();
      }
    };
    const answers = await Promise.all(Array.from({ length: 60 }, call));

    expect(answers).toHaveLength(60);
    // Data Center tells beforehand how much is left; Cloud only refuses, and those under way are refused together.
    expect(refusals).toBeLessThanOrEqual(options.dialect === 'cloud' ? 16 : 6);
  });
});

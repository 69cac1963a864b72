import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type SandboxJira, type SandboxJiraOptions, startSandboxJira } from '../../../sandbox/jira/server.ts';
import { receiveHooks } from './hook-receiver.ts';
import { restOf } from './rest.ts';

let sandbox: SandboxJira;
let receiver: Awaited<ReturnType<typeof receiveHooks>>;
afterEach(async () => {
  await sandbox.stop();
  await receiver.stop();
});

const start = async (options: SandboxJiraOptions, ...statuses: readonly number[]) => {
  receiver = await receiveHooks(...statuses);
  sandbox = await startSandboxJira(options);
  return sandbox.createIssue({ summary: 'Тема' });
};
const eventsOf = () => receiver.deliveries.map(({ body }) => body.webhookEvent);
const send = restOf(() => sandbox);

describe('webhooks by version', () => {
  test.each(['8.20.30', '9.12.15'])(
    '%s signs nothing, fills in what has a dollar sign and lets the user wait',
    async (version) => {
      const { id } = await start({ version });
      sandbox.addHook({ url: `${receiver.url}?issue_id=\${issue.id}&x={issue.id}`, signatureSecret: 'тайна' });

      await send('PUT', `/issue/${id}`, { fields: { summary: 'Другая' } });

      const [delivery] = receiver.deliveries;
      expect(delivery?.headers).not.toHaveProperty('x-hub-signature');
      expect(new URL(delivery?.url ?? '', receiver.url).searchParams.get('issue_id')).toBe(id);
      expect(delivery?.url).toContain('user_id=svc_bridge');
      expect(delivery?.url).toContain('x={issue.id}');
    },
  );

  test.each(['10.3.24', '11.0.1'])('%s signs, fills in {…} and can leave the body out', async (version) => {
    const { id } = await start({ version });
    sandbox.addHook({ url: `${receiver.url}?issue_id={issue.id}`, signatureSecret: 'тайна', excludeBody: true });

    sandbox.setFields(id, { summary: 'Другая' });
    await sandbox.hooksIdle();

    const [delivery] = receiver.deliveries;
    const signature = createHmac('sha256', 'тайна').update('').digest('hex');
    expect(delivery).toMatchObject({ text: '', headers: { 'x-hub-signature': `sha256=${signature}` } });
    expect(delivery?.url).toContain(`issue_id=${id}&user_id=developer.3l`);
  });

  test('Cloud tells a comment once and with its issue, and names the delivery', async () => {
    const { id } = await start({ dialect: 'cloud' });
    sandbox.addHook({ url: receiver.url, signatureSecret: 'тайна' });

    sandbox.comment(id, 'Готово');
    await sandbox.hooksIdle();

    expect(receiver.deliveries).toHaveLength(1);
    const [delivery] = receiver.deliveries;
    expect(delivery?.body).toMatchObject({
      webhookEvent: 'comment_created',
      issue: { id },
      comment: { body: 'Готово' },
    });
    expect(delivery?.body).not.toHaveProperty('user');
    expect(delivery?.headers).toHaveProperty('x-atlassian-webhook-identifier');
    expect(delivery?.headers).toHaveProperty('x-hub-signature');
  });

  test('Cloud tries again after a server error, under the same name', async () => {
    await start({ dialect: 'cloud' }, 503, 429, 202);
    sandbox.addHook({ url: receiver.url });

    sandbox.createIssue({ summary: 'Ещё' });
    await sandbox.hooksIdle();

    const headers = receiver.deliveries.map((delivery) => delivery.headers);
    expect(headers.map((each) => each['x-atlassian-webhook-retry'])).toEqual([undefined, '1', '2']);
    expect(new Set(headers.map((each) => each['x-atlassian-webhook-identifier'])).size).toBe(1);
    expect(sandbox.hooksLost()).toBe(0);
  });
});

describe('webhooks about what goes on', () => {
  test('edited and deleted comments, deleted and moved issues, links and files are told', async () => {
    const { id, key } = await start({});
    const other = sandbox.createIssue({ summary: 'Другая' });
    const comment = sandbox.comment(id, 'Раз');
    sandbox.addHook({ url: receiver.url });
    const steps: readonly (() => void)[] = [
      () => sandbox.editComment(id, comment.id, 'Два'),
      () => sandbox.deleteComment(id, comment.id),
      () => sandbox.linkIssues(id, other.id, 'Блокирует'),
      () => sandbox.attach(id, { name: 'a.txt', bytes: 'x' }),
      () => sandbox.moveIssue(id),
      () => sandbox.deleteIssue(id),
    ];
    for (const step of steps) {
      step();
      await sandbox.hooksIdle();
    }

    expect(eventsOf().toSorted()).toEqual(
      [
        'comment_updated',
        'jira:issue_updated',
        'comment_deleted',
        'jira:issue_updated',
        'issuelink_created',
        'jira:issue_updated',
        'jira:issue_updated',
        'jira:issue_deleted',
      ].toSorted(),
    );
    expect(receiver.deliveries.map(({ body }) => body)).toContainEqual(
      expect.objectContaining({
        issue_event_type_name: 'issue_moved',
        changelog: expect.objectContaining({
          items: expect.arrayContaining([expect.objectContaining({ field: 'Key', fromString: key })]),
        }),
      }),
    );
  });

  test('a hook hears only of the events that it is set up for', async () => {
    const { id } = await start({});
    sandbox.addHook({ url: receiver.url, events: ['comment_created'] });

    sandbox.comment(id, 'Раз');
    sandbox.setFields(id, { summary: 'Другая' });
    await sandbox.hooksIdle();

    expect(eventsOf()).toEqual(['comment_created']);
  });
});

describe('webhooks that go wrong', () => {
  const tellMany = async (count = 40) => {
    sandbox.addHook({ url: receiver.url, events: ['jira:issue_created'] });
    for (let number = 0; number < count; number += 1) {
      sandbox.createIssue({ summary: `№ ${number}` });
    }
    await sandbox.hooksIdle();
    return receiver.deliveries.map(({ body }) => Number((body.issue as { id: string }).id));
  };

  test('are dropped and repeated by dice', async () => {
    await start({});
    sandbox.disturbHooks({ seed: 7, dropped: 0.3, repeated: 0.3 });
    const ids = await tellMany();

    expect(new Set(ids).size).toBeLessThan(40);
    expect(ids.length).toBeGreaterThan(new Set(ids).size);
  });

  test('overtake each other', async () => {
    await start({});
    sandbox.disturbHooks({ seed: 7, isShuffled: true });
    const ids = await tellMany();

    expect(ids).toHaveLength(40);
    expect(ids).not.toEqual(ids.toSorted((left, right) => left - right));
  });

  test('do not say who commented', async () => {
    const { id } = await start({});
    sandbox.disturbHooks({ withoutUser: true });
    sandbox.addHook({ url: receiver.url });

    sandbox.comment(id, 'Раз');
    await sandbox.hooksIdle();

    expect(receiver.deliveries).toHaveLength(2);
    expect(receiver.deliveries.some(({ body }) => 'user' in body)).toBe(false);
  });
});

describe('the place where webhooks are set up', () => {
  test.each([
    ['9.12.15', '/rest/webhooks/1.0/webhook', '/rest/jira-webhook/1.0/webhooks', { enabled: true, excludeBody: false }],
    ['10.3.24', '/rest/jira-webhook/1.0/webhooks', '/rest/webhooks/1.0/webhook', { id: 1, active: true }],
  ])('of %s is %s, for administrators only', async (version, place, other, form) => {
    await start({ version });
    const url = 'http://bridge.example.test/webhooks/jira';
    sandbox.addHook({ url, name: 'Мост', events: ['comment_created'] });
    const read = async (path: string) => restOf(() => sandbox, '')('GET', path);

    expect((await read(place)).status).toBe(403);
    sandbox.setAdministrator(true);
    expect((await read(place)).body).toEqual([
      expect.objectContaining({ name: 'Мост', url, events: ['comment_created'], ...form }),
    ]);
    expect((await read(other)).status).toBe(404);
  });
});

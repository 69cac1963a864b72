import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import type { Desk } from '../../../src/connector.ts';
import type { Action, Draft } from '../../../src/domain/action.ts';
import type { Ref } from '../../../src/domain/ticket.ts';
import { connectTo, signal } from './connected.ts';

let sandbox: SandboxJira;
let desk: Desk;
beforeEach(async () => {
  sandbox = await startSandboxJira();
  desk = connectTo(sandbox.url, { dialect: 'datacenter', settle_seconds: 90 }).desk;
});
afterEach(async () => {
  await desk.close();
  await sandbox.stop();
});

const origin: Ref = { system: 'otrs', id: '815', key: '2026112310000015' };
const draft: Draft = {
  project: 'OSSTTMB2B',
  type: 'Дефект',
  title: 'Не проходит заявка\nв ЕИП',
  text: 'Филиал: Волга\n{code}не код{code} [~developer.3l]',
  priority: 'Высокий',
  labels: ['otrs', 'МРФ Волга'],
  fields: { configuration_item: 'БД' },
};
const opening: Extract<Action, { do: 'open' }> = {
  do: 'open',
  key: 'open:issue',
  system: 'jira',
  role: 'issue',
  draft,
  origin,
};
const open = async () => (await desk.open(draft, 'open:issue', origin, signal)).ref;

/** What was asked of JIRA, names and screens aside: those are kept for ten minutes. */
const calls = () =>
  sandbox.calls
    .filter(({ path }) => !/^\/(serverInfo|priority|status|resolution|issuetype|field|issue\/createmeta\/)/.test(path))
    .map(({ method, path, body }) => ({ call: `${method} ${path}`, method, path, body }));

function commenting(ref: Ref, visibility: 'public' | 'internal' = 'public'): Extract<Action, { do: 'comment' }> {
  return { do: 'comment', key: 'comment:jira:17', ref, comment: { subject: '', text: 'Проверьте', visibility } };
}

const comment = (ref: Ref, visibility: 'public' | 'internal' = 'public') =>
  desk.comment(ref, commenting(ref, visibility).comment, 'comment:jira:17', signal).then((written) => written.ref);

describe('opening an issue', () => {
  test('sends content and both halves of the marker in one call', async () => {
    const ref = await open();

    expect(calls().map(({ call }) => call)).toEqual(['POST /issue']);
    expect(JSON.parse(calls()[0]?.body ?? '')).toEqual({
      fields: {
        project: { key: 'OSSTTMB2B' },
        issuetype: { id: '10001' },
        summary: 'Не проходит заявка в ЕИП',
        description: 'Филиал: Волга\n\\{code\\}не код\\{code\\} \\[\\~developer.3l\\]',
        priority: { id: '2' },
        labels: ['otrs', 'МРФ_Волга', 'otrs-2026112310000015'],
        components: [{ name: 'БД' }],
      },
      properties: [{ key: 'otrs-jira-bridge', value: { ticket: '815', key: 'open:issue' } }],
    });
    expect(ref).toEqual({ system: 'jira', id: sandbox.issues()[0]?.id, key: 'OSSTTMB2B-1' });
  });

  test.each([
    ['priority', { priority: 'Такого нет' }],
    ['issuetype', { type: 'Такого нет' }],
    ['components', { fields: { configuration_item: 'Такого нет' } }],
  ])('a wrong %s is refused for good and named', async (field, change) => {
    await expect(desk.open({ ...draft, ...change }, 'open:issue', origin, signal)).rejects.toMatchObject({
      code: 'REFUSED',
      disposition: 'dead',
      details: { fields: { [field]: expect.any(String) } },
    });
  });

  test('a title of any length and kind fits', async () => {
    const {
      ref: { id },
    } = await desk.open({ ...draft, title: `Ошибка\r\n\t${'😀'.repeat(200)}` }, 'open:issue', origin, signal);

    const { summary } = sandbox.issue(id).values;
    expect(summary).toMatch(/^Ошибка 😀+$/u);
    expect(summary.length).toBeLessThanOrEqual(254);
    expect(summary.isWellFormed()).toBe(true);
  });

  test('a refusal names the ticket, the field and the value that was sent', async () => {
    await expect(desk.open({ ...draft, priority: 'Обычный' }, 'open:issue', origin, signal)).rejects.toMatchObject({
      code: 'REFUSED',
      message: `JIRA refused POST /issue (for ticket ${origin.key}) (400): priority «Обычный»: The priority selected is invalid.`,
    });
  });

  test('an empty title gets words, since JIRA demands one', async () => {
    const {
      ref: { id },
    } = await desk.open({ ...draft, title: ' \n ' }, 'open:issue', origin, signal);

    expect(sandbox.issue(id).values.summary).toBe('(без темы)');
  });

  test.each(['bad-gateway-after-effect', 'reset-after-effect', 'login-page'] as const)(
    'is in doubt after %s, and the issue is found by its marker if there is one',
    async (kind) => {
      sandbox.failNext({ kind }, { method: 'POST', path: /^\/issue$/ });

      await expect(open()).rejects.toMatchObject({ disposition: 'in-doubt' });

      const [issue] = sandbox.issues();
      expect(await desk.find(opening, signal)).toEqual(
        issue === undefined
          ? { outcome: 'unclear', settleMs: 90_000 }
          : { outcome: 'present', ref: { system: 'jira', id: issue.id, key: issue.key } },
      );
    },
  );

  test.each(['rate-limited', 'captcha', 'unavailable'] as const)('%s opens nothing', async (kind) => {
    sandbox.failNext({ kind });

    await expect(open()).rejects.toMatchObject({ name: 'BridgeError' });
    expect(sandbox.issues()).toEqual([]);
  });

  test('an issue that the index does not show yet is not taken for absent', async () => {
    sandbox.setIndexLag(60_000);
    await open();

    expect(await desk.find(opening, signal)).toEqual({ outcome: 'unclear', settleMs: 90_000 });

    sandbox.setIndexLag(0);
    expect(await desk.find(opening, signal)).toMatchObject({ outcome: 'present' });
  });

  test('a label typed by hand does not pass for the marker', async () => {
    const foreign = sandbox.createIssue({ summary: 'Чужая' });
    sandbox.setFields(foreign.key, { labels: ['otrs-2026112310000015'] });
    const { ref: other } = await desk.open(draft, 'open:other', origin, signal);
    const { ref: wrongTicket } = await desk.open(draft, 'open:issue', { ...origin, id: '816' }, signal);

    expect(await desk.find(opening, signal)).toMatchObject({ outcome: 'unclear' });

    const right = await open();
    expect(await desk.find(opening, signal)).toEqual({ outcome: 'present', ref: right });
    expect([other.id, wrongTicket.id]).not.toContain(right.id);
  });
});

describe('commenting an issue', () => {
  test('is in doubt after a break, and what arrived is found', async () => {
    const ref = await open();
    sandbox.failNext({ kind: 'reset-after-effect' }, { path: /comment$/ });
    await expect(comment(ref)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(await desk.find(commenting(ref), signal)).toMatchObject({ outcome: 'present' });

    const { ref: other } = await desk.open(draft, 'open:issue', { ...origin, id: '1' }, signal);
    sandbox.failNext({ kind: 'reset-before-effect' }, { path: /comment$/ });
    await expect(comment(other)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(await desk.find(commenting(other), signal)).toMatchObject({ outcome: 'unclear' });
  });

  test('an internal comment is refused where nobody is named who may read it', async () => {
    const ref = await open();
    const careless = connectTo(sandbox.url, { internal_comments: undefined }).desk;

    await expect(careless.comment(ref, commenting(ref, 'internal').comment, 'k', signal)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('jira.internal_comments'),
    });
    expect(sandbox.issue(ref.id).comments).toEqual([]);
    await careless.close();
  });

  test('an internal comment is for the named role only', async () => {
    const ref = await open();

    await comment(ref, 'internal');

    expect(sandbox.issue(ref.id).comments[0]?.visibility).toEqual({ type: 'role', value: 'Developers' });
  });

  test('a thousand comments and more are all read and searched', async () => {
    const ref = await open();
    for (let number = 0; number < 1_005; number += 1) {
      sandbox.comment(ref.id, `номер ${number}`);
    }
    await comment(ref);

    const { comments } = await desk.read(ref, signal);

    expect(comments).toHaveLength(1_006);
    expect(comments.at(-1)).toMatchObject({ marker: 'comment:jira:17', text: 'Проверьте' });
    expect(await desk.find(commenting(ref), signal)).toMatchObject({ outcome: 'present' });
  });
});

describe('relating an issue to a ticket', () => {
  const shown = { title: 'Не проходит [заявка]', url: 'https://desk.example.test/otrs/index.pl?TicketID=815' };

  test('leaves one link that shows the latest title', async () => {
    const ref = await open();

    await desk.relate(ref, origin, shown, signal);
    await desk.relate(ref, origin, { ...shown, title: 'Новая тема' }, signal);
    await desk.relate(ref, { ...origin, id: '900' }, shown, signal);

    expect(sandbox.issue(ref.id).remoteLinks.map(({ globalId, content }) => ({ globalId, content }))).toMatchObject([
      {
        globalId: 'system=https://desk.example.test&id=815',
        content: { object: { title: 'Новая тема', url: shown.url } },
      },
      { globalId: 'system=https://desk.example.test&id=900' },
    ]);
  });
});

describe('reading an issue', () => {
  test('gives what the core needs, in plain text', async () => {
    const ref = await open();
    sandbox.setFields(ref.id, { customfield_10200: 'h2. Итог\n*готово*', assignee: { name: 'developer.3l' } });
    sandbox.comment(ref.id, 'Готово, см. [журнал|https://e.test/log]');
    sandbox.transition(ref.id, 'Решено', { resolution: 'Исправлено' });

    expect(await desk.read(ref, signal)).toMatchObject({
      ref,
      url: `${sandbox.url}/browse/OSSTTMB2B-1`,
      title: 'Не проходит заявка в ЕИП',
      text: draft.text,
      state: 'Решено',
      phase: 'done',
      priority: 'Высокий',
      type: 'Дефект',
      resolution: 'Исправлено',
      owner: 'Дмитрий Орлов',
      requester: { name: 'Мост OTRS–JIRA', login: 'svc_bridge' },
      fields: { solution: 'Итог\nготово', configuration_item: 'БД' },
      comments: [{ author: 'Дмитрий Орлов', by: 'agent', text: 'Готово, см. журнал (https://e.test/log)' }],
    });
  });

  test('costs two calls', async () => {
    const ref = await open();
    await desk.read(ref, signal);

    expect(
      calls()
        .slice(1)
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual([`/issue/${ref.id}`, `/issue/${ref.id}/comment`]);
  });
});

describe('looking for changes', () => {
  test('pages through many, newest first, and misses none that is changed meanwhile', async () => {
    for (let number = 0; number < 450; number += 1) {
      sandbox.createIssue({ summary: `Задача ${number}` });
    }
    const since = DateTime.now().minus({ minutes: 5 });
    const first = await desk.changedSince(since, undefined, signal);
    for (const { ref } of first.changes.slice(0, 20)) {
      sandbox.setFields(ref.id, { summary: 'изменена во время обхода' });
    }

    const seen = new Set(first.changes.map(({ ref }) => ref.id));
    for (let { next } = first; next !== undefined; ) {
      const page = await desk.changedSince(since, next, signal);
      for (const { ref } of page.changes) {
        seen.add(ref.id);
      }
      next = page.next;
    }

    expect(seen.size).toBe(450);
    const times = first.changes.map(({ changedAt }) => changedAt.toMillis());
    expect(times).toEqual(times.toSorted((left, right) => right - left));
  });

  test('a project that is not there is named', async () => {
    const wrong = connectTo(sandbox.url, { projects: ['NOSUCH'] }).desk;

    await expect(wrong.changedSince(DateTime.now(), undefined, signal)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('NOSUCH'),
    });
    await wrong.close();
  });
});

describe('JIRA that is down', () => {
  test('is an outage for reads and writes alike, and is used again when it is back', async () => {
    const ref = await open();
    await sandbox.down();

    await expect(desk.read(ref, signal)).rejects.toMatchObject({ disposition: 'outage' });
    await expect(comment(ref)).rejects.toMatchObject({ code: 'SYSTEM_UNREACHABLE', disposition: 'outage' });

    await sandbox.up();
    await comment(ref);
    expect(sandbox.issue(ref.id).comments).toHaveLength(1);
  });

  test('or slow: a create that took too long is in doubt', async () => {
    sandbox.failNext({ kind: 'slow', milliseconds: 5_000 }, { method: 'POST' });
    const hasty = connectTo(sandbox.url, { timeout_seconds: 1 }).desk;

    await expect(hasty.open(draft, 'open:issue', origin, signal)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    await hasty.close();
    expect(await desk.find(opening, signal)).toMatchObject({ outcome: 'present' });
  });
});

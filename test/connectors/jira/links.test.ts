import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import type { Desk } from '../../../src/connector.ts';
import type { Ref } from '../../../src/domain/ticket.ts';
import { connectTo, signal } from './connected.ts';
import { answer, rawServers } from './raw-server.ts';

const ticket: Ref = { system: 'otrs', id: '42', key: '2026112310000042' };
const shown = { title: 'OTRS 2026112310000042', url: 'http://otrs.example.test/zoom?TicketID=42' };

describe.each(['datacenter', 'cloud'] as const)('links of an issue in %s', (dialect) => {
  let sandbox: SandboxJira;
  let desk: Desk;
  beforeEach(async () => {
    sandbox = await startSandboxJira({ dialect });
    const { email, account, url } = sandbox;
    desk = connectTo(url, dialect === 'cloud' ? { email, account } : {}).desk;
  });
  afterEach(async () => {
    await desk.close();
    await sandbox.stop();
  });

  const anIssue = (summary: string): Ref => {
    const { id, key } = sandbox.createIssue({ summary });
    return { system: 'jira', id, key };
  };
  const named = ({ key = '' }: Ref): Ref => ({ system: 'jira', id: key, key });
  const relate = (from: Ref, to: Ref, type: string) =>
    desk.relate(from, named(to), { title: to.key ?? '', url: '', type }, signal);
  const writes = () => sandbox.calls.filter(({ method, path }) => method === 'POST' && path === '/issueLink');
  const linksOf = async ({ id }: Ref) => {
    const { origin } = new URL(sandbox.url);
    const login =
      dialect === 'cloud' ? `Basic ${btoa(`${sandbox.email}:${sandbox.token}`)}` : `Bearer ${sandbox.token}`;
    const response = await fetch(`${origin}/rest/api/${dialect === 'cloud' ? 3 : 2}/issue/${id}?fields=issuelinks`, {
      headers: { authorization: login },
    });
    const { fields } = (await response.json()) as { fields: { issuelinks: Record<string, { key?: string }>[] } };
    return fields.issuelinks.map(({ inwardIssue, outwardIssue }) => ({ in: inwardIssue?.key, out: outwardIssue?.key }));
  };

  test('the ticket is a remote link that shows its title and whether it is done, one however often it is written', async () => {
    const issue = anIssue('Заявка');
    await desk.relate(issue, ticket, { ...shown, isResolved: false }, signal);
    await desk.relate(issue, ticket, { ...shown, title: 'Новая тема', isResolved: true }, signal);

    expect(sandbox.issue(issue.id).remoteLinks.map(({ content }) => content)).toMatchObject([
      { object: { title: 'Новая тема', url: shown.url, status: { resolved: true } } },
    ]);
    await desk.relate(issue, ticket, { ...shown, isResolved: false }, signal);
    expect(sandbox.issue(issue.id).remoteLinks).toMatchObject([
      { content: { object: { title: shown.title, status: { resolved: false } } } },
    ]);
  });

  test('another issue is linked once, however often it is asked for', async () => {
    const [one, other] = [anIssue('Одна'), anIssue('Другая')];
    for (let time = 0; time < 3; time += 1) {
      await relate(one, other, 'Блокирует');
    }

    expect(writes()).toHaveLength(1);
    expect(await linksOf(one)).toEqual([{ in: undefined, out: other.key }]);
    expect(await linksOf(other)).toEqual([{ in: one.key, out: undefined }]);
  });

  test('the two ends of a symmetric link are one, whichever end asks', async () => {
    const [one, other] = [anIssue('Одна'), anIssue('Другая')];
    await relate(other, one, '10003');
    await relate(one, other, 'связана');

    expect(writes()).toHaveLength(1);
    expect(JSON.parse(writes()[0]?.body ?? '')).toMatchObject({
      inwardIssue: { key: one.key },
      outwardIssue: { key: other.key },
    });
  });

  test('a type may be named in another language than the account’s', async () => {
    const [one, other] = [anIssue('Одна'), anIssue('Другая')];
    await relate(one, other, 'Blocks');
    await relate(one, other, 'Блокирует');

    expect(writes()).toHaveLength(1);
  });

  test('a link of another direction or type is another link', async () => {
    const [one, other] = [anIssue('Одна'), anIssue('Другая')];
    await relate(one, other, 'Блокирует');
    await relate(other, one, 'Блокирует');
    await relate(one, other, 'Дубликат');

    expect(writes()).toHaveLength(3);
  });

  test('a refusal is success where the link is there all the same', async () => {
    const [one, other] = [anIssue('Одна'), anIssue('Другая')];
    sandbox.failNext({ kind: 'bad-gateway-after-effect' }, { method: 'POST', path: /^\/issueLink$/ });
    await expect(relate(one, other, 'Блокирует')).rejects.toMatchObject({ disposition: 'outage' });

    await relate(one, other, 'Блокирует');
    expect(writes()).toHaveLength(1);
  });

  test('an issue that was moved is found by its former key', async () => {
    const [one, other] = [anIssue('Одна'), anIssue('Другая')];
    sandbox.moveIssue(other.id);
    await relate(one, other, 'Блокирует');

    expect(await linksOf(one)).toEqual([{ in: undefined, out: sandbox.issue(other.id).key }]);
  });

  test.each([
    ['an unknown type', 'Кузены', (own: Ref, other: Ref) => ({ from: own, to: other }), 'no link type «Кузены»'],
    ['itself', 'Блокирует', (own: Ref) => ({ from: own, to: own }), 'itself'],
    [
      'an issue that is not there',
      'Блокирует',
      (own: Ref) => ({ from: own, to: { system: 'jira', id: 'OSSTTMB2B-999', key: 'OSSTTMB2B-999' } }),
      'no issue «OSSTTMB2B-999»',
    ],
  ])('%s is refused with a clear sentence, and nothing is written', async (_, type, ends, sentence) => {
    const { from, to } = ends(anIssue('Одна'), anIssue('Другая'));

    await expect(relate(from, to, type)).rejects.toMatchObject({
      code: 'REFUSED',
      disposition: 'dead',
      message: expect.stringContaining(sentence),
    });
    expect(writes()).toEqual([]);
  });

  test('an issue that is archived takes no link, for good', async () => {
    const [one, other] = [anIssue('Одна'), anIssue('Другая')];
    sandbox.archive(one.id);

    await expect(relate(one, other, 'Блокирует')).rejects.toMatchObject({ disposition: 'dead' });
    expect((await desk.read(one, signal)).title).toBe('Одна');
  });

  test('a person becomes the assignee under the name that the dialect knows', async () => {
    const issue = anIssue('Заявка');
    const user = dialect === 'cloud' ? '712020:00000000-0000-4000-8000-000000010102' : 'petrova.3l';
    await desk.assign(issue, user, signal);
    await desk.assign(issue, user, signal);

    expect(await desk.read(issue, signal)).toMatchObject({ owner: 'Анна Петрова', ownerLogin: user });
  });

  test.each([
    ['unknown', 'nobody', 'nobody'],
    ['inactive', 'ivanov.3l', '712020:00000000-0000-4000-8000-000000010104'],
    ['not assignable', 'guest.l2', '712020:00000000-0000-4000-8000-000000010105'],
  ])('a user who is %s is refused with a clear sentence', async (_, name, id) => {
    const issue = anIssue('Заявка');
    const user = dialect === 'cloud' ? id : name;
    const before = (await desk.read(issue, signal)).ownerLogin;

    await expect(desk.assign(issue, user, signal)).rejects.toMatchObject({
      code: 'REFUSED',
      disposition: 'dead',
      message: expect.stringContaining(`«${user}»: the user is unknown, inactive or may not be assigned`),
    });
    expect((await desk.read(issue, signal)).ownerLogin).toBe(before);
  });

  test.each(['public', 'internal'] as const)(
    'an edit of a %s comment keeps who may read it, and its mark',
    async (visibility) => {
      const issue = anIssue('Заявка');
      const draft = { subject: '', text: 'Проверте', visibility };
      const { ref } = await desk.comment(issue, draft, 'comment:jira:17', signal);
      await desk.edit(issue, ref.id, 'Проверьте [~all]', signal);

      expect((await desk.read(issue, signal)).comments).toMatchObject([
        { id: ref.id, text: 'Проверьте [~all]', visibility, marker: 'comment:jira:17' },
      ]);
    },
  );

  test('the words of people are not edited', async () => {
    const issue = anIssue('Заявка');
    const { id } = sandbox.comment(issue.id, 'Слова разработчика');

    await expect(desk.edit(issue, id, 'Слова моста', signal)).rejects.toMatchObject({ code: 'REFUSED' });
    expect((await desk.read(issue, signal)).comments).toMatchObject([{ text: 'Слова разработчика' }]);
  });

  test.each(['deleteIssue', 'hide'] as const)('after %s an issue is gone, and JIRA was asked who asks', async (how) => {
    const issue = anIssue('Заявка');
    sandbox[how](issue.id);
    for (let look = 0; look < 3; look += 1) {
      await expect(desk.read(issue, signal)).rejects.toMatchObject({ code: 'RECORD_NOT_READABLE' });
    }

    expect(sandbox.calls.filter(({ path }) => path === '/myself')).toHaveLength(1);
  });
});

describe('what JIRA says is not there', () => {
  const { stops, listen } = rawServers();

  const issue: Ref = { system: 'jira', id: '10000', key: 'OSSTTMB2B-1' };
  const refusal = '{"errorMessages":["Issue Does Not Exist"],"errors":{}}';
  const serverWith = async (answers: Readonly<Record<string, string>>) => {
    const url = await listen((request, socket) => {
      const [method = '', target = ''] = request.split(' ', 2);
      const path = new URL(target, 'http://x').pathname.replace(/^.*\/rest\/api\/2/, '');
      const known = answers[`${method} ${path}`];
      socket.write(known ?? answer(refusal, '404 Not Found'));
    });
    const { desk } = connectTo(url, { dialect: 'datacenter' });
    stops.push(() => desk.close());
    return desk;
  };

  test('is not believed where the login is dead: tickets wait, and no issue is taken for deleted', async () => {
    const desk = await serverWith({ 'GET /myself': answer(refusal, '401 Unauthorized') });

    await expect(desk.read(issue, signal)).rejects.toMatchObject({ code: 'LOGIN_REFUSED', disposition: 'outage' });
  });

  test('is a link that somebody else has just written, and then the refusal is success', async () => {
    let asked = 0;
    const type = '"type":{"id":"10003"}';
    const desk = await serverWith({
      'GET /issue/OSSTTMB2B-2': answer('{"id":"10001","key":"OSSTTMB2B-2"}'),
      'GET /issueLinkType': answer(
        '{"issueLinkTypes":[{"id":"10003","name":"Relates","inward":"relates to","outward":"relates to"}]}',
      ),
      'POST /issueLink': answer('{"errorMessages":["exists"],"errors":{}}', '400 Bad Request'),
      get 'GET /issue/10000'() {
        asked += 1;
        const links = asked === 1 ? '' : `{${type},"inwardIssue":{"id":"10001","key":"OSSTTMB2B-2"}}`;
        return answer(`{"id":"10000","key":"OSSTTMB2B-1","fields":{"issuelinks":[${links}]}}`);
      },
    });
    const to = { system: 'jira', id: 'OSSTTMB2B-2', key: 'OSSTTMB2B-2' };

    await desk.relate(issue, to, { title: '', url: '', type: 'Relates' }, signal);
    expect(asked).toBe(2);
  });

  test('may be a link because linking is switched off, and the refusal says so', async () => {
    const links = '{"id":"10000","key":"OSSTTMB2B-1","fields":{}}';
    const desk = await serverWith({
      'GET /issue/10000': answer(links),
      'GET /issue/OSSTTMB2B-2': answer('{"id":"10001","key":"OSSTTMB2B-2"}'),
    });
    const to = { system: 'jira', id: 'OSSTTMB2B-2', key: 'OSSTTMB2B-2' };

    await expect(desk.relate(issue, to, { title: '', url: '', type: 'Связана' }, signal)).rejects.toMatchObject({
      code: 'REFUSED',
      message: 'issue linking is switched off in JIRA',
    });
  });
});

import { afterEach, describe, expect, test } from '@jest/globals';
import { type Connected, connectSandbox } from './connected.ts';

const signal = new AbortController().signal;

describe('checking an OTRS from outside', () => {
  let connected: Connected;
  afterEach(() => connected.stop());

  async function check(settings: object = {}, options: object = {}) {
    connected = await connectSandbox(settings, options);
    connected.open();
    return connected.desk.check(signal);
  }

  test('a good installation shows what was proven, and nothing is written', async () => {
    const findings = await check({ user_id: 12, watch: { ticket_queues: ['NTTM::2ЛТП', 'NTTM::3ЛТП'] } });

    expect(findings.map(({ level, subject }) => `${level} ${subject}`)).toEqual([
      'ok otrs: login',
      'ok otrs: ticket search',
      'ok otrs: dynamic field JiraKey',
      'ok otrs: dynamic field JiraStatus',
      'ok otrs: dynamic field JiraUrl',
      'ok otrs: dynamic field ClosureCode',
      'ok otrs: dynamic field Solution',
      'ok otrs: dynamic field ConfigItem',
      'ok otrs: dynamic field NeedDevelopment',
      'ok otrs: article field BridgeExternalId',
      'ok otrs: time zone',
      'ok otrs: ticket queue NTTM::2ЛТП',
      'ok otrs: ticket queue NTTM::3ЛТП',
      'ok otrs: ticket history',
      'ok otrs: ticket update',
    ]);
    const [ticket] = connected.sandbox.tickets();
    expect(ticket?.articles).toHaveLength(1);
    expect(ticket?.history.some(({ by }) => by === 12)).toBe(false);
  });

  test.each<[string, object, object, string, RegExp]>([
    ['a wrong password', { password: 'x' }, {}, 'otrs: login', /password/],
    ['a wrong web service', { web_service: 'Nope' }, {}, 'otrs: login', /no valid web service named Nope/],
    ['another agent’s user id', { user_id: 7 }, {}, 'otrs: login', /has UserID 12, not 7/],
    [
      'a dynamic field that does not exist',
      { dynamic_fields: { issue_key: 'JiraKye' } },
      {},
      'otrs: dynamic field JiraKye',
      /dynamic_fields\.issue_key/,
    ],
    [
      'an article field that does not exist',
      { article_marker_field: 'Nope' },
      {},
      'otrs: article field Nope',
      /Create it/,
    ],
    ['a wrong time zone', { time_zone: 'UTC' }, {}, 'otrs: time zone', /3 h off/],
    [
      'a ticket queue that does not exist',
      { watch: { ticket_queues: ['NTTM::9ЛТП'] } },
      {},
      'otrs: ticket queue NTTM::9ЛТП',
      /no such ticket queue/,
    ],
    [
      'a route that the web service lacks',
      { operations: { ticket_history: { route: '/Nope/:TicketID' } } },
      {},
      'otrs: ticket history',
      /operations/,
    ],
  ])('%s is an error that says what to do', async (_, settings, options, subject, message) => {
    const findings = await check(settings, options);

    expect(findings.filter(({ level }) => level === 'error')).toEqual([
      { level: 'error', subject, message: expect.stringMatching(message) },
    ]);
  });

  test('an OTRS that is away is one finding, not an exception', async () => {
    connected = await connectSandbox();
    await connected.sandbox.down();

    expect(await connected.desk.check(signal)).toEqual([
      { level: 'error', subject: 'otrs: login', message: expect.stringContaining('ECONNREFUSED') },
    ]);
  });

  test('without a visible ticket the check says what stays unproven', async () => {
    connected = await connectSandbox({ user_id: 12 });

    expect(await connected.desk.check(signal)).toContainEqual({
      level: 'warning',
      subject: 'otrs: ticket search',
      message: expect.stringContaining('unproven'),
    });
  });

  test('without a known user id the check tells the number', async () => {
    expect(await check()).toContainEqual({
      level: 'warning',
      subject: 'otrs: login',
      message: expect.stringContaining('user_id: 12'),
    });
  });
});

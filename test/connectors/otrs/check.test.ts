import { afterEach, describe, expect, test } from '@jest/globals';
import type { ExpectedNames } from '../../../src/connector.ts';
import { loadNamesInUse } from '../../../src/policy/load.ts';
import { expectedNames } from '../../support/expected-names.ts';
import { type Connected, connectSandbox, transports } from './connected.ts';

const signal = new AbortController().signal;

describe('checking an OTRS from outside', () => {
  let connected: Connected;
  afterEach(() => connected.stop());

  async function check(settings: object = {}, options: object = {}, names: Partial<ExpectedNames> = {}) {
    connected = await connectSandbox(settings, options);
    connected.open();
    return connected.desk.check(expectedNames(names), signal);
  }

  test('a good installation shows what was proven, and nothing is written', async () => {
    const findings = await check({ user_id: 12, watch: { ticket_queues: ['NTTM::2ЛТП', 'NTTM::3ЛТП'] } });

    expect(findings.map(({ level, subject }) => `${level} ${subject}`)).toEqual([
      'ok otrs: login',
      'ok otrs: ticket search',
      'ok otrs: time zone',
      'ok otrs: ticket queue NTTM::2ЛТП',
      'ok otrs: ticket queue NTTM::3ЛТП',
      'ok otrs: ticket history',
      'ok otrs: ticket update',
      'ok otrs: dynamic field JiraKey',
      'ok otrs: dynamic field JiraStatus',
      'ok otrs: dynamic field JiraUrl',
      'ok otrs: dynamic field ClosureCode',
      'ok otrs: dynamic field Solution',
      'ok otrs: dynamic field ConfigItem',
      'ok otrs: dynamic field NeedDevelopment',
      'ok otrs: dynamic field InfoComplete',
      'ok otrs: dynamic field DiagnosisDone',
      'ok otrs: dynamic field Workaround',
      'ok otrs: dynamic field UpdateInstalled',
      'ok otrs: dynamic field RelatedSystem',
      'ok otrs: dynamic field ExternalNumber',
      'ok otrs: dynamic field ReturnReason',
      'ok otrs: dynamic field Returns',
      'ok otrs: dynamic field ApprovedBy',
      'ok otrs: dynamic field ApprovalRefused',
      'ok otrs: dynamic field ApprovalStatus',
      'ok otrs: dynamic field NeedLine2',
      'ok otrs: dynamic field InheritedStart',
      'ok otrs: dynamic field RelatedTickets',
      'ok otrs: dynamic field ParentTicket',
      'ok otrs: dynamic field SlaReactionDue',
      'ok otrs: dynamic field SlaDiagnosisDue',
      'ok otrs: dynamic field SlaWorkaroundDue',
      'ok otrs: dynamic field SlaResolutionDue',
      'ok otrs: dynamic field SlaStatus',
      'ok otrs: dynamic field BridgeMark',
      'ok otrs: article field BridgeExternalId',
      'ok otrs: values of fields',
      'ok otrs: permission rw',
      'warning otrs: permission rw',
    ]);
    const [ticket] = connected.sandbox.tickets();
    expect(ticket?.articles).toHaveLength(1);
    expect(ticket?.history.some(({ by }) => by === 12)).toBe(false);
  });

  test('a field that takes any text is of another type than the rules expect', async () => {
    const fields = { need_development: 'ExternalNumber', sla_reaction_due: 'Solution', information: 'ReturnReason' };
    const ticketFieldValues = [{ field: 'information', name: 'complete', at: 'mappings/completeness.yaml:1:1' }];
    const findings = await check({ user_id: 12, dynamic_fields: fields }, {}, { ticketFieldValues });

    const any = 'It takes any text: make it a';
    expect(findings.filter(({ message }) => message.startsWith(any))).toEqual(
      [
        ['ExternalNumber', 'checkbox, or take need_development out of checkboxes.'],
        ['Solution', 'field of date and time, or take sla_reaction_due out of moments.'],
        ['ReturnReason', 'dropdown with the keys complete; the rules know no others.'],
      ].map(([name, rest]) => ({
        level: 'warning',
        subject: `otrs: dynamic field ${name}`,
        message: `${any} ${rest}`,
      })),
    );
  });

  test('over SOAP the same is proven', async () => {
    const settings = { user_id: 12, watch: { services: ['NTTM: Техническая поддержка'] } };
    const proven = await check(settings);
    await connected.stop();

    const found = await check({ ...settings, ...transports.SOAP });

    const number = /\d{16}/g;
    expect(found.map(({ message }) => message.replace(number, ''))).toEqual(
      proven.map(({ message }) => message.replace(number, '')),
    );
    expect(connected.sandbox.calls).toContain('TicketHistoryGet');
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
    [
      'an article field that is one of tickets',
      { article_marker_field: 'ExternalNumber' },
      {},
      'otrs: article field ExternalNumber',
      /field of tickets.*object Article/,
    ],
    [
      'a dropdown where the bridge writes the solution',
      { dynamic_fields: { solution: 'ClosureCode' } },
      {},
      'otrs: dynamic field ClosureCode',
      /make it a text field/,
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
      'a web service for REST that is spoken to in SOAP',
      { transport: 'soap' },
      {},
      'otrs: login',
      /compare `transport`/,
    ],
    [
      'a web service for SOAP that is spoken to in REST',
      { web_service: 'otrs-jira-bridge-soap' },
      {},
      'otrs: login',
      /compare `transport`/,
    ],
    ['a wrong password over SOAP', { ...transports.SOAP, password: 'x' }, {}, 'otrs: login', /password/],
    [
      'an operation that the web service for SOAP lacks',
      { ...transports.SOAP, operations: { ticket_history: { name: 'History' } } },
      {},
      'otrs: ticket history',
      /operations/,
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

  const at = 'mappings/x.yaml:1:2';

  test.each<[string, Partial<ExpectedNames>, string]>([
    ['a service', { services: [{ name: 'NTTM: Почта', at }] }, `service NTTM: Почта: ${at}: OTRS has no valid service`],
    [
      'a ticket queue',
      { ticketQueues: [{ name: '3ЛТП', at }] },
      `ticket queue 3ЛТП: ${at}: OTRS has no valid ticket queue`,
    ],
    ['a type', { ticketTypes: [{ name: 'Авария', at }] }, `type Авария: ${at}: OTRS has no valid type`],
    [
      'a state with a letter of another alphabet',
      {
        ticketStates: [
          { name: 'Закрыто', at },
          { name: 'Рeшено', at },
        ],
      },
      `state Рeшено: ${at}: OTRS has no valid state that is spelt «Рeшено» (it contains the Latin letter «e»): create it, or correct the rules.`,
    ],
    [
      'a priority',
      { ticketPriorities: [{ name: '5 Никакой', at }] },
      `priority 5 Никакой: ${at}: OTRS has no valid priority`,
    ],
    [
      'a field',
      { ticketFields: [{ name: 'need_developmnt', at }] },
      `field need_developmnt: ${at}: the rules use the field «need_developmnt», and otrs.dynamic_fields does not name it, did you mean «need_development»? It has issue_key,`,
    ],
  ])('%s of the rules that OTRS does not know is an error with its place', async (_, names, message) => {
    const findings = await check({}, {}, names);

    expect(findings.filter(({ level }) => level === 'error').map((each) => `${each.subject}: ${each.message}`)).toEqual(
      [expect.stringContaining(`otrs: ${message}`)],
    );
  });

  test('the names and values of the shipped rules are all proven', async () => {
    const findings = await check({ user_id: 12 }, {}, await loadNamesInUse('mappings'));

    const named = findings.filter(({ subject }) =>
      /^otrs: (service|ticket queue|type|state|priority)\b(?!s)/.test(subject),
    );
    expect(named.map(({ level, subject }) => `${level} ${subject}`)).toEqual([
      'ok otrs: service',
      'ok otrs: ticket queue',
      'ok otrs: type',
      'ok otrs: state',
      'ok otrs: priority',
    ]);
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(findings).toContainEqual({
      level: 'ok',
      subject: 'otrs: opening tickets in Смежные системы::ЕИП',
      message: expect.stringContaining('objects to nothing else'),
    });
  });

  test('an OTRS that is away is one finding, not an exception', async () => {
    connected = await connectSandbox();
    await connected.sandbox.down();

    expect(await connected.desk.check(expectedNames(), signal)).toEqual([
      { level: 'error', subject: 'otrs: login', message: expect.stringContaining('ECONNREFUSED') },
    ]);
  });

  test('without a visible ticket the check says what stays unproven', async () => {
    connected = await connectSandbox({ user_id: 12 });

    expect(await connected.desk.check(expectedNames(), signal)).toContainEqual({
      level: 'warning',
      subject: 'otrs: ticket search',
      message: expect.stringContaining('open it in a watched ticket queue'),
    });
  });

  test('without a known user id the check tells the number', async () => {
    expect(await check()).toContainEqual({
      level: 'warning',
      subject: 'otrs: login',
      message: expect.stringContaining('user_id: 12'),
    });
  });

  test('operations that OTRS does not offer are told with what is lost by that', async () => {
    const findings = await check({ user_id: 12, operations: { session_get: false, ticket_history: false } });

    expect(findings.filter(({ subject }) => /login|ticket history/.test(subject))).toEqual([
      { level: 'warning', subject: 'otrs: login', message: expect.stringContaining('without Session::SessionGet') },
      { level: 'warning', subject: 'otrs: ticket history', message: expect.stringContaining('deadlines') },
    ]);
    expect(connected.sandbox.calls).not.toContain('TicketHistoryGet');
    expect(connected.sandbox.calls).not.toContain('SessionGet');
  });

  test('a login that fails is told even where nobody can ask for the session', async () => {
    const findings = await check({ operations: { session_get: false }, password: 'x' });

    expect(findings.map(({ level, subject }) => `${level} ${subject}`)).toEqual(['error otrs: login']);
  });

  test('a session that would land in the access log is a warning that names the methods to change', async () => {
    const findings = await check({
      session_in: 'data',
      operations: { ticket_get: { method: 'POST' }, session_get: false },
    });

    expect(findings).toContainEqual({
      level: 'warning',
      subject: 'otrs: session',
      message: expect.stringMatching(/POST in operations\.ticket_history,/),
    });
  });

  test('a help desk that reads no session in a header is told from a wrong password', async () => {
    connected = await connectSandbox();
    const result = { Error: { ErrorCode: 'SessionGet.SessionInvalid', ErrorMessage: 'SessionID is Invalid!' } };
    connected.sandbox.failNext({ status: 200, result, operation: 'SessionGet' }, 2);

    expect(await connected.desk.check(expectedNames(), signal)).toEqual([
      { level: 'error', subject: 'otrs: login', message: expect.stringContaining('session_in: data') },
    ]);
  });
});

import { afterEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { otrs } from '../../../connectors/otrs/connector.ts';
import type { SandboxOtrsOptions } from '../../../sandbox/otrs/server.ts';
import type { ExpectedNames, ExpectedTicket, Finding } from '../../../src/connector.ts';
import { loadNamesInUse } from '../../../src/policy/load.ts';
import { expectedNames } from '../../support/expected-names.ts';
import { type Connected, connectSandbox, transports } from './connected.ts';

const signal = new AbortController().signal;
const at = 'mappings/x.yaml:1:2';

describe('asking OTRS for the impossible', () => {
  let connected: Connected;
  afterEach(() => connected.stop());

  const begin = async (settings: object = {}, options: SandboxOtrsOptions = {}) => {
    connected = await connectSandbox({ user_id: 12, ...settings }, options);
    return connected;
  };
  const check = (names: Partial<ExpectedNames> = {}) => connected.desk.check(expectedNames(names), signal);
  const bad = (findings: readonly Finding[]) => findings.filter(({ level }) => level !== 'ok');

  test.each(Object.entries(transports))(
    'proves all that the shipped rules need and changes nothing (%s)',
    async (_, transport) => {
      const { open, sandbox } = await begin(transport);
      open();
      const before = JSON.stringify(sandbox.tickets());
      const findings = await connected.desk.check(await loadNamesInUse('mappings'), signal);

      expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
      expect(JSON.stringify(sandbox.tickets())).toBe(before);
    },
  );

  const keyed = (field: string, name: string) => ({ ticketFieldValues: [{ field, name, at }] });

  test.each<[string, object, Partial<ExpectedNames>, string, RegExp]>([
    [
      'a key that the dropdown lacks',
      {},
      keyed('closure_code', 'fixd'),
      'dynamic field ClosureCode',
      /^mappings\/x\.yaml:1:2: it does not take «fixd»: add this key/,
    ],
    ['a checkbox that is none', { checkboxes: ['workaround'] }, {}, 'dynamic field Workaround', /takes no tick/],
    ['a moment that is none', { moments: ['information'] }, {}, 'dynamic field InfoComplete', /no date and time/],
    [
      'a field of the bridge that is no text',
      {},
      { ticketFieldsShown: [{ name: 'configuration_item', at }] },
      'dynamic field ConfigItem',
      /make it a text field/,
    ],
    [
      'an agent that is unknown',
      {},
      { ticketOwners: [{ name: 'ivanov', at }] },
      'agent ivanov',
      /no valid agent that is spelt/,
    ],
  ])('finds %s, and nothing else', async (_, settings, names, subject, message) => {
    const { open } = await begin(settings);
    open();

    expect((await check(names)).filter(({ level }) => level === 'error')).toEqual([
      { level: 'error', subject: `otrs: ${subject}`, message: expect.stringMatching(message) },
    ]);
  });

  test('tells every wrong name in few requests, the right ones beside them', async () => {
    const { open, sandbox } = await begin();
    open();
    const findings = await check({
      ticketStates: ['Закрыто', 'Нет 1', 'Решено', 'Нет 2'].map((name) => ({ name, at })),
      ticketTypes: ['Инцидент', 'Нет 3'].map((name) => ({ name, at })),
      ticketOwners: ['petrova.2l'].map((name) => ({ name, at })),
    });

    expect(
      bad(findings)
        .filter(({ level }) => level === 'error')
        .map(({ subject }) => subject),
    ).toEqual(['otrs: type Нет 3', 'otrs: state Нет 1', 'otrs: state Нет 2']);
    expect(findings).toContainEqual(expect.objectContaining({ subject: 'otrs: agent', level: 'ok' }));
    expect(sandbox.calls.filter((name) => name === 'TicketUpdate').length).toBeLessThan(18);
  });

  test('a service that the requester may not use is told from one that does not exist', async () => {
    const { open, sandbox } = await begin();
    open();
    const objects = {
      Error: {
        ErrorCode: 'TicketUpdate.InvalidParameter',
        ErrorMessage: 'TicketUpdate: Ticket->ServiceID or Ticket->Service parameter is invalid!',
      },
    };
    const nothing = {
      Error: {
        ErrorCode: 'TicketUpdate.MissingParameter',
        ErrorMessage: 'TicketUpdate: To create an attachment an article is needed!',
      },
    };
    sandbox.failNext({ operation: 'TicketUpdate', status: 200, result: nothing }, 3);
    sandbox.failNext({ operation: 'TicketUpdate', status: 200, result: objects });
    const findings = await check({ services: [{ name: 'NTTM: Решение проблем с доступом', at }] });

    expect(findings).toContainEqual({
      level: 'warning',
      subject: 'otrs: service NTTM: Решение проблем с доступом',
      message: expect.stringContaining('user.volga may not use it'),
    });
  });

  test('the type of a state is seen in a ticket; one that ends a ticket has to be one that the rules end it in', async () => {
    const { open, sandbox } = await begin();
    sandbox.setState(open().id, 'Закрыто');
    sandbox.setState(open().id, 'Решено');
    const findings = await check({
      ticketStates: [
        { name: 'Закрыто', at, phase: 'open' },
        { name: 'Решено', at, phase: 'done' },
        { name: 'В работе', at, phase: 'open' },
        { name: 'Назначено', at },
      ],
    });

    const about = bad(findings).filter(({ subject }) => /state/.test(subject));
    expect(about.map(({ level, subject }) => `${level} ${subject}`)).toEqual([
      'error otrs: state Закрыто',
      'error otrs: state Решено',
      'warning otrs: types of states',
    ]);
    expect(about.at(-1)?.message).toContain('В работе');
    expect(about.at(-1)?.message).not.toContain('Назначено');
  });

  test('a ticket queue where the agent may only read is an error', async () => {
    const { open, sandbox } = await begin({ watch: { ticket_queues: ['NTTM::2ЛТП'] } });
    open();
    const nothing = {
      Error: {
        ErrorCode: 'TicketUpdate.MissingParameter',
        ErrorMessage: 'TicketUpdate: To create an attachment an article is needed!',
      },
    };
    const denied = {
      Error: {
        ErrorCode: 'TicketUpdate.AccessDenied',
        ErrorMessage: 'TicketUpdate: Does not have permissions to update dynamic fields!',
      },
    };
    sandbox.failNext({ operation: 'TicketUpdate', status: 200, result: nothing }, 3);
    sandbox.failNext({ operation: 'TicketUpdate', status: 200, result: denied });

    expect(await check()).toContainEqual({
      level: 'error',
      subject: 'otrs: ticket queue NTTM::2ЛТП',
      message: expect.stringContaining('give rw on the group'),
    });
  });

  const ticket = (changes: Partial<ExpectedTicket> = {}): ExpectedTicket => ({
    name: 'Смежные системы::ЕИП',
    at,
    service: 'ЕИП: Техническая поддержка',
    type: 'Инцидент',
    state: 'Назначено',
    ...changes,
  });

  test.each<[string, ExpectedTicket, string, RegExp]>([
    ['may open a ticket', ticket(), 'ok', /objects to nothing else/],
    ['may open none', ticket({ name: 'Прочее' }), 'error', /bridge may open none there: give create or rw/],
    ['would open one of an unknown type', ticket({ type: 'Нет' }), 'error', /OTRS refuses the Type/],
    // OTRS opens tickets for customers whom it does not know.
    ['may open one for a stranger', ticket({ requester: 'nobody' }), 'ok', /objects to nothing else/],
    [
      'would open one for a service that nobody has',
      ticket({ service: 'Нет' }),
      'warning',
      /refuses the service «Нет» for user\.volga/,
    ],
  ])('tells where the agent %s, and opens none', async (_, expected, level, message) => {
    const { open, sandbox } = await begin();
    open();
    const findings = await check({ tickets: [expected] });

    expect(findings).toContainEqual({
      level,
      subject: `otrs: opening tickets in ${expected.name}`,
      message: expect.stringMatching(message),
    });
    expect(sandbox.tickets()).toHaveLength(1);
  });

  test('stops asking where OTRS takes what it should have found impossible', async () => {
    const { open, sandbox } = await begin();
    const { id } = open();
    sandbox.failNext({ operation: 'TicketUpdate', status: 200, result: { TicketID: id, TicketNumber: '1' } });
    const findings = await check({ ticketStates: [{ name: 'Закрыто', at }], tickets: [ticket()] });

    expect(bad(findings)).toContainEqual({
      level: 'error',
      subject: 'otrs: ticket update',
      message: expect.stringContaining('should have found impossible'),
    });
    expect(sandbox.calls.filter((name) => name === 'TicketUpdate' || name === 'TicketCreate')).toHaveLength(1);
  });

  test.each([
    [-20, 'behind'],
    [20, 'ahead of'],
  ])('a clock that is %i minutes off is told', async (minutes, way) => {
    const { open, sandbox } = await begin({}, { now: () => DateTime.now().plus({ minutes }) });
    open();
    const base = { base_url: sandbox.url, login: 'bridge', password: 'bridge', time_zone: sandbox.timeZone };
    const ours = { log: pino({ level: 'silent' }), system: 'otrs', now: () => DateTime.now() };
    const { desk } = otrs.connect(otrs.options.parse(base), ours);
    const findings = await desk.check(expectedNames(), signal);
    await desk.close();

    expect(findings).toContainEqual({
      level: 'warning',
      subject: 'otrs: clock',
      message: expect.stringMatching(new RegExp(`(1199|120\\d) s ${way} that of the bridge`)),
    });
  });

  test('tickets that the rules open where the sweep does not look are a warning', async () => {
    const { open } = await begin({ watch: { ticket_queues: ['NTTM::2ЛТП'] } });
    open();

    expect(await check({ tickets: [ticket()] })).toContainEqual({
      level: 'warning',
      subject: 'otrs: watch',
      message: expect.stringContaining('«Смежные системы::ЕИП»'),
    });
  });
});

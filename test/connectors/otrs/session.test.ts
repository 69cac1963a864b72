import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SandboxOtrs } from '../../../sandbox/otrs/server.ts';
import type { Desk } from '../../../src/connector.ts';
import type { Ref } from '../../../src/domain/ticket.ts';
import { type Connected, connectSandbox, transports } from './connected.ts';

const signal = new AbortController().signal;

describe.each(Object.entries(transports))('the bridge’s session in OTRS over %s', (_, transport) => {
  let connected: Connected;
  let sandbox: SandboxOtrs;
  let desk: Desk;
  let ref: Ref;
  beforeEach(async () => {
    connected = await connectSandbox(transport);
    ({ sandbox, desk } = connected);
    ref = connected.open({ title: 'Сессия' });
  });
  afterEach(() => connected.stop());

  const logins = () => sandbox.calls.filter((name) => name === 'SessionCreate').length;

  test('one login serves all calls, however many come at once', async () => {
    await Promise.all([desk.read(ref, signal), desk.read(ref, signal), desk.read(ref, signal)]);
    await desk.update(ref, { solution: 'Готово' }, signal);

    expect(logins()).toBe(1);
  });

  test('a session that died is replaced and the call made good, a write included', async () => {
    await desk.read(ref, signal);
    sandbox.expireSessions();

    await desk.update(ref, { solution: 'Готово' }, signal);

    expect(logins()).toBe(2);
    expect(sandbox.ticket(ref.id).fields.Solution).toBe('Готово');
  });

  test('many calls that meet the same dead session share the new one', async () => {
    await desk.read(ref, signal);
    sandbox.expireSessions();

    await Promise.all([desk.read(ref, signal), desk.read(ref, signal), desk.read(ref, signal)]);

    expect(logins()).toBe(2);
  });

  test('a session that dies again at once is given up: nobody hammers the login', async () => {
    const result = { Error: { ErrorCode: 'TicketGet.AuthFail', ErrorMessage: 'Authorization failing!' } };
    sandbox.failNext({ status: 200, result, operation: 'TicketGet' }, 5);

    await expect(desk.read(ref, signal)).rejects.toMatchObject({ code: 'LOGIN_REFUSED', disposition: 'outage' });
    expect(logins()).toBe(2);
  });

  test('a wrong password is an outage that names the login and never the password', async () => {
    const locked = await connectSandbox({ ...transport, password: 'wrong-password' });

    await expect(locked.desk.read(locked.open(), signal)).rejects.toMatchObject({
      code: 'LOGIN_REFUSED',
      message: expect.stringMatching(/^(?!.*wrong-password).*log in as bridge/),
    });
    await locked.stop();
  });

  test('a login that failed because OTRS was away is tried anew by the next call', async () => {
    await sandbox.down();
    await expect(desk.read(ref, signal)).rejects.toMatchObject({ code: 'SYSTEM_UNREACHABLE' });
    await sandbox.up();

    await expect(desk.read(ref, signal)).resolves.toMatchObject({ title: 'Сессия' });
  });
});

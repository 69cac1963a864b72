import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Connected, connectSandbox } from './connected.ts';

const signal = new AbortController().signal;

describe('R39: «назначает исполнителя»: the owner of a ticket', () => {
  let connected: Connected;
  beforeEach(async () => {
    connected = await connectSandbox();
  });
  afterEach(() => connected.stop());

  test('is set in one call, and setting him again changes nothing', async () => {
    const { desk, open, sandbox } = connected;
    const ref = open();

    await desk.assign(ref, 'sidorov.3l', signal);
    await desk.assign(ref, 'sidorov.3l', signal);

    expect(sandbox.ticket(ref.id).owner.login).toBe('sidorov.3l');
    expect(sandbox.calls.filter((name) => name === 'TicketUpdate')).toHaveLength(2);
    expect(sandbox.ticket(ref.id).history.filter(({ type }) => type === 'OwnerUpdate')).toHaveLength(1);
  });

  test.each(['сидоров', 'user.volga', ''])(
    '«%s» is refused in a sentence that names ticket and login',
    async (login) => {
      const { desk, open, sandbox } = connected;
      const ref = open();

      await expect(desk.assign(ref, login, signal)).rejects.toMatchObject({
        code: 'REFUSED',
        message: expect.stringContaining(
          `OTRS has no valid agent with the login «${login}», so ticket ${ref.key} keeps its owner.`,
        ),
        details: { user: login },
      });
      expect(sandbox.ticket(ref.id).owner.login).toBe('root@localhost');
    },
  );

  test('an empty name asks OTRS nothing, for it would lock the ticket for nobody', async () => {
    const { desk, open, sandbox } = connected;

    await expect(desk.assign(open(), '', signal)).rejects.toMatchObject({ code: 'REFUSED' });
    expect(sandbox.calls).not.toContain('TicketUpdate');
  });

  test('other refusals stay what they are', async () => {
    const { desk } = connected;

    await expect(desk.assign({ system: 'otrs', id: '99999' }, 'sidorov.3l', signal)).rejects.toMatchObject({
      code: 'RECORD_NOT_READABLE',
    });
  });
});

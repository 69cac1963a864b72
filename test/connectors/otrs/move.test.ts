import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Connected, connectSandbox, transports } from './connected.ts';

const signal = new AbortController().signal;
const closure = { closure_code: 'fixed', solution: 'Исправлено', configuration_item: 'bpm' };

describe.each(Object.entries(transports))('moving a ticket over %s', (_, transport) => {
  let connected: Connected;
  beforeEach(async () => {
    connected = await connectSandbox({ ...transport, pending_hours: 2 });
  });
  afterEach(() => connected.stop());

  const updates = () => connected.sandbox.calls.filter((name) => name === 'TicketUpdate').length;

  test('state and closing block go in one call, are read back, and nothing is written twice', async () => {
    const { desk, open, sandbox } = connected;
    const ref = open();

    await desk.move(ref, { to: 'Закрыто', fields: closure }, signal);

    expect(updates()).toBe(1);
    expect(sandbox.ticket(ref.id)).toMatchObject({
      state: 'Закрыто',
      fields: { ClosureCode: 'fixed', Solution: 'Исправлено', ConfigItem: 'bpm' },
    });
  });

  test('a value that OTRS lost to its own cache is written once more', async () => {
    const { desk, open, sandbox } = connected;
    const ref = open();
    sandbox.loseNextFieldWrite('ConfigItem');

    await desk.move(ref, { to: 'Закрыто', fields: closure }, signal);

    expect(updates()).toBe(2);
    expect(sandbox.ticket(ref.id).fields.ConfigItem).toBe('bpm');
  });

  test('a pending state gets the time that OTRS asks for, in the first call', async () => {
    const { desk, open, sandbox } = connected;
    const ref = open();

    await desk.move(ref, { to: 'Ожидание информации', fields: {} }, signal);

    const { state, pendingUntil } = sandbox.ticket(ref.id);
    expect(updates()).toBe(1);
    expect(state).toBe('Ожидание информации');
    expect(pendingUntil?.diffNow('hours').hours).toBeCloseTo(2, 1);
  });

  test('a refused closing block leaves the ticket as it was', async () => {
    const { desk, open, sandbox } = connected;
    const ref = open();

    await expect(
      desk.move(ref, { to: 'Закрыто', fields: { ...closure, closure_code: 'Устранён дефект' } }, signal),
    ).rejects.toMatchObject({
      code: 'REFUSED',
    });
    expect(sandbox.ticket(ref.id)).toMatchObject({ state: 'Назначено', fields: {} });
  });

  test('a move whose answer was lost is in doubt, and repeating it does no harm', async () => {
    const { desk, open, sandbox } = connected;
    const ref = open();
    sandbox.loseNextAnswer('TicketUpdate');

    await expect(desk.move(ref, { to: 'Закрыто', fields: closure }, signal)).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
    });
    await desk.move(ref, { to: 'Закрыто', fields: closure }, signal);

    expect(sandbox.ticket(ref.id).history.filter(({ type }) => type === 'StateUpdate')).toHaveLength(1);
  });
});

describe('a comment whose answer was lost', () => {
  test('is found by its marker', async () => {
    const connected = await connectSandbox();
    const { desk, open, sandbox } = connected;
    const ref = open();
    sandbox.loseNextAnswer('TicketUpdate');
    const comment = { subject: 'JIRA', text: 'Готово', visibility: 'internal' } as const;

    await expect(desk.comment(ref, comment, 'comment:otrs:5', signal)).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
    });

    const [, written] = sandbox.ticket(ref.id).articles;
    expect(await desk.find({ do: 'comment', key: 'comment:otrs:5', ref, comment }, signal)).toEqual({
      outcome: 'present',
      ref: { system: 'otrs', id: String(written?.id) },
    });
    await connected.stop();
  });
});

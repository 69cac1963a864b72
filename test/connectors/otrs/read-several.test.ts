import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Ref } from '../../../src/domain/ticket.ts';
import { type Connected, connectSandbox, transports } from './connected.ts';

const signal = new AbortController().signal;

describe.each(Object.entries(transports))('several tickets at once, over %s', (_, transport) => {
  let connected: Connected;
  let refs: readonly Ref[];

  beforeEach(async () => {
    connected = await connectSandbox(transport);
    refs = ['Первая', 'Вторая', 'Третья'].map((title) => connected.open({ title }));
  });
  afterEach(() => connected.stop());

  const titles = async () => (await connected.desk.readSeveral?.(refs, signal))?.map((record) => record?.title);
  const calls = () => connected.sandbox.calls.filter((name) => name !== 'SessionCreate');

  test('take the two calls of one', async () => {
    expect(await titles()).toEqual(['Первая', 'Вторая', 'Третья']);
    expect(calls()).toEqual(['TicketGet', 'TicketHistoryGet']);
  });

  test('each keep their own history', async () => {
    connected.sandbox.setPriority(refs[1]?.id ?? '', '1 Критичный');

    const read = await connected.desk.readSeveral?.(refs, signal);

    expect(read?.map((record) => record?.history.filter(({ what }) => what === 'PriorityUpdate').length)).toEqual([
      0, 1, 0,
    ]);
  });

  test('are read one by one where OTRS cannot give them together', async () => {
    connected.sandbox.failNext({ operation: 'TicketGet', status: 200, result: { Ticket: [{ TicketID: 'x' }] } });

    expect(await titles()).toEqual(['Первая', 'Вторая', 'Третья']);
    expect(calls().filter((name) => name === 'TicketHistoryGet')).toHaveLength(3);
  });

  test('are not asked for one by one while OTRS is down', async () => {
    connected.sandbox.failNext({ operation: 'TicketGet', status: 503, body: 'Service Unavailable' }, 9);

    await expect(titles()).rejects.toMatchObject({ code: 'SYSTEM_FAILING' });
    expect(calls()).toEqual(['TicketGet']);
  });
});

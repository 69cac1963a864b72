import { afterEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { Change } from '../../../src/connector.ts';
import { type Connected, connectSandbox } from './connected.ts';

const signal = new AbortController().signal;
const start = DateTime.fromISO('2026-11-23T10:00:00', { zone: 'Europe/Moscow' });

describe('what changed since a moment', () => {
  let connected: Connected;
  let now = start;
  afterEach(() => connected.stop());

  const at = (minutes: number) => {
    now = start.plus({ minutes });
  };
  const begin = async (settings: object = {}) => {
    connected = await connectSandbox(settings, { now: () => now });
    return connected;
  };

  async function changesSince(moment: DateTime): Promise<{ changes: Change[]; pages: number }> {
    const changes: Change[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await connected.desk.changedSince(moment, cursor, signal);
      changes.push(...page.changes);
      cursor = page.next;
      pages += 1;
    } while (cursor !== undefined);
    return { changes, pages };
  }

  test('comes oldest first, the second of the moment included', async () => {
    const { open, sandbox } = await begin();
    at(0);
    const late = open();
    const early = open();
    open();
    at(5);
    sandbox.setPriority(early.id, '1 Критичный');
    at(6);
    sandbox.addArticle(late.id, { text: 'Ещё' });

    const { changes } = await changesSince(start.plus({ minutes: 5, milliseconds: 700 }));

    expect(changes.map(({ ref, changedAt }) => [ref.key, changedAt.toISO()])).toEqual([
      [early.key, '2026-11-23T10:05:00.000+03:00'],
      [late.key, '2026-11-23T10:06:00.000+03:00'],
    ]);
  });

  test('the moment is the same whatever zone it is given in', async () => {
    const { open } = await begin();
    at(10);
    const ref = open();

    const { changes } = await changesSince(start.plus({ minutes: 10 }).toUTC());

    expect(changes.map((change) => change.ref)).toEqual([ref]);
  });

  test('only watched ticket queues and services are told', async () => {
    const { open } = await begin({
      watch: { ticket_queues: ['NTTM::2ЛТП', 'NTTM::3ЛТП'], services: ['NTTM: Техническая поддержка'] },
    });
    at(1);
    const watched = open({ ticketQueue: 'NTTM::3ЛТП' });
    open({ ticketQueue: 'Смежные системы::ЕИП', service: 'ЕИП: Техническая поддержка' });
    open({ ticketQueue: 'NTTM::3ЛТП', service: 'NTTM: Предоставление доступа к системе' });

    expect((await changesSince(start)).changes.map(({ ref }) => ref)).toEqual([watched]);
  });

  test('a search that OTRS did not understand brings everything, and what does not match is dropped', async () => {
    const { open, sandbox } = await begin({ watch: { ticket_queues: ['NTTM::3ЛТП'] } });
    at(0);
    const ids = [open(), open({ ticketQueue: 'NTTM::3ЛТП' })].map(({ id }) => id);
    at(30);
    const fresh = open({ ticketQueue: 'NTTM::3ЛТП' });
    sandbox.failNext({
      operation: 'TicketSearch',
      status: 200,
      body: JSON.stringify({ TicketID: [...ids, fresh.id] }),
    });

    expect((await changesSince(start.plus({ minutes: 20 }))).changes.map(({ ref }) => ref)).toEqual([fresh]);
  });

  test('a ticket that vanishes between search and reading is skipped, the others are told', async () => {
    const { open, sandbox } = await begin();
    at(1);
    const refs = Array.from({ length: 7 }, () => open());
    const hits = [...refs.map(({ id }) => id), '4711'];
    sandbox.failNext({ operation: 'TicketSearch', status: 200, body: JSON.stringify({ TicketID: hits }) });

    expect((await changesSince(start)).changes.map(({ ref }) => ref.id)).toEqual(refs.map(({ id }) => id));
  });

  test('twelve hundred changes come in three pages, each once, with fifty tickets a call', async () => {
    const { open, sandbox } = await begin();
    at(1);
    const refs = Array.from({ length: 1_200 }, () => open());

    const { changes, pages } = await changesSince(start);

    expect(pages).toBe(3);
    expect(new Set(changes.map(({ ref }) => ref.id))).toEqual(new Set(refs.map(({ id }) => id)));
    expect(changes).toHaveLength(1_200);
    expect(sandbox.calls.filter((name) => name === 'TicketSearch')).toHaveLength(1);
    expect(sandbox.calls.filter((name) => name === 'TicketGet')).toHaveLength(24);
  });
});

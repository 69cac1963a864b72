import { afterEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { listChanges } from '../../../connectors/otrs/changes.ts';
import { otrs } from '../../../connectors/otrs/connector.ts';
import { type Gateway, openGateway } from '../../../connectors/otrs/gateway.ts';
import { keepSession } from '../../../connectors/otrs/session.ts';
import { type SandboxOtrs, startSandboxOtrs } from '../../../sandbox/otrs/server.ts';
import type { Change, Page } from '../../../src/connector.ts';
import { type Connected, connectSandbox, transports } from './connected.ts';

const signal = new AbortController().signal;
const start = DateTime.fromISO('2026-11-23T10:00:00', { zone: 'Europe/Moscow' });

describe.each(Object.entries(transports))('what changed since a moment, over %s', (_, transport) => {
  let connected: Connected;
  let now = start;
  afterEach(() => connected.stop());

  const at = (minutes: number) => {
    now = start.plus({ minutes });
  };
  const begin = async (settings: object = {}) => {
    connected = await connectSandbox({ ...transport, ...settings }, { now: () => now });
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
    answerSearches(sandbox, [...ids, fresh.id]);

    expect((await changesSince(start.plus({ minutes: 20 }))).changes.map(({ ref }) => ref)).toEqual([fresh]);
  });

  test('a ticket that vanishes between search and reading is skipped, the others are told', async () => {
    const { open, sandbox } = await begin();
    at(1);
    const refs = Array.from({ length: 7 }, () => open());
    const hits = [...refs.map(({ id }) => id), '4711'];
    answerSearches(sandbox, hits);

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
    expect(sandbox.calls.filter((name) => name === 'TicketSearch')).toHaveLength(2);
    expect(sandbox.calls.filter((name) => name === 'TicketGet')).toHaveLength(25);
  });
});

describe('a listing that takes several searches', () => {
  const limits = { search: 20, crowd: 100, page: 5, batch: 2 };
  let sandbox: SandboxOtrs;
  let gateway: Gateway;
  let now = start;

  const begin = async (settings: object = {}) => {
    now = start;
    sandbox = await startSandboxOtrs({ now: () => now });
    const base = { base_url: sandbox.url, login: 'bridge', password: 'bridge', time_zone: sandbox.timeZone };
    const options = otrs.options.parse({ ...base, ...settings });
    gateway = openGateway(options);
    return { options, session: keepSession(options, gateway), system: 'otrs', limits };
  };
  afterEach(async () => {
    gateway.close();
    await sandbox.stop();
  });

  const open = (count: number, secondsApart: number) =>
    Array.from({ length: count }, (_, index) => {
      now = start.plus({ seconds: Math.floor(index * secondsApart) });
      return sandbox.createTicket({ title: 'Заявка', text: 'Текст' }).id;
    });
  const list = async (parts: Parameters<typeof listChanges>[0], moment: DateTime, onPage = (_page: Page) => {}) => {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listChanges(parts, moment, cursor, signal);
      ids.push(...page.changes.map(({ ref }) => ref.id));
      onPage(page);
      cursor = page.next;
    } while (cursor !== undefined);
    return ids;
  };
  const searches = () => sandbox.calls.filter((name) => name === 'TicketSearch').length - 1;

  test('each goes on from where the last one ended, and what is behind is proven page by page', async () => {
    const parts = await begin();
    const ids = open(50, 1 / 3);
    now = start.plus({ minutes: 2 });
    const marks: (number | undefined)[] = [];
    const listed = await list(parts, start, ({ completeBefore }) => {
      marks.push(completeBefore?.diff(start).as('seconds'));
    });

    expect(new Set(listed)).toEqual(new Set(ids));
    expect(listed.length).toBeLessThanOrEqual(ids.length + 6);
    expect(marks).toEqual([1, 3, 4, 6, 7, 9, 10, 12, 13, 15, 120]);
    expect(searches()).toBe(3);
  });

  test('more changes in one second than one search tells are listed all the same', async () => {
    const parts = await begin();
    const ids = open(50, 0);

    expect(new Set(await list(parts, start))).toEqual(new Set(ids));
    open(60, 0);
    await expect(list(parts, start)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('watch'),
    });
  });

  test('a ticket that changes while the pages are read is listed by the next listing, from the clock of this one', async () => {
    const parts = await begin();
    const ids = open(60, 1);
    now = start.plus({ minutes: 30 });
    let last: Page = { changes: [] };
    const first = await list(parts, start, (page) => {
      last = page;
      now = now.plus({ seconds: 10 });
      for (const id of ids.filter((_, index) => index % 7 === 0)) {
        sandbox.setPriority(id, '1 Критичный');
      }
    });
    const second = await list(parts, last.completeBefore ?? now);

    expect(new Set([...first, ...second])).toEqual(new Set(ids));
    expect(last.completeBefore?.toMillis()).toBe(start.plus({ minutes: 30 }).toMillis());
  });

  test('a sort that OTRS does not know stops a listing that needs it, and nothing more is claimed', async () => {
    const parts = await begin();
    const ids = open(20, 1);
    now = start.plus({ minutes: 30 });
    answerSearches(sandbox, ids.toReversed());
    const marks: (DateTime | undefined)[] = [];

    await expect(list(parts, start, ({ completeBefore }) => marks.push(completeBefore))).rejects.toMatchObject({
      code: 'ANSWER_UNREADABLE',
      message: expect.stringContaining('oldest first'),
    });
    expect(marks).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('a search whose time OTRS does not know is given up after one page', async () => {
    const parts = await begin();
    answerSearches(sandbox, open(20, 1));
    now = start.plus({ hours: 1 });

    await expect(list(parts, start.plus({ minutes: 30 }))).rejects.toMatchObject({
      code: 'ANSWER_UNREADABLE',
      message: expect.stringContaining('TicketLastChangeTimeNewerDate'),
    });
    expect(sandbox.calls.filter((name) => name === 'TicketGet')).toHaveLength(4);
  });
});

describe.each(Object.entries(transports))('what a listing proves over %s', (_, transport) => {
  let connected: Connected;
  let now = start;
  afterEach(() => connected.stop());

  const begin = async (settings: object = {}) => {
    now = start;
    connected = await connectSandbox({ ...transport, ...settings }, { now: () => now });
    return connected;
  };
  const list = (moment: DateTime) => connected.desk.changedSince(moment, undefined, signal);

  test('it is complete up to what the clock of OTRS said, be it hours behind ours', async () => {
    const { open } = await begin();
    open();
    now = start.plus({ minutes: 7 });
    open();

    const { changes, asOf, completeBefore } = await list(start.plus({ minutes: 5 }));
    expect([changes.length, asOf?.toMillis(), completeBefore?.toMillis()]).toEqual([1, now.toMillis(), now.toMillis()]);
  });

  test('finding nothing is believed where the newest watched ticket is older', async () => {
    const { open } = await begin({ watch: { ticket_queues: ['NTTM::2ЛТП'] } });
    open();
    now = start.plus({ hours: 2 });
    open({ ticketQueue: 'NTTM::3ЛТП' });

    const { changes, completeBefore } = await list(start.plus({ hours: 1 }));
    expect([changes, completeBefore?.toMillis()]).toEqual([[], now.toMillis()]);
  });

  test.each<[string, object, (open: Connected['open']) => void]>([
    ['no ticket is visible', {}, () => {}],
    ['a wrong name blinds the search', { watch: { ticket_queues: ['NTTM::2ЛТП', 'NTTM::9ЛТП'] } }, (open) => open()],
  ])('it proves nothing where %s', async (_where, settings, prepare) => {
    const { open } = await begin(settings);
    prepare(open);
    now = start.plus({ minutes: 5 });

    expect(await list(start)).toEqual({ changes: [] });
  });

  test('it proves nothing where OTRS finds nothing although the newest ticket is newer', async () => {
    const { open, sandbox } = await begin();
    const { id } = open();
    now = start.plus({ minutes: 5 });
    sandbox.failNext({ operation: 'TicketSearch', status: 200, result: { TicketID: [id] } });
    sandbox.failNext({ operation: 'TicketSearch', status: 200, result: {} });

    const { changes, completeBefore } = await list(start);
    expect([changes, completeBefore]).toEqual([[], undefined]);
  });

  test('a moment that OTRS takes for the future brings nothing and is no proof', async () => {
    const { open } = await begin();
    open();
    now = start.minus({ hours: 3 });
    connected.sandbox.setPriority('1', '1 Критичный');

    const { changes, asOf } = await list(start.minus({ hours: 1 }));
    expect([changes, asOf?.toMillis()]).toEqual([[], now.toMillis()]);
  });

  test('a zone that is not that of OTRS shifts all times alike and hides no change', async () => {
    const { open } = await begin({ time_zone: 'Asia/Vladivostok' });
    open();
    const { completeBefore: mark } = await list(start.minus({ days: 1 }));
    now = start.plus({ minutes: 5 });
    const ref = open();

    const { changes } = await list(mark ?? start);
    expect(changes.map((change) => change.ref.id)).toContain(ref.id);
  });
});

/** The same answer to the search for the newest ticket and to the one for changed tickets. */
function answerSearches(sandbox: SandboxOtrs, ids: readonly string[]): void {
  sandbox.failNext({ operation: 'TicketSearch', status: 200, result: { TicketID: ids } }, 2);
}

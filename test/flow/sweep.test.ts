import { setImmediate as immediately } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DateTime } from 'luxon';
import { pino } from 'pino';
import type { Page } from '../../src/connector.ts';
import { BridgeError } from '../../src/errors.ts';
import { type Sweeper, type SweepResult, startSweeper } from '../../src/flow/sweep.ts';
import { synchronise } from '../../src/flow/synchronise.ts';
import { startWorker } from '../../src/flow/worker.ts';
import type { Claim } from '../../src/store/store.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { aComment, aTicket, NOW } from '../support/records.ts';

type Rig = Awaited<ReturnType<typeof createBridgeRig>>;
let rig: Rig;
const escalated = aTicket({ ticketQueue: 'NTTM::3ЛТП' });

beforeEach(async () => {
  rig = await createBridgeRig();
});

afterEach(() => rig.stop());

async function sweep(): Promise<Record<string, SweepResult>> {
  const swept: Record<string, SweepResult> = {};
  const sweeper = startSweeper(
    { everyMs: 60_000, overlapMs: 120_000, firstLookBackMs: 86_400_000 },
    {
      desks: rig.desks,
      store: rig.store,
      now: rig.clock.now,
      log: pino({ level: 'silent' }),
      onSwept: (system, result) => {
        swept[system] = result;
      },
    },
  );
  await sweeper.sweepNow();
  await sweeper.stop();
  return swept;
}

describe('the sweep', () => {
  test('finds a ticket that no webhook told of', async () => {
    rig.otrs.put(escalated);
    await sweep();
    await rig.work();

    expect(rig.issues()).toHaveLength(1);
  });

  test('finds a comment in JIRA that no webhook told of', async () => {
    rig.otrs.put(escalated);
    await sweep();
    await rig.work();
    rig.clock.pass({ minutes: 5 });
    rig.jira.change('10001', () => ({ comments: [aComment({ id: '1' })] }));
    await sweep();
    await rig.work();

    expect(rig.ticket('42').comments.at(-1)).toMatchObject({ marker: 'comment:otrs:1' });
  });

  test('tells one change once, however many sweeps see it', async () => {
    rig.otrs.put(aTicket({ changedAt: rig.clock.now().minus({ seconds: 30 }) }));
    const news: (number | undefined)[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      news.push((await sweep()).otrs?.news);
      rig.clock.pass({ seconds: 60 });
    }

    expect(news).toEqual([1, 0, 0]);
  });

  test('issues that belong to no ticket are left alone', async () => {
    rig.jira.put({ ...aTicket(), ref: { system: 'jira', id: '777', key: 'OSSTTMB2B-777' } });
    const { jira } = await sweep();

    expect(jira).toMatchObject({ seen: 1, news: 0 });
    expect(await rig.store.nextDue()).toBeUndefined();
  });

  test('a system that is down is swept when it is back, from where the last good sweep ended', async () => {
    await sweep();
    rig.otrs.turn('down');
    rig.otrs.records.set('42', { ...escalated, changedAt: rig.clock.now() });
    rig.clock.pass({ minutes: 30 });
    expect((await sweep()).otrs).toBeUndefined();

    rig.otrs.turn('up');
    rig.clock.pass({ minutes: 5 });
    await sweep();
    await rig.work();
    expect(rig.issues()).toHaveLength(1);
  });

  test('two instances do not sweep at the same time', async () => {
    rig.otrs.put(escalated);
    await sweep();

    expect(await sweep()).toEqual({});
  });

  test('an instance that cannot reach the system leaves the turn to another one', async () => {
    rig.otrs.put(escalated);
    rig.otrs.turn('down');
    await sweep();
    rig.otrs.turn('up');
    rig.clock.pass({ seconds: 3 });

    expect(await sweep()).toEqual({ otrs: expect.objectContaining({ news: 1 }) });
  });

  test('tells why the system could not be swept, also when the store is lost meanwhile', async () => {
    const lines: { readonly msg: string }[] = [];
    const changedSince = async () => {
      await rig.store.close();
      throw new BridgeError('SYSTEM_UNREACHABLE', 'OTRS does not answer');
    };
    const sweeper = startSweeper(
      { everyMs: 60_000, overlapMs: 120_000, firstLookBackMs: 86_400_000 },
      {
        desks: { otrs: { ...rig.otrs, changedSince } },
        store: rig.store,
        now: rig.clock.now,
        log: pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) }),
        onSwept: () => {},
      },
    );
    await sweeper.sweepNow();
    await sweeper.stop();

    expect(lines).toMatchObject([
      { msg: 'sweep failed', system: 'otrs', code: 'SYSTEM_UNREACHABLE', error: 'OTRS does not answer' },
    ]);
  });

  test('a clock that was set back does not make it wait for the future', async () => {
    await rig.store.moveSweepMark('otrs', undefined, rig.clock.now().plus({ hours: 24 }));
    rig.otrs.put({ ...escalated, changedAt: rig.clock.now() });
    await sweep();
    await rig.work();

    expect(rig.issues()).toHaveLength(1);
  });
});

describe('the mark of the sweep', () => {
  const at = (minutes: number) => NOW.plus({ minutes });
  const changed = (id: string, minutes: number) => ({ ref: { system: 'otrs', id }, changedAt: at(minutes) });
  let pages: (Page | Error)[];
  let sweeper: Sweeper | undefined;
  let asked: { readonly since: DateTime; readonly cursor: string | undefined }[];
  const lines: { readonly msg: string; readonly system: string }[] = [];

  beforeEach(() => {
    pages = [];
    asked = [];
    lines.length = 0;
    sweeper = undefined;
  });

  afterEach(() => sweeper?.stop());

  /** One sweep of a desk that answers with these pages. */
  async function sweepPages(...answers: (Page | Error)[]): Promise<void> {
    pages = answers;
    const listing = {
      ...rig.otrs,
      changedSince: async (since: DateTime, cursor: string | undefined) => {
        asked.push({ since, cursor });
        const page = pages.shift() ?? { changes: [] };
        if (page instanceof Error) {
          throw page;
        }
        return page;
      },
    };
    sweeper ??= startSweeper(
      { everyMs: 60_000, overlapMs: 600_000, firstLookBackMs: 3_600_000 },
      {
        desks: { otrs: listing },
        store: rig.store,
        now: rig.clock.now,
        log: pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) }),
        onSwept: () => {},
      },
    );
    await sweeper.sweepNow();
    rig.clock.pass({ minutes: 5 });
  }
  const since = () => asked.map((each) => each.since.diff(NOW).as('minutes'));

  test('is what the clock of the system said, be it behind ours by more than the overlap', async () => {
    await sweepPages({ changes: [], asOf: at(-40), completeBefore: at(-40) });
    await sweepPages({ changes: [] });

    expect(since()).toEqual([-60, -50]);
  });

  test('stays where it was while the system proves nothing, which is told once', async () => {
    await sweepPages({ changes: [], completeBefore: at(0) });
    await sweepPages({ changes: [] });
    await sweepPages({ changes: [] });
    await sweepPages({ changes: [], completeBefore: at(15) });
    await sweepPages({ changes: [] });

    expect(since()).toEqual([-60, -10, -10, -10, 5]);
    const proofs = lines.map(({ msg, system }) => `${system}: ${msg}`);
    expect(proofs).toEqual(['otrs: sweep proves nothing', 'otrs: sweep is proven again', 'otrs: sweep proves nothing']);
  });

  test('goes back with the clock of the system', async () => {
    await sweepPages({ changes: [], completeBefore: at(0) });
    await sweepPages({ changes: [], completeBefore: at(-30) });
    await sweepPages({ changes: [] });

    expect(since()).toEqual([-60, -10, -40]);
  });

  test('has moved with every page when the sweep is killed half-way, and never back with one', async () => {
    await sweepPages({ changes: [], completeBefore: at(0) });
    await sweepPages(
      { changes: [changed('1', -5)], completeBefore: at(-5), next: 'b' },
      { changes: [changed('2', 3)], completeBefore: at(3), next: 'c' },
      new BridgeError('SYSTEM_UNREACHABLE', 'killed'),
    );
    await sweepPages({ changes: [] });

    expect(since()).toEqual([-60, -10, -10, -10, -7]);
    expect((await rig.store.claim('worker', 9, 60_000, at(60))).map(({ ticket }) => ticket.id)).toEqual(['1', '2']);
  });

  test('is no reason to take two changes within one second for one, whatever the clock of the system says', async () => {
    const young = { changes: [changed('1', -40)], asOf: at(-40), completeBefore: at(-40) };
    await sweepPages(young);
    await rig.store.release(
      (await rig.store.claim('worker', 1, 60_000, at(1)))[0] as Claim,
      { outcome: 'settled' },
      at(1),
    );
    await sweepPages(young);

    expect(await rig.store.nextDue()).toBeDefined();
  });
});

describe('two changes within one second', () => {
  const seconds = (number: number) => NOW.plus({ seconds: number });

  /** What the next sweep finds of the second change, of which no webhook told. */
  const findsSecond = async (asOf: DateTime | undefined, changedAt: DateTime) => {
    const page = { changes: [{ ref: { system: 'otrs', id: '1' }, changedAt }] };
    const news: number[] = [];
    const sweeper = startSweeper(
      { everyMs: 60_000, overlapMs: 600_000, firstLookBackMs: 3_600_000 },
      {
        desks: {
          otrs: { ...rig.otrs, changedSince: async () => ({ ...page, ...(asOf === undefined ? {} : { asOf }) }) },
        },
        store: rig.store,
        now: rig.clock.now,
        log: pino({ level: 'silent' }),
        onSwept: (_, result) => news.push(result.news),
      },
    );
    await sweeper.sweepNow();
    rig.clock.pass({ minutes: 1 });
    await sweeper.sweepNow();
    await sweeper.stop();
    return news[1];
  };

  test.each([
    ['a moment before the clock of the system was read', seconds(0), seconds(-0.5)],
    ['after the clock of the system was read, while its list was', seconds(0), seconds(1)],
    ['by a system that tells no time and whose clock is ahead', undefined, seconds(20)],
  ])('are told as two: %s', async (_, asOf, changedAt) => {
    expect(await findsSecond(asOf, changedAt)).toBe(1);
  });

  test.each([
    ['that are long over', seconds(0), seconds(-30)],
    ['of a clock that is an hour ahead', undefined, seconds(3600)],
  ])('%s are one, however often they are seen', async (_, asOf, changedAt) => {
    expect(await findsSecond(asOf, changedAt)).toBe(0);
  });
});

describe('ten thousand tickets that changed during an outage', () => {
  test('do not hold up a ticket that a webhook tells of: it waits for the looks in hand', async () => {
    const quick = await createBridgeRig({ isOnDisk: false });
    for (let index = 0; index < 10_000; index += 1) {
      const id = String(100_000 + index);
      quick.otrs.put(aTicket({ ref: { system: 'otrs', id, key: `20261123${id}` }, changedAt: quick.clock.now() }));
    }
    const critical = aTicket({ ref: { system: 'otrs', id: '7', key: '2026112300000007' }, priority: '1 Критичный' });
    const sweeper = startSweeper(
      { everyMs: 60_000, overlapMs: 120_000, firstLookBackMs: 86_400_000 },
      {
        desks: quick.desks,
        store: quick.store,
        now: quick.clock.now,
        log: pino({ level: 'silent' }),
        onSwept: () => {},
      },
    );
    await sweeper.sweepNow();
    await sweeper.stop();
    expect(await quick.store.backlog(quick.clock.now())).toMatchObject({ due: 10_000 });

    const order: string[] = [];
    const concurrency = 4;
    const worker = startWorker(
      { concurrency, leaseMs: 60_000, pollMs: 1, maxAttempts: 5 },
      {
        store: quick.store,
        owner: 'test',
        look: (claim, signal, stepAside) => synchronise(claim, quick.context, signal, stepAside),
        now: quick.clock.now,
        random: () => 0.5,
        log: pino({ level: 'silent' }),
        onLook: ({ claim }) => order.push(claim.ticket.id),
      },
    );
    while (order.length < 200) {
      await immediately();
    }
    quick.otrs.put(critical);
    quick.clock.pass({ seconds: 30 });
    await quick.tell(critical.ref);
    const told = order.length;
    while (!order.includes('7')) {
      await immediately();
    }
    await worker.stop(10_000);
    await quick.stop();

    // Those in hand, one round of claims, and the one in four that has been due longest.
    expect(order.indexOf('7') - told).toBeLessThanOrEqual(3 * concurrency);
  }, 60_000);
});

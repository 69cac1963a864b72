import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { type SweepResult, startSweeper } from '../../src/flow/sweep.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { aComment, aTicket } from '../support/records.ts';

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

    expect(jira).toEqual({ seen: 1, news: 0 });
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

  test('a clock that was set back does not make it wait for the future', async () => {
    await rig.store.moveSweepMark('otrs', undefined, rig.clock.now().plus({ hours: 24 }));
    rig.otrs.put({ ...escalated, changedAt: rig.clock.now() });
    await sweep();
    await rig.work();

    expect(rig.issues()).toHaveLength(1);
  });
});

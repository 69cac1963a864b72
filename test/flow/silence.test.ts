import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createSilenceWatch } from '../../src/flow/silence.ts';
import { startSweeper } from '../../src/flow/sweep.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { aComment, aTicket } from '../support/records.ts';

type Rig = Awaited<ReturnType<typeof createBridgeRig>>;
let rig: Rig;
let lines: string[];
let untold: string[];
let watch: ReturnType<typeof createSilenceWatch>;

const ISSUE = { system: 'jira', id: '10001' };
const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };

beforeEach(async () => {
  rig = await createBridgeRig();
  lines = [];
  untold = [];
  const write = (line: string) => {
    const { msg, system } = JSON.parse(line);
    lines.push(`${system}: ${msg}`);
  };
  watch = createSilenceWatch({
    store: rig.store,
    now: rig.clock.now,
    log: pino({ level: 'info' }, { write }),
    onUntold: (system, changes) => untold.push(`${changes} in ${system}`),
  });
  // An issue whose opening is long past, so that nothing of it counts as news.
  rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП' }));
  await rig.tell(TICKET);
  await rig.work();
  rig.clock.pass({ hours: 1 });
});

afterEach(() => rig.stop());

/** Five minutes later. */
async function sweep(): Promise<void> {
  rig.clock.pass({ minutes: 5 });
  const sweeper = startSweeper(
    { everyMs: 300_000, overlapMs: 600_000, firstLookBackMs: 86_400_000 },
    {
      desks: rig.desks,
      store: rig.store,
      now: rig.clock.now,
      log: pino({ level: 'silent' }),
      onSwept: () => {},
      witness: watch,
    },
  );
  await sweeper.sweepNow();
  await sweeper.stop();
}

let comments = 0;
/** Somebody comments on the issue; a webhook tells of it or not. */
async function change(webhook: 'told' | 'untold'): Promise<void> {
  comments += 1;
  const id = String(500 + comments);
  rig.jira.change('10001', (record) => ({ comments: [...record.comments, aComment({ id })] }));
  if (webhook === 'told') {
    rig.clock.pass({ seconds: 2 });
    watch.heard('jira');
    await rig.tell(ISSUE, { kind: 'commented' });
  }
}

describe('webhooks that fall silent', () => {
  test('are noticed when two sweeps have found what no webhook told, and once only', async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      await change('untold');
      await sweep();
      await rig.work();
    }

    expect(untold).toEqual(['1 in jira', '1 in jira', '1 in jira', '1 in jira']);
    expect(lines).toEqual(['jira: webhooks are silent']);
  });

  test('are told to speak again when one comes, whatever it is about', async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      await change('untold');
      await sweep();
      await rig.work();
    }
    watch.heard('otrs');
    watch.heard('jira');
    watch.heard('jira');

    expect(lines).toEqual(['jira: webhooks are silent', 'jira: webhooks speak again']);
  });

  test('are not silent while they tell of every change', async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await change('told');
      await rig.work();
      await sweep();
      await rig.work();
    }

    expect([untold, lines]).toEqual([[], []]);
  });

  test('are not silent when one was lost and others came since', async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await change('untold');
      rig.clock.pass({ minutes: 1 });
      watch.heard('jira');
      await sweep();
      await rig.work();
    }

    expect(untold).toHaveLength(3);
    expect(lines).toEqual([]);
  });

  test('are not missed where nothing changes, or nothing but what the bridge writes', async () => {
    rig.otrs.change('42', (record) => ({ comments: [...record.comments, aComment({ id: '7' })] }));
    await rig.tell(TICKET);
    await rig.work();
    for (let turn = 0; turn < 3; turn += 1) {
      await sweep();
      await rig.work();
    }

    expect(rig.jira.calls.some((call) => call.startsWith('comment 10001'))).toBe(true);
    expect([untold, lines]).toEqual([[], []]);
  });

  test('are not missed for a change that is too young to have been told of', async () => {
    rig.clock.pass({ minutes: 4 });
    await change('untold');
    rig.clock.pass({ minutes: -4 });
    await sweep();
    expect(untold).toEqual([]);

    await sweep();
    expect(untold).toEqual(['1 in jira']);
  });

  test('are not missed for issues of other people, nor for what happened before the start', async () => {
    rig.jira.put({ ...aTicket(), ref: { system: 'jira', id: '777' }, changedAt: rig.clock.now() });
    await change('untold');
    watch = createSilenceWatch({
      store: rig.store,
      now: rig.clock.now,
      log: pino({ level: 'silent' }),
      onUntold: (system) => untold.push(system),
    });
    await sweep();
    await sweep();

    expect(untold).toEqual([]);
  });
});

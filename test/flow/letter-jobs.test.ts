import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { stepJob } from '../../src/flow/letters/jobs.ts';
import { parseCloudEvent } from '../../src/intake/cloud-event.ts';
import type { JobAct } from '../../src/store/letter-jobs.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { shippedPolicy } from '../support/policy.ts';
import { aTicket } from '../support/records.ts';

type Rig = Awaited<ReturnType<typeof createBridgeRig>>;
let rig: Rig;

const refOf = (id: string) => ({ system: 'otrs', id, key: `20261123100000${id}` });

beforeEach(async () => {
  rig = await createBridgeRig({ policy: shippedPolicy });
});

afterEach(() => rig.stop());

/** Tickets whose issues JIRA refuses to open, at one minute after the other. */
async function refuse(from: number, to: number): Promise<void> {
  for (let index = from; index <= to; index += 1) {
    const id = String(index);
    rig.otrs.put(aTicket({ ref: refOf(id), ticketQueue: 'NTTM::3ЛТП' }));
    rig.jira.fail(`open ${id}`, 'refuse');
    await rig.tell(refOf(id));
    await rig.work();
    rig.clock.pass({ seconds: 1 });
  }
}

const begin = (act: JobAct = 'replay') =>
  rig.store.beginJob({
    act,
    filter: { code: 'REFUSED' },
    by: 'petrova.2l',
    now: rig.clock.now(),
    perMinute: 600,
    ...(act === 'discard' ? { reason: 'учения' } : {}),
  });

async function only() {
  const [job] = await rig.store.jobs(2);
  if (job === undefined) {
    throw new Error('there is no job');
  }
  return job;
}

/** One step of the job, and the looks that follow from it. Answers with the letters that were ordered. */
async function step(owner = 'one'): Promise<number> {
  rig.clock.pass({ minutes: 1 });
  const claim = await rig.store.claimJob(owner, 60_000, rig.clock.now());
  if (claim === undefined) {
    return 0;
  }
  const context = { store: rig.store, owner, now: rig.clock.now, readMessage: parseCloudEvent, wake: () => {} };
  const done = await stepJob(claim, { ...context, log: pino({ level: 'silent' }) });
  await rig.store.finishStep(claim, done, rig.clock.now());
  await rig.work();
  return done.items.filter(({ turn }) => turn === done.turn && turn > claim.job.turn).length;
}

describe('a job over letters', () => {
  test('sends one first and then more and more, each of them once', async () => {
    await refuse(10, 40);
    await begin();
    const batches: number[] = [];
    while ((await only()).state === 'running') {
      batches.push(await step());
    }

    expect(batches).toEqual([1, 2, 5, 20, 3, 0]);
    expect(await only()).toMatchObject({ state: 'done', progress: { mended: 31, failed: 0, todo: 0 } });
    expect(rig.issues()).toHaveLength(31);
    expect(await rig.store.deadLetters({ state: 'open', limit: 100 })).toEqual([]);
  });

  test('the oldest letter is the canary, and when that fails nothing more is sent', async () => {
    await refuse(10, 19);
    rig.jira.fail('open 10', 'refuse');
    const calls = rig.jira.calls.length;
    await begin();
    await step();
    await step();

    expect(await only()).toMatchObject({
      state: 'stopped',
      note: expect.stringContaining('1 of 1 failed again'),
      progress: { mended: 0, failed: 1, todo: 9 },
    });
    expect(rig.jira.calls.slice(calls).filter((call) => call.startsWith('open'))).toEqual(['open 10']);

    await rig.store.resumeJob((await only()).id, false, 'smirnov.2l', rig.clock.now());
    expect(await step()).toBe(1);
    while ((await only()).state === 'running') {
      await step();
    }
    expect(await only()).toMatchObject({ state: 'done', progress: { mended: 10, failed: 0 } });
  });

  test('waits for an outage to end, and orders nothing meanwhile', async () => {
    await refuse(10, 14);
    rig.jira.turn('down');
    await begin();
    await step();
    expect(await step()).toBe(0);
    expect(await only()).toMatchObject({ state: 'running', progress: { waiting: 1, todo: 4 } });

    rig.jira.turn('up');
    for (let steps = 0; steps < 8; steps += 1) {
      await step();
    }
    expect(await only()).toMatchObject({ state: 'done', progress: { mended: 5 } });
  });

  test('is stopped by a person after what is in hand, and tells of letters that came since', async () => {
    await refuse(10, 14);
    await begin();
    await step();
    await rig.store.stopJob((await only()).id, 'smirnov.2l', rig.clock.now());
    expect(await step()).toBe(0);
    expect(await only()).toMatchObject({ progress: { mended: 1, waiting: 0, todo: 4 } });
    await refuse(20, 22);
    expect(await only()).toMatchObject({ state: 'stopped', note: 'stopped by smirnov.2l', newOnes: 3 });
    await expect(rig.store.stopJob((await only()).id, 'petrova.2l', rig.clock.now())).rejects.toMatchObject({
      code: 'LETTER_TAKEN',
      message: expect.stringContaining('stopped by smirnov.2l'),
    });

    await rig.store.resumeJob((await only()).id, true, 'smirnov.2l', rig.clock.now());
    while ((await only()).state === 'running') {
      await step();
    }
    expect(await only()).toMatchObject({ state: 'done', newOnes: 0, progress: { mended: 8 } });
    expect(rig.issues()).toHaveLength(8);
  });

  test('goes on with another instance when its own is killed between order and note', async () => {
    await refuse(10, 12);
    await begin();
    const claim = await rig.store.claimJob('one', 60_000, rig.clock.now());
    if (claim === undefined) {
      throw new Error('the job cannot be claimed');
    }
    const context = {
      store: rig.store,
      owner: 'one',
      now: rig.clock.now,
      readMessage: parseCloudEvent,
      wake: () => {},
    };
    const lost = await stepJob(claim, { ...context, log: pino({ level: 'silent' }) });
    expect(await rig.store.claimJob('two', 60_000, rig.clock.now())).toBeUndefined();

    rig.clock.pass({ minutes: 1 });
    while ((await only()).state === 'running') {
      await step('two');
    }
    expect(await rig.store.finishStep(claim, lost, rig.clock.now())).toBe(false);
    expect(await only()).toMatchObject({ state: 'done', progress: { mended: 3 } });
    expect(rig.issues()).toHaveLength(3);
  });

  /** A step whose instance is killed before it can write down what came of it. */
  async function lostStep(): Promise<void> {
    const claim = await rig.store.claimJob('one', 60_000, rig.clock.now());
    if (claim === undefined) {
      throw new Error('the job cannot be claimed');
    }
    const { store, clock } = rig;
    const context = { store, owner: 'one', now: clock.now, readMessage: parseCloudEvent, wake: () => {} };
    await stepJob(claim, { ...context, log: pino({ level: 'silent' }) });
    await rig.work();
  }

  test('counts what its killed instance had ordered, also where a look has carried that out meanwhile', async () => {
    await refuse(10, 12);
    await begin();
    await lostStep();
    while ((await only()).state === 'running') {
      await step('two');
    }
    expect(await only()).toMatchObject({ state: 'done', progress: { mended: 3, passed: 0 } });
    expect(rig.issues()).toHaveLength(3);
  });

  test('does not try a canary twice that failed while its instance was killed', async () => {
    await refuse(10, 12);
    rig.jira.fail('open 10', 'refuse');
    await begin();
    const calls = rig.jira.calls.length;
    await lostStep();
    await step('two');
    await step('two');

    expect(await only()).toMatchObject({ state: 'stopped', progress: { failed: 1, todo: 2 } });
    expect(rig.jira.calls.slice(calls).filter((call) => call.startsWith('open'))).toEqual(['open 10']);

    await rig.store.resumeJob((await only()).id, false, 'smirnov.2l', rig.clock.now());
    while ((await only()).state === 'running') {
      await step('two');
    }
    expect(await only()).toMatchObject({ state: 'done', progress: { mended: 3, failed: 0 } });
  });

  test('counts what its killed instance had discarded', async () => {
    await refuse(10, 12);
    await begin('discard');
    await lostStep();
    while ((await only()).state === 'running') {
      await step('two');
    }
    expect(await only()).toMatchObject({ state: 'done', progress: { mended: 3, passed: 0 } });
  });

  test('passes over what a person deals with himself', async () => {
    await refuse(10, 12);
    await begin();
    const [latest] = await rig.store.deadLetters({ limit: 1 });
    if (latest !== undefined) {
      await rig.store.discardLetter(latest, { who: 'smirnov.2l', now: rig.clock.now(), reason: 'дубль' });
    }
    while ((await only()).state === 'running') {
      await step();
    }
    expect(await only()).toMatchObject({ progress: { mended: 2, passed: 1 } });
    expect(rig.issues()).toHaveLength(2);
  });

  test('discards too, with its reason in every letter', async () => {
    await refuse(10, 12);
    await begin('discard');
    while ((await only()).state === 'running') {
      await step();
    }
    const discarded = await rig.store.deadLetters({ state: 'discarded', limit: 10 });
    expect(discarded.map(({ resolution }) => resolution?.reason)).toEqual(['учения', 'учения', 'учения']);
    expect(rig.issues()).toEqual([]);
  });

  test('counts what mended rules made of an action, not that the old content is gone', async () => {
    await refuse(10, 11);
    rig.jira.fail('open 10', 'refuse');
    rig.otrs.change('10', () => ({ title: 'Другое' }));
    await begin();
    await step();
    await step();
    expect(await only()).toMatchObject({ state: 'stopped', newOnes: 0, progress: { failed: 1, todo: 1 } });

    await rig.store.resumeJob((await only()).id, false, 'smirnov.2l', rig.clock.now());
    while ((await only()).state === 'running') {
      await step();
    }
    expect(await only()).toMatchObject({ state: 'done', progress: { mended: 2, failed: 0, passed: 0 } });
    expect(await rig.store.deadLetters({ state: 'open', limit: 10 })).toEqual([]);
  });

  test('takes no letter for a canary that others deal with', async () => {
    await refuse(10, 19);
    await begin();
    const oldest = (await rig.store.deadLetters({ state: 'open', limit: 10 })).slice(-3);
    for (const letter of oldest) {
      await rig.store.discardLetter(letter, { who: 'smirnov.2l', now: rig.clock.now(), reason: 'дубль' });
    }

    await step();
    expect(await only()).toMatchObject({ progress: { passed: 3, waiting: 1, todo: 6 } });
    await step();
    expect(await only()).toMatchObject({ progress: { passed: 3, mended: 1, waiting: 2, todo: 4 } });
  });

  test('over nothing is refused', async () => {
    await expect(begin()).rejects.toMatchObject({ code: 'LETTER_UNKNOWN' });
    expect(await rig.store.jobs(1)).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import type { Desk } from '../../../src/connector.ts';
import type { Ref } from '../../../src/domain/ticket.ts';
import { createTestClock } from '../../support/memory-desk.ts';
import { connectTo, signal } from './connected.ts';

let sandbox: SandboxJira;
let desk: Desk;
let clock: ReturnType<typeof createTestClock>;
let ref: Ref;
beforeEach(async () => {
  sandbox = await startSandboxJira();
  clock = createTestClock(DateTime.now());
  desk = connectTo(sandbox.url, {}, { now: clock.now }).desk;
  const { id, key } = sandbox.createIssue({ summary: 'Не проходит заявка' });
  ref = { system: 'jira', id, key };
});
afterEach(async () => {
  await desk.close();
  await sandbox.stop();
});

const namesRead = () => sandbox.calls.filter(({ path }) => /^\/(priority|status|resolution)$/.test(path)).length;

describe('what an issue is called', () => {
  test('stays in the language of the account, and its ids and names in other languages stand beside', async () => {
    sandbox.transition(ref.id, 'Решено', { resolution: 'Исправлено' });

    expect(await desk.read(ref, signal)).toMatchObject({
      state: 'Решено',
      priority: 'Средний',
      resolution: 'Исправлено',
      aliases: { state: ['5', 'Resolved'], priority: ['3', 'Medium'], resolution: ['10000', 'Fixed'] },
    });
  });

  test('is asked for once in ten minutes, however many issues are read', async () => {
    await desk.read(ref, signal);
    const first = namesRead();
    await Promise.all(Array.from({ length: 5 }, () => desk.read(ref, signal)));
    expect(namesRead()).toBe(first);

    clock.pass({ minutes: 11 });
    await desk.read(ref, signal);
    expect(namesRead()).toBe(2 * first);
  });

  test('is left out where JIRA does not tell, and what was known before serves on', async () => {
    sandbox.failNext({ kind: 'unavailable' }, { path: /^\/(priority|status)$/, times: 2 });
    expect((await desk.read(ref, signal)).aliases).toBeUndefined();

    expect((await desk.read(ref, signal)).aliases).toMatchObject({ state: ['1', 'Open'] });
    clock.pass({ minutes: 11 });
    sandbox.failNext({ kind: 'unavailable' }, { path: /^\/(priority|status)$/, times: 2 });
    expect((await desk.read(ref, signal)).aliases).toMatchObject({ state: ['1', 'Open'] });
  });
});

import { afterEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import type { Change, Desk } from '../../../src/connector.ts';
import { connectToSandbox, signal } from './connected.ts';

describe.each(['datacenter', 'cloud'] as const)('what changed in a JIRA (%s)', (dialect) => {
  const start = DateTime.fromISO('2026-11-23T07:00:00Z');
  let jira: SandboxJira;
  let desk: Desk;
  let now = start;

  const begin = async () => {
    now = start;
    jira = await startSandboxJira({ dialect, now: () => now });
    ({ desk } = connectToSandbox(jira, dialect));
  };

  afterEach(async () => {
    await desk.close();
    await jira.stop();
  });

  async function walk(since: DateTime, between = (_changes: readonly Change[]) => {}) {
    const changes: Change[] = [];
    let cursor: string | undefined;
    let completeBefore: DateTime | undefined;
    do {
      const page = await desk.changedSince(since, cursor, signal);
      changes.push(...page.changes);
      between(page.changes);
      cursor = page.next;
      completeBefore = page.completeBefore;
    } while (cursor !== undefined);
    return { changes, completeBefore };
  }

  test('of three thousand issues that change while they are listed none is missed', async () => {
    await begin();
    const ids = Array.from({ length: 3_000 }, (_, index) => jira.createIssue({ summary: `Задача ${index}` }).id);
    now = now.plus({ minutes: 30 });
    let changed = 0;
    const { changes, completeBefore } = await walk(start.minus({ minutes: 1 }), (page) => {
      // Ones that were listed, and ones that are still to come.
      now = now.plus({ seconds: 1 });
      for (let each = 0; each < 60; each += 1) {
        const index = (changed * 37 + 11) % ids.length;
        changed += 1;
        jira.setFields(ids[index] ?? '', { summary: `изменена ${changed} ${page.length}` });
      }
    });
    const later = await walk(completeBefore ?? now);

    const seen = new Set([...changes, ...later.changes].map(({ ref }) => ref.id));
    expect(changed).toBeGreaterThan(800);
    expect(ids.filter((id) => !seen.has(id))).toEqual([]);
  }, 120_000);

  test('the listing is complete up to what the clock of JIRA said, however far it is from ours', async () => {
    await begin();
    jira.createIssue({ summary: 'Задача' });
    now = now.plus({ minutes: 5 });

    const { completeBefore } = await walk(start.minus({ hours: 1 }));
    expect(completeBefore?.toMillis()).toBe(now.toMillis());
  });

  test('finding nothing is believed where the newest issue is older, and not where none is visible', async () => {
    await begin();
    expect(await walk(start)).toEqual({ changes: [], completeBefore: undefined });

    jira.createIssue({ summary: 'Задача' });
    now = now.plus({ hours: 1 });
    const { changes, completeBefore } = await walk(start.plus({ minutes: 30 }));
    expect([changes, completeBefore?.toMillis()]).toEqual([[], now.toMillis()]);
  });
});

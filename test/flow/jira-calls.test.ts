import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DateTime } from 'luxon';
import { type SandboxJira, startSandboxJira } from '../../sandbox/jira/server.ts';
import type { ParkedMapping } from '../../src/connector.ts';
import { connectTo, keepLog } from '../connectors/jira/connected.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { createMemoryDesk, createTestClock } from '../support/memory-desk.ts';
import { aTicket, NOW } from '../support/records.ts';

const TICKETS = 200;

let jira: SandboxJira;
let rig: Awaited<ReturnType<typeof createBridgeRig>>;
let parked: ParkedMapping[];
let lines: Readonly<Record<string, unknown>>[];

/** The flow with the desk of a sandbox JIRA instead of one in memory. */
beforeEach(async () => {
  jira = await startSandboxJira();
  parked = [];
  const clock = createTestClock(NOW);
  const kept = keepLog();
  lines = kept.lines;
  const { desk } = connectTo(
    jira.url,
    {},
    { now: () => rig.clock.now(), log: kept.log, onParked: (mapping) => parked.push(mapping) },
  );
  rig = await createBridgeRig({ jira: { ...createMemoryDesk('jira', clock.now), ...desk } });
});

afterEach(async () => {
  await rig.jira.close();
  await rig.stop();
  await jira.stop();
});

async function handOver(id: number, createdAt: DateTime = NOW): Promise<void> {
  const ref = { system: 'otrs', id: String(id), key: String(2_026_112_310_000_000 + id) };
  rig.otrs.put(aTicket({ ref, ticketQueue: 'NTTM::3ЛТП', createdAt }));
  await rig.tell(ref);
}

const callsSince = (mark: number) =>
  jira.calls.slice(mark).map(({ method, path }) => `${method} ${path.replace(/\d{4,}/, '…')}`);

describe('a new ticket', () => {
  test('costs two calls to JIRA once names, screen and first status are known: the issue and the link back', async () => {
    const young = NOW.plus({ hours: 1 });
    rig.clock.pass({ hours: 1 });
    await handOver(1, young);
    await rig.work();
    const mark = jira.calls.length;

    await handOver(2, young);
    await handOver(3, young);
    await rig.work();

    expect(callsSince(mark).toSorted()).toEqual([
      'POST /issue',
      'POST /issue',
      'POST /issue/…/remotelink',
      'POST /issue/…/remotelink',
    ]);
    expect(jira.issues()).toHaveLength(3);
  });
});

describe('a field that JIRA begins to demand', () => {
  const screen = ['summary', 'description', 'labels', 'priority', 'customfield_10500'];

  test(`makes ${TICKETS} tickets wait with one alarm, no letter, no attempt and hardly a call, and all go through in the end`, async () => {
    jira.setScreen('create', screen);
    jira.requireField('customfield_10500');
    for (let id = 1; id <= TICKETS; id += 1) {
      await handOver(id);
    }
    await rig.work();
    const first = jira.calls.length;
    // Tickets older than the process are looked up once each before an issue may be opened for them.
    expect(callsSince(0).filter((call) => call === 'POST /search').length).toBeLessThanOrEqual(TICKETS);

    for (let minute = 0; minute < 3; minute += 1) {
      rig.clock.pass({ minutes: 1 });
      await rig.work();
    }

    // In three minutes: three looks at the screen, and the tickets that came first and were in work at the same time.
    expect(jira.calls.length - first).toBeLessThan(60);
    expect(jira.calls.filter(({ path }) => path === '/issue')).toEqual([]);
    expect(await rig.letters()).toEqual([]);
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(parked).toHaveLength(1);
    expect(rig.looks.every(({ release }) => release.outcome !== 'later' || release.attempt === 0)).toBe(true);

    jira.relaxField('customfield_10500');
    for (let minute = 0; minute < 8 && jira.issues().length < TICKETS; minute += 1) {
      rig.clock.pass({ minutes: 1 });
      await rig.work();
    }

    expect(jira.issues()).toHaveLength(TICKETS);
    expect(new Set(jira.issues().map(({ values }) => values.labels.join())).size).toBe(TICKETS);
    expect(parked.at(-1)).toEqual({ project: 'OSSTTMB2B', type: 'Дефект' });
    expect(await rig.letters()).toEqual([]);
  }, 60_000);
});

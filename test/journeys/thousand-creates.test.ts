import { afterEach, describe, expect, test } from '@jest/globals';
import type { AfterEffectKind } from '../../sandbox/jira/faults.ts';
import { type SandboxJira, startSandboxJira } from '../../sandbox/jira/server.ts';
import { connectTo } from '../connectors/jira/connected.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { createTestClock } from '../support/memory-desk.ts';
import { aComment, aTicket, NOW } from '../support/records.ts';

const TICKETS = 1_000;
const SEED = 20_261_123;
const INDEX_LAG_MS = 4_000;
const SETTLE_SECONDS = 10;

let sandbox: SandboxJira;
let rig: Awaited<ReturnType<typeof createBridgeRig>>;
afterEach(async () => {
  await rig.stop();
  await sandbox.stop();
});

/** JIRA does all of it, and its answer is lost in one of these ways. */
const kinds: readonly AfterEffectKind[] = [
  'bad-gateway-after-effect',
  'gateway-timeout-after-effect',
  'server-error-after-effect',
  'reset-after-effect',
  'partial-body-after-effect',
  'login-page-after-effect',
];

const ticketOf = (number: number) => {
  const id = String(50_000 + number);
  return aTicket({
    ref: { system: 'otrs', id, key: `20261123${String(number).padStart(8, '0')}` },
    title: `Не создаётся заявка № ${number}`,
    ticketQueue: 'NTTM::3ЛТП',
    comments: [
      aComment({ id: '100', by: 'requester', author: 'Анна Кузнецова' }),
      aComment({ id: '101', by: 'requester', author: 'Анна Кузнецова', text: `Дополнение к заявке № ${number}` }),
    ],
  });
};

/** Works, lets time pass, and works again until nothing waits but the looks that deadlines bring. */
async function workItOut(): Promise<void> {
  for (let round = 0; round < 60; round += 1) {
    await rig.work();
    const next = await rig.store.nextDue();
    if (next === undefined || next.diff(rig.clock.now()).as('minutes') > 15) {
      return;
    }
    rig.clock.pass({ seconds: 3 });
  }
  throw new Error('the work does not come to an end');
}

describe('a thousand tickets while a third of the answers to writes are lost', () => {
  test('end with exactly a thousand issues, each with its comment once', async () => {
    const clock = createTestClock(NOW);
    // One clock for both: the search index must lag by the time that the bridge lets pass.
    sandbox = await startSandboxJira({ now: clock.now, indexLagMs: INDEX_LAG_MS });
    const { desk } = connectTo(sandbox.url, { settle_seconds: SETTLE_SECONDS, timeout_seconds: SETTLE_SECONDS / 2 });
    rig = await createBridgeRig({ jiraDesk: desk, clock, maxAttempts: 12, isOnDisk: false });
    sandbox.failRandomly({ seed: SEED, share: 0.33, kinds, method: 'POST', path: /^\/issue$|\/comment$/ });
    const tickets = Array.from({ length: TICKETS }, (_, number) => ticketOf(number));
    for (const ticket of tickets) {
      rig.otrs.put(ticket);
      await rig.tell(ticket.ref);
    }

    await workItOut();

    const struck = sandbox.calls.filter(({ fault }) => fault !== undefined);
    expect(struck.length).toBeGreaterThan(TICKETS / 2);
    expect(new Set(struck.map(({ fault }) => fault)).size).toBe(kinds.length);
    expect(await rig.letters()).toEqual([]);
    expect(sandbox.issues()).toHaveLength(TICKETS);
    const issueOf = new Map(sandbox.issues().map((issue) => [issue.key, issue]));
    const wrong = tickets.filter(({ ref, title }) => {
      const issue = issueOf.get(String(rig.ticket(ref.id).fields.issue_key));
      return issue?.values.summary !== title || issue.comments.length !== 1 || issue.remoteLinks.length !== 1;
    });
    expect(wrong.map(({ ref }) => ref.key)).toEqual([]);
    await desk.close();
  }, 300_000);
});

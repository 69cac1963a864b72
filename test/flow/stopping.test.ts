import { setImmediate as immediately } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { Desk } from '../../src/connector.ts';
import { BridgeError } from '../../src/errors.ts';
import { synchronise } from '../../src/flow/synchronise.ts';
import { startWorker } from '../../src/flow/worker.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { aTicket } from '../support/records.ts';

let rig: Awaited<ReturnType<typeof createBridgeRig>>;

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };

beforeEach(async () => {
  rig = await createBridgeRig();
});

afterEach(() => rig.stop());

/** Never answers; a call that is given up on is in doubt. */
const open: Desk['open'] = (_draft, _key, _origin, signal) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new BridgeError('OUTCOME_UNKNOWN', 'given up')));
  });

describe('a bridge that is stopped', () => {
  test('gives a ticket back whose call it cuts off, and counts no attempt for it', async () => {
    rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП' }));
    await rig.tell(TICKET);
    const context = { ...rig.context, desks: { ...rig.desks, jira: { ...rig.desks.jira, open } } };
    const worker = startWorker(
      { concurrency: 1, leaseMs: 60_000, pollMs: 1, maxAttempts: 5 },
      {
        store: rig.store,
        owner: 'test',
        look: (claim, signal) => synchronise(claim, context, signal),
        now: rig.clock.now,
        random: () => 0.5,
        log: pino({ level: 'silent' }),
        onLook: () => {},
      },
    );
    while ((await rig.store.doubtful(TICKET)).length === 0) {
      await immediately();
    }
    await worker.stop(0);

    expect(await rig.store.claim('the next process', 1, 60_000, rig.clock.now())).toMatchObject([{ attempt: 0 }]);
    expect(await rig.store.doubtful(TICKET)).toMatchObject([{ key: 'open:issue', state: 'sending' }]);
  });
});

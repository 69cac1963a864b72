import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Action } from '../../src/domain/action.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { aTicket } from '../support/records.ts';

let rig: Awaited<ReturnType<typeof createBridgeRig>>;

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };

beforeEach(async () => {
  rig = await createBridgeRig();
  rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП' }));
});

afterEach(() => rig.stop());

describe('a call of a newer version that was never answered', () => {
  beforeEach(async () => {
    await rig.tell(TICKET);
    const [claim] = await rig.store.claim('newer', 1, 60_000, rig.clock.now());
    if (claim === undefined) {
      throw new Error('nothing was due');
    }
    const action = { do: 'praise', ref: { system: 'jira', id: '1' }, key: 'praise:jira' } as unknown as Action;
    await rig.store.intend(claim, action, rig.clock.now());
    rig.clock.pass({ minutes: 2 });
  });

  test('is left to that version, and the ticket is looked at again until one comes', async () => {
    await rig.work();

    expect(await rig.store.doubtful(TICKET)).toMatchObject([{ key: 'praise:jira', state: 'sending', attempts: 1 }]);
    expect(rig.looks.at(-1)?.release).toMatchObject({
      outcome: 'later',
      reason: expect.stringContaining('a newer version of the bridge'),
    });
  });

  test('keeps nothing else of its ticket from being done', async () => {
    await rig.work();
    expect(rig.jira.calls.filter((call) => call.startsWith('open'))).toEqual(['open 42']);
  });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Store } from '../../src/store/store.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { aTicket } from '../support/records.ts';

let rig: Awaited<ReturnType<typeof createBridgeRig>>;

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };

beforeEach(async () => {
  rig = await createBridgeRig();
  rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП' }));
});

afterEach(() => rig.stop());

/** The process stands still once, for a minute and a half, when it has written an intent. */
function standStill(meanwhile: () => Promise<unknown>): void {
  let isOver = false;
  const intend: Store['intend'] = async (...call) => {
    const intent = await rig.store.intend(...call);
    if (!isOver) {
      isOver = true;
      rig.clock.pass({ seconds: 90 });
      await meanwhile();
    }
    return intent;
  };
  Object.assign(rig.context, { store: { ...rig.store, intend } });
}

const opened = () => rig.jira.calls.filter((call) => call.startsWith('open'));

describe('a process that stood still between an intent and its call', () => {
  test('does not make the call that another one has taken over', async () => {
    standStill(() => rig.store.claim('another process', 1, 60_000, rig.clock.now()));
    await rig.tell(TICKET);
    await rig.work();

    expect(opened()).toEqual([]);
    expect(rig.looks.map(({ error, look }) => error?.code ?? look?.held[0]?.code)).toEqual(['LEASE_LOST']);
  });

  test('makes it at its next look if nobody has', async () => {
    standStill(async () => {});
    await rig.tell(TICKET);
    await rig.work();
    expect(opened()).toEqual([]);

    rig.clock.pass({ seconds: 10 });
    await rig.work();
    expect(opened()).toEqual(['open 42']);
    expect(await rig.store.doubtful(TICKET)).toEqual([]);
  });
});

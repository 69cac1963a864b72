import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { Hint } from '../../src/connector.ts';
import type { TicketEvent } from '../../src/domain/event.ts';
import { BridgeError } from '../../src/errors.ts';
import { createIngest } from '../../src/flow/ingest.ts';
import { createMemoryDesk } from '../support/memory-desk.ts';
import { NOW } from '../support/records.ts';

const webhook = { headers: {}, query: {}, body: Buffer.from('{"ticketId":42}') };

/** A door whose connector reads the given hints out of every webhook, and whose broker may be away. */
function aDoor(hints: readonly Hint[], publish: (events: readonly TicketEvent[]) => Promise<void> = async () => {}) {
  const published: TicketEvent[] = [];
  const stored: TicketEvent[] = [];
  const ingest = createIngest({
    connections: { otrs: { desk: createMemoryDesk('otrs', () => NOW), receive: () => hints } },
    intake: {
      publish: async (events) => {
        await publish(events);
        published.push(...events);
      },
      start: async () => {},
      health: () => ({ ok: true, detail: '' }),
      close: async () => {},
    },
    sink: async (events) => {
      stored.push(...events);
    },
    now: () => NOW,
    log: pino({ level: 'silent' }),
  });
  return { ingest, published, stored };
}

const hint: Hint = { ref: { system: 'otrs', id: '42', key: '2026112310000042' }, kind: 'changed' };
const failing = (code: 'BROKER_UNAVAILABLE' | 'STORE_UNAVAILABLE') => async () => {
  throw new BridgeError(code, 'away');
};

describe('taking a webhook in', () => {
  test('the same body gives the same event, so that a repeat renews it', async () => {
    const { ingest, published } = aDoor([hint]);
    await ingest('otrs', webhook);
    await ingest('otrs', webhook);

    expect(published).toHaveLength(2);
    expect(published[0]?.id).toBe(published[1]?.id);
  });

  test('goes straight into the store while the broker is away', async () => {
    const { ingest, stored } = aDoor([hint], failing('BROKER_UNAVAILABLE'));

    await expect(ingest('otrs', webhook)).resolves.toBe(1);
    expect(stored).toMatchObject([{ ref: { id: '42' } }]);
  });

  test('is not tried a second time when the store itself is away', async () => {
    const { ingest, stored } = aDoor([hint], failing('STORE_UNAVAILABLE'));

    await expect(ingest('otrs', webhook)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(stored).toEqual([]);
  });

  test.each(['', '1'.repeat(101), '4\u00002'])('a record whose id is %j is refused', async (id) => {
    const { ingest } = aDoor([{ ...hint, ref: { ...hint.ref, id } }]);

    await expect(ingest('otrs', webhook)).rejects.toMatchObject({ code: 'WEBHOOK_UNREADABLE' });
  });

  test('an odd key or delivery id does not keep the event from being understood', async () => {
    const { ingest, published } = aDoor([{ ...hint, ref: { ...hint.ref, key: 'A\u0000' }, id: 'x'.repeat(300) }]);
    await ingest('otrs', webhook);

    expect(published).toMatchObject([
      { ref: { system: 'otrs', id: '42' }, id: expect.stringMatching(/^otrs:[0-9a-f]{32}:0$/) },
    ]);
    expect(published[0]?.ref.key).toBeUndefined();
  });

  test('a webhook of the bridge’s own change takes nothing in', async () => {
    await expect(aDoor([]).ingest('otrs', webhook)).resolves.toBe(0);
  });
});

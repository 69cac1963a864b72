import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { TicketEvent } from '../../src/domain/event.ts';
import { BridgeError } from '../../src/errors.ts';
import type { Intake } from '../../src/intake/intake.ts';
import { collectingSink, untilTrue } from './sinks.ts';

export interface IntakeUnderTest {
  readonly name: string;
  /** An intake, started and ready, that hands to the sink. */
  readonly open: (sink: (events: readonly TicketEvent[]) => Promise<void>) => Promise<Intake>;
}

export function eventOf(number: number, more: Partial<TicketEvent> = {}): TicketEvent {
  return {
    id: `otrs:обращение-${number}`,
    ref: { system: 'otrs', id: String(number), key: `20260302${number}` },
    kind: 'changed',
    channel: 'webhook',
    at: DateTime.fromISO('2026-03-02T09:15:00.123Z', { zone: 'utc' }),
    ...more,
  };
}

export function eventsUpTo(count: number): readonly TicketEvent[] {
  return Array.from({ length: count }, (_, index) => eventOf(index + 1));
}

/** The promises of every intake, whatever carries the events. */
export function describeIntake({ name, open }: IntakeUnderTest): void {
  describe(`the intake ${name}`, () => {
    const sink = collectingSink();
    let intake: Intake;

    beforeAll(async () => {
      intake = await open(sink.take);
    }, 60_000);

    afterAll(() => intake?.close());

    test('hands events over exactly as they were published', async () => {
      const events = [
        eventOf(1, { id: 'jira:Ошибка «портал» №1 — ёж 🦔', kind: 'commented', channel: 'webhook' }),
        eventOf(2, { ref: { system: 'jira', id: '10042' }, kind: 'closed', channel: 'sweep' }),
        eventOf(3, { kind: 'due', channel: 'operator' }),
        eventOf(4, { kind: 'replayed', channel: 'message' }),
      ];
      sink.forget();
      await intake.publish(events);
      await untilTrue(() => sink.events.length === events.length);
      expect(sink.events).toEqual(events);
    });

    test('accepts nothing to publish', async () => {
      await expect(intake.publish([])).resolves.toBeUndefined();
    });

    test('delivers again what the store could not take', async () => {
      sink.forget();
      sink.failNext(new BridgeError('STORE_UNAVAILABLE', 'the database is restarting'));
      await publishUntilTaken(intake, [eventOf(1), eventOf(2)]);
      await untilTrue(() => sink.events.length === 2);
      expect(sink.refusals).toBe(1);
      expect(sink.events.map(({ id }) => id)).toEqual([eventOf(1).id, eventOf(2).id]);
    });

    test('takes ten thousand events, in the order of their publisher', async () => {
      const events = eventsUpTo(10_000);
      sink.forget();
      for (let from = 0; from < events.length; from += 1_000) {
        await intake.publish(events.slice(from, from + 1_000));
      }
      await untilTrue(() => sink.events.length === events.length);
      expect(sink.events.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    }, 60_000);

    test('keeps the order of each of several publishers at a time', async () => {
      sink.forget();
      const systems = ['otrs', 'jira', 'dwh'];
      await Promise.all(
        systems.map((system) =>
          intake.publish(eventsUpTo(500).map((event) => ({ ...event, ref: { system, id: event.ref.id } }))),
        ),
      );
      await untilTrue(() => sink.events.length === 1_500);
      for (const system of systems) {
        const ids = sink.events.filter(({ ref }) => ref.system === system).map(({ ref }) => Number(ref.id));
        expect(ids).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
      }
    }, 60_000);

    test('is healthy', () => {
      expect(intake.health()).toMatchObject({ ok: true });
    });

    // The last one: it closes the intake that the others use.
    test('closing waits for what is in hand, and then takes nothing more', async () => {
      sink.forget();
      const release = sink.hold();
      const published = intake.publish([eventOf(1)]);
      await untilTrue(() => sink.waiting === 1);
      let isClosed = false;
      const closing = intake.close().then(() => {
        isClosed = true;
      });
      await expect(intake.publish([eventOf(2)])).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
      expect(isClosed).toBe(false);
      release();
      await Promise.all([published, closing]);
      expect(sink.events.map(({ id }) => id)).toEqual([eventOf(1).id]);
      expect(intake.health()).toMatchObject({ ok: false });
    });
  });
}

/** A direct intake reports the store's failure to its publisher, who tries again; a broker does it for the publisher. */
async function publishUntilTaken(intake: Intake, events: readonly TicketEvent[]): Promise<void> {
  for (;;) {
    try {
      return await intake.publish(events);
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    }
  }
}

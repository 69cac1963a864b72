import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { TicketEvent } from '../../src/domain/event.ts';
import { parseCloudEvent, toCloudEvent } from '../../src/intake/cloud-event.ts';
import { eventOf } from './conformance.ts';

const arrivedAt = DateTime.fromISO('2026-03-02T10:00:00Z', { zone: 'utc' });

function parse(document: unknown) {
  return parseCloudEvent(Buffer.from(JSON.stringify(document)), arrivedAt);
}

const least = {
  specversion: '1.0',
  id: '17',
  source: 'https://monitoring.example.test/alerts',
  type: 'bridge.ticket.changed',
  data: { system: 'otrs', id: '4711' },
};

test('every event comes back from its message as it was', () => {
  const name = (maxLength: number) =>
    fc.string({ unit: 'grapheme', minLength: 1, maxLength }).filter((text) => /^\P{Cc}{1,64}$/u.test(text));
  const events = fc.record({
    id: name(60),
    ref: fc.record({ system: name(20), id: name(40), key: name(40) }, { requiredKeys: ['system', 'id'] }),
    kind: fc.constantFrom('changed', 'commented', 'closed', 'due', 'replayed'),
    channel: fc.constantFrom('webhook', 'message', 'sweep', 'operator'),
    at: fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
  });
  fc.assert(
    fc.property(events, (drawn) => {
      const event: TicketEvent = { ...drawn, at: DateTime.fromJSDate(drawn.at, { zone: 'utc' }) } as TicketEvent;
      const parsed = parseCloudEvent(Buffer.from(toCloudEvent(event)), arrivedAt);
      expect(parsed).toEqual({ outcome: 'event', event });
    }),
  );
});

test('a moment with a zone stays the same moment', () => {
  const at = DateTime.fromISO('2026-03-02T12:15:00', { zone: 'Europe/Moscow' });
  const parsed = parseCloudEvent(Buffer.from(toCloudEvent(eventOf(1, { at }))), arrivedAt);
  expect(parsed).toMatchObject({ outcome: 'event', event: { at: at.toUTC() } });
});

describe('an event of another publisher', () => {
  test('needs to say little', () => {
    expect(parse(least)).toEqual({
      outcome: 'event',
      event: {
        id: 'https://monitoring.example.test/alerts#17',
        ref: { system: 'otrs', id: '4711' },
        kind: 'changed',
        channel: 'message',
        at: arrivedAt,
      },
    });
  });

  test('may carry attributes that the bridge does not know', () => {
    const document = { ...least, traceparent: '00-0a-0b-01', partition: 3, data: { ...least.data, очередь: 'NTTM' } };
    expect(parse(document)).toMatchObject({ outcome: 'event' });
  });

  test('does not clash with the same id of another source', () => {
    const ids = ['/один', '/два'].map((source) => parse({ ...least, source }));
    expect(ids).toMatchObject([{ event: { id: '/один#17' } }, { event: { id: '/два#17' } }]);
  });
});

describe('while instances are replaced one after the other', () => {
  const own = { ...least, source: '/otrs-jira-bridge' };

  test('a message of the first version can still be read', () => {
    const message =
      '{"specversion":"1.0","id":"otrs:8f14e45f:0","source":"/otrs-jira-bridge","type":"bridge.ticket.commented","subject":"otrs/4711","time":"2026-03-02T06:15:00.000Z","datacontenttype":"application/json","data":{"system":"otrs","id":"4711","key":"2026030210000042","channel":"webhook"}}';
    expect(parseCloudEvent(Buffer.from(message), arrivedAt)).toMatchObject({
      outcome: 'event',
      event: { id: 'otrs:8f14e45f:0', kind: 'commented', channel: 'webhook', ref: { key: '2026030210000042' } },
    });
  });

  test('a kind and a channel of the next version are still a reason to look', () => {
    const next = { ...own, type: 'bridge.ticket.escalated', urgency: 1, data: { ...own.data, channel: 'chat' } };
    expect(parse(next)).toMatchObject({
      outcome: 'event',
      event: { kind: 'changed', channel: 'message', ref: { system: least.data.system, id: least.data.id } },
    });
  });

  test('nobody else may invent kinds', () => {
    expect(parse({ ...least, type: 'bridge.ticket.escalated' })).toMatchObject({ outcome: 'unreadable' });
    expect(parse({ ...own, type: 'com.example.escalated' })).toMatchObject({ outcome: 'unreadable' });
    expect(parse({ ...own, type: 'bridge.ticket.toString' })).toMatchObject({ outcome: 'event' });
  });
});

describe('a message that is no event says why', () => {
  test.each([
    ['no specversion', { ...least, specversion: undefined }, 'specversion'],
    ['a later specversion', { ...least, specversion: '2.0' }, 'specversion'],
    ['no id', { ...least, id: undefined }, 'id: '],
    ['an empty source', { ...least, source: '' }, 'source: '],
    ['a type of somebody else', { ...least, type: 'com.example.order.placed' }, 'bridge.ticket.changed'],
    ['no data', { ...least, data: undefined }, 'data: '],
    ['data in base64', { ...least, data: undefined, data_base64: 'e30=' }, 'data: '],
    ['data as text', { ...least, data: '{"system":"otrs"}' }, 'data: '],
    ['an id that is a number', { ...least, data: { system: 'otrs', id: 4711 } }, 'data.id: '],
    ['a control character', { ...least, data: { system: 'otrs', id: '47\u000011' } }, 'control characters'],
    ['an id without end', { ...least, id: 'ж'.repeat(256) }, 'id: '],
    ['a time without zone', { ...least, time: '2026-03-02T09:15:00' }, 'time: '],
    ['a time that never was', { ...least, time: '2026-02-30T09:15:00Z' }, 'time: '],
    ['a list of events', [least], 'expected object'],
    ['nothing', null, 'expected object'],
  ])('%s', (_, document, reason) => {
    expect(parse(document)).toEqual({ outcome: 'unreadable', reason: expect.stringContaining(reason) });
  });

  test.each([
    ['an empty body', Buffer.alloc(0), 'not JSON'],
    ['half a document', Buffer.from('{"specversion": "1.0", '), 'not JSON'],
    ['text in another encoding', Buffer.from([0x22, 0xcf, 0xf0, 0xe8, 0x22]), 'not UTF-8'],
    ['a body beyond all measure', Buffer.alloc(300_000, 0x20), '300000 bytes'],
    ['brackets a hundred thousand deep', Buffer.from('['.repeat(100_000)), 'not JSON'],
    ['a thing nested a hundred thousand deep', Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)), ''],
  ])('%s', (_, body, reason) => {
    expect(parseCloudEvent(body, arrivedAt)).toEqual({
      outcome: 'unreadable',
      reason: expect.stringContaining(reason),
    });
  });
});

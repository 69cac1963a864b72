import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { DateTime } from 'luxon';
import { parse } from 'yaml';
import type { EventKind, TicketEvent } from '../../src/domain/event.ts';
import { cloudEventContentType, parseCloudEvent, toCloudEvent } from '../../src/intake/cloud-event.ts';
import { rabbitmqOptions } from '../../src/intake/options.ts';
import { eventOf } from './conformance.ts';

interface Document {
  readonly channels: {
    readonly intake: { readonly bindings: { readonly amqp: { readonly exchange: { readonly name: string } } } };
  };
  readonly components: {
    readonly messages: {
      readonly ticketEvent: {
        readonly contentType: string;
        readonly examples: readonly { readonly name: string; readonly payload: Readonly<Record<string, unknown>> }[];
      };
    };
    readonly schemas: Readonly<Record<string, unknown>>;
  };
}

const document = parse(readFileSync(new URL('../../docs/messages.yaml', import.meta.url), 'utf8')) as Document;
const { contentType, examples } = document.components.messages.ticketEvent;
const validate = new Ajv({
  strict: false,
  allErrors: true,
  unicodeRegExp: true,
  formats: { 'date-time': true },
}).compile({
  $ref: '#/components/schemas/ticketEvent',
  components: { schemas: document.components.schemas },
});
const arrivedAt = DateTime.fromISO('2026-03-02T10:00:00Z', { zone: 'utc' });

describe('the description of the messages', () => {
  test.each(examples.map(({ name, payload }) => [name, payload] as const))(
    'example «%s» is read by the bridge',
    (_, payload) => {
      expect(parseCloudEvent(Buffer.from(JSON.stringify(payload)), arrivedAt)).toMatchObject({ outcome: 'event' });
      expect(validate(payload)).toBe(true);
    },
  );

  test.each(['changed', 'commented', 'closed', 'due', 'replayed'] satisfies EventKind[])(
    'an event «%s» that the bridge publishes is as described',
    (kind) => {
      const event: TicketEvent = eventOf(1, { kind });
      expect(validate(JSON.parse(toCloudEvent(event)))).toBe(true);
    },
  );

  test('forbids what the bridge cannot read', () => {
    const [least] = examples;
    const wrong = [
      { ...least?.payload, id: '' },
      { ...least?.payload, type: 'order.placed' },
      { ...least?.payload, data: { system: 'otrs' } },
    ];
    for (const payload of wrong) {
      expect(validate(payload)).toBe(false);
      expect(parseCloudEvent(Buffer.from(JSON.stringify(payload)), arrivedAt)).toMatchObject({ outcome: 'unreadable' });
    }
  });

  test('names the content type and the exchange that the bridge uses', () => {
    const { exchange } = rabbitmqOptions.parse({ url: 'amqp://bridge:secret@localhost' });
    expect(contentType).toBe(cloudEventContentType);
    expect(document.channels.intake.bindings.amqp.exchange.name).toBe(exchange);
  });
});

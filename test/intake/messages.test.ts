import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { DateTime } from 'luxon';
import { parse } from 'yaml';
import type { EventKind, TicketEvent } from '../../src/domain/event.ts';
import { cloudEventContentType, parseCloudEvent, toCloudEvent } from '../../src/intake/cloud-event.ts';
import { newsEvent, newsTypes, toNewsEvent } from '../../src/intake/news-event.ts';
import { rabbitmqOptions } from '../../src/intake/options.ts';
import { eventOf } from './conformance.ts';

interface Message {
  readonly contentType: string;
  readonly examples: readonly { readonly name: string; readonly payload: Readonly<Record<string, unknown>> }[];
}

interface Amqp {
  readonly bindings: { readonly amqp: { readonly exchange: { readonly name: string } } };
}

interface Document {
  readonly channels: {
    readonly intake: Amqp;
    readonly news: Amqp & { readonly parameters: { readonly news: { readonly enum: readonly string[] } } };
  };
  readonly components: {
    readonly messages: { readonly ticketEvent: Message; readonly ticketNews: Message };
    readonly schemas: Readonly<Record<string, unknown>>;
  };
}

const document = parse(readFileSync(new URL('../../docs/messages.yaml', import.meta.url), 'utf8')) as Document;
const { contentType, examples } = document.components.messages.ticketEvent;
const ajv = new Ajv({
  strict: false,
  allErrors: true,
  unicodeRegExp: true,
  formats: { 'date-time': true },
});
const compile = (name: string) => {
  const { schemas } = document.components;
  const check = ajv.compile({ $ref: `#/components/schemas/${name}`, components: { schemas } });
  return Object.assign((payload: unknown) => check(payload), {
    schema: schemas[name] as { readonly properties: { readonly data: { readonly properties: object } } },
  });
};
const validate = compile('ticketEvent');
const arrivedAt = DateTime.fromISO('2026-03-02T10:00:00Z', { zone: 'utc' });

describe('the description of the news', () => {
  const { news } = document.channels;
  const { examples: told } = document.components.messages.ticketNews;
  const described = compile('ticketNews');

  test.each(told.map(({ name, payload }) => [name, payload] as const))('example «%s» is one', (_, payload) => {
    expect(newsEvent.parse(payload)).toEqual(payload);
    expect(described(payload)).toBe(true);
  });

  test.each(newsTypes)('«%s» is as described, with all that news can hold', (type) => {
    const ref = { system: 'otrs', id: '4711', key: '2026030210000017' };
    const data = {
      ticket: ref,
      issue: ref,
      priority: 4,
      stage: 'resolution',
      deadline: '2026-03-02T07:00:00.000Z',
      share: 80,
      letter: 'a',
      code: 'REFUSED',
      system: 'jira',
      action: 'move',
      outcome: 'resolved',
    } as const;
    const event = JSON.parse(toNewsEvent({ id: 'x', type, at: arrivedAt, position: 17, data }));
    expect(described(event)).toBe(true);
    expect(Object.keys(event.data)).toEqual(Object.keys(described.schema.properties.data.properties));
  });

  test('forbids what is not named: no text leaves the bridge', () => {
    const [first] = told;
    const payload = { ...first?.payload, data: { ticket: { system: 'otrs', id: '1' }, title: 'Пароль не подходит' } };
    expect(described(payload)).toBe(false);
    expect(newsEvent.safeParse(payload).success).toBe(false);
  });

  test('is shown with the example that runs', () => {
    expect(readFileSync('docs/rabbitmq.md', 'utf8')).toContain(readFileSync('docs/examples/news-consumer.js', 'utf8'));
  });

  test('lets nothing through that a later version might put into news', () => {
    const data = { code: 'REFUSED', title: 'Пароль не подходит' };
    expect(toNewsEvent({ id: 'x', type: 'dead-letter', at: arrivedAt, position: 1, data })).not.toContain('Пароль');
  });

  test('names the exchange and every kind', () => {
    const { news_exchange } = rabbitmqOptions.parse({ url: 'amqp://bridge:secret@localhost' });
    expect(news.bindings.amqp.exchange.name).toBe(news_exchange);
    expect(news.parameters.news.enum).toEqual(newsTypes);
  });
});

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

import { describe, expect, test } from '@jest/globals';
import { readWebhook } from '../../../connectors/otrs/webhook.ts';
import { startSandboxOtrs } from '../../../sandbox/otrs/server.ts';
import type { Webhook } from '../../../src/connector.ts';
import { openDoor, SECRET } from '../../http/door.ts';

const BRIDGE = '12';

function read(body: unknown, query: Record<string, unknown> = {}, ownUserId: string | undefined = BRIDGE) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  return readWebhook({ headers: {}, query, body: bytes }, 'otrs', ownUserId);
}

test('a webhook that carries files comes through the door, and their contents are not even parsed', async () => {
  const hints: unknown[] = [];
  const accept = async (_system: string, webhook: Webhook) => hints.push(readWebhook(webhook, 'otrs', BRIDGE));
  const door = openDoor({ accept, bodyLimitBytes: 50 * 1024 * 1024 });
  const url = `${await door.listen()}/webhooks/otrs`;
  const sandbox = await startSandboxOtrs({ webhook: { url, secret: SECRET, shape: 'generic', silentUserId: 12 } });
  const file = { name: 'снимок "экрана".zip', contentType: 'application/zip', size: 25 * 1024 * 1024 };

  const { id, number } = sandbox.createTicket({
    title: 'Заявка',
    text: 'В тексте "Content":"нет',
    attachments: [file],
  });
  await sandbox.settled();
  await sandbox.stop();
  await door.close();

  expect(hints).toContainEqual([{ ref: { system: 'otrs', id, key: number }, kind: 'commented' }]);
});

test.each([
  ['what is no JSON', '{"Content":"a{","TicketID":"1"}'],
  ['an escaped quote', '{"X":{"Content":"\\"","Content":""},"TicketID":"1"}'],
  ['an escaped backslash at its end', '{"X":{"Content":"a\\\\"},"TicketID":"1"}'],
  ['base64 in lines', '{"X":{"Content":"QUJD\\nREVG\\n"},"TicketID":"1"}'],
  ['space around its colon', '{"X":{"Content" : \t"QUJD"},"TicketID":"1"}'],
  ['a list for it', '{"X":{"Content":[1,2]},"TicketID":"1"}'],
  ['its name as a value', '{"X":"Content","TicketID":"1"}'],
  ['its name within a text', '{"X":"\\"Content\\":\\"","TicketID":"1"}'],
])('the content of a file may have %s', (_, body) => {
  expect(read(Buffer.from(body))).toMatchObject([{ ref: { id: '1' } }]);
});

test.each(['short', 'generic', 'tunnel', 'pass-through', 'ticket-invoker'] as const)(
  'webhooks in the shape %s come through the door, file and all',
  async (shape) => {
    const refs: unknown[] = [];
    const door = openDoor({
      accept: async (_system, webhook) => refs.push(...readWebhook(webhook, 'otrs', BRIDGE).map(({ ref }) => ref.id)),
    });
    const url = `${await door.listen()}/webhooks/otrs`;
    const sandbox = await startSandboxOtrs({ webhook: { url, secret: SECRET, shape, silentUserId: 12 } });
    const file = { name: 'журнал.txt', contentType: 'text/plain', size: 100_000 };
    const [one, other] = ['Одна', 'Другая'].map((title) =>
      sandbox.createTicket({ title, text: title, attachments: [file] }),
    );
    await sandbox.settled();
    const before = refs.length;

    sandbox.merge(String(one?.id), String(other?.id));
    await sandbox.settled();
    await sandbox.stop();
    await door.close();

    // A new ticket, its requester and its article, twice.
    expect(refs.slice(0, before).toSorted()).toEqual([one?.id, one?.id, one?.id, other?.id, other?.id, other?.id]);
    expect(new Set(refs.slice(before))).toContain(one?.id);
  },
);

describe('a webhook of OTRS names the ticket to look at', () => {
  test.each<[string, unknown, Record<string, unknown>, unknown]>([
    [
      'the short body of the web service definition',
      { event: 'ArticleCreate', ticketId: '42', articleId: '7' },
      {},
      { ref: { system: 'otrs', id: '42' }, kind: 'commented' },
    ],
    [
      'a short body shaped by XSLT, where empty values are objects',
      {
        event: 'TicketStateUpdate',
        ticketId: '42',
        ticketNumber: '2026112310000017',
        articleId: {},
        stateType: 'closed',
      },
      {},
      { ref: { system: 'otrs', id: '42', key: '2026112310000017' }, kind: 'closed' },
    ],
    [
      'the event in the query and the rest in the body',
      { ticketId: 42 },
      { event: 'ArticleCreate' },
      { ref: { system: 'otrs', id: '42' }, kind: 'commented' },
    ],
    [
      'the event of the add-on’s notifier, which has an id of its own',
      { articleId: 7, event: 'ArticleCreate', eventId: '0f0c1d', ticketId: 42, time: 1795766375842, userId: 3 },
      {},
      { ref: { system: 'otrs', id: '42' }, kind: 'commented', id: '0f0c1d:42' },
    ],
    [
      'Ticket::Generic with everything about the ticket',
      {
        Event: { Event: 'TicketStateUpdate', TicketID: '42', OldTicketData: { State: 'Назначено' } },
        Ticket: { TicketID: 42, TicketNumber: '2026112310000017', StateType: 'open', DynamicField_JiraKey: null },
      },
      {},
      { ref: { system: 'otrs', id: '42', key: '2026112310000017' }, kind: 'changed' },
    ],
    [
      'Ticket::Generic after a close',
      { Event: { Event: 'TicketStateUpdate', TicketID: '42' }, Ticket: { TicketID: 42, StateType: 'closed' } },
      {},
      { ref: { system: 'otrs', id: '42' }, kind: 'closed' },
    ],
    [
      'Generic::Tunnel with the bare event',
      { Event: 'TicketPriorityUpdate', TicketID: '42' },
      {},
      { ref: { system: 'otrs', id: '42' }, kind: 'changed' },
    ],
    [
      'Generic::PassThrough of OTOBO, which does not name the event',
      { TicketID: '42', ArticleID: 7, OldTicketData: { State: 'Назначено' } },
      {},
      { ref: { system: 'otrs', id: '42' }, kind: 'changed' },
    ],
    [
      'Ticket::TicketUpdate of OTOBO with its last articles and a file whose base64 stands in lines',
      {
        TicketID: 42,
        TicketNumber: '2026112310000017',
        Ticket: { Title: 'Заявка', Article: [{ Subject: 'Тема' }] },
        Article: [{ Subject: 'Тема' }, { Subject: 'Вторая' }],
        DynamicField: [{ Name: 'Solution', Value: 'x' }],
        Attachment: [{ Content: 'YWJj\nZGVm\n', ContentType: 'text/plain', Filename: 'a.txt' }],
      },
      { event: 'TicketStateUpdate' },
      { ref: { system: 'otrs', id: '42', key: '2026112310000017' }, kind: 'changed' },
    ],
    [
      'the Ticket Invoker of OTRS 7 with the id in its ticket alone',
      { Ticket: { TicketID: '42', State: 'В работе' }, Article: {}, DynamicField: [], Attachment: [] },
      {},
      { ref: { system: 'otrs', id: '42' }, kind: 'changed' },
    ],
  ])('%s', (_, body, query, hint) => {
    expect(read(body, query)).toEqual([hint]);
  });

  test.each([
    ['a new link', { SourceObject: 'Ticket', SourceKey: '2', TargetObject: 'Ticket', TargetKey: '4' }, ['2', '4']],
    ['a merge', { event: 'TicketMerge', ticketId: '2', mainTicketId: '4' }, ['2', '4']],
    ['a link to something else', { SourceObject: 'Ticket', SourceKey: 2, TargetObject: 'FAQ', TargetKey: '9' }, ['2']],
  ])('%s concerns every ticket in it', (_, body, ids) => {
    expect(read(body).map(({ ref }) => ref.id)).toEqual(ids);
  });

  test('the number belongs to the ticket that went away, not to the one that took it in', () => {
    const body = { Event: { Event: 'TicketMerge', TicketID: '2', MainTicketID: '4' }, Ticket: { TicketNumber: '17' } };
    expect(read(body).map(({ ref }) => ref)).toEqual([
      { system: 'otrs', id: '2', key: '17' },
      { system: 'otrs', id: '4' },
    ]);
  });

  test('a merge that the notifier tells is one event for each of the two', () => {
    const body = { event: 'TicketMerge', eventId: 'a1', ticketId: 2, mainTicketId: 4, userId: 3 };
    expect(read(body).map(({ id }) => id)).toEqual(['a1:2', 'a1:4']);
  });
});

describe('the bridge’s own changes', () => {
  test.each<[string, unknown]>([
    ['a field set by the bridge', { event: 'TicketDynamicFieldUpdate_Solution', ticketId: '1', userId: BRIDGE }],
    ['the same in full', { Event: { Event: 'TicketDynamicFieldUpdate_Solution', TicketID: 1, UserID: 12 } }],
    [
      'an article of the bridge',
      { Event: { Event: 'ArticleCreate', TicketID: 1, ArticleID: 7 }, Article: { ArticleID: '7', CreateBy: 12 } },
    ],
    [
      'an article of the bridge, with the whole ticket around it',
      {
        Event: { Event: 'ArticleCreate', TicketID: '1', ArticleID: '7' },
        Ticket: { TicketID: 1, ChangeBy: 3, Article: { ArticleID: 7, CreateBy: 12 } },
      },
    ],
    ['an article of the bridge, in short', { event: 'ArticleCreate', ticketId: '1', articleCreateBy: BRIDGE }],
    ['what the notifier tells of the bridge', { event: 'TicketStateUpdate', eventId: 'a1', ticketId: 1, userId: 12 }],
  ])('%s yields nothing', (_, body) => {
    expect(read(body)).toEqual([]);
    expect(read(body, {}, '99')).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    [
      'a ticket that the bridge changed last may have been changed by an agent before',
      { event: 'TicketStateUpdate', ticketId: '1', changeBy: BRIDGE },
    ],
    [
      'the only article of a ticket comes with every event and says nothing about who acted',
      { Event: { Event: 'TicketStateUpdate', TicketID: 1 }, Article: { ArticleID: '7', CreateBy: 12 } },
    ],
    [
      'the same in the ticket of its invoker',
      {
        Event: { Event: 'TicketStateUpdate', TicketID: 1 },
        Ticket: { TicketID: 1, Article: { ArticleID: 7, CreateBy: 12 } },
      },
    ],
    [
      'another article than the one of the event',
      { Event: { Event: 'ArticleCreate', TicketID: 1, ArticleID: 8 }, Article: { ArticleID: '7', CreateBy: 12 } },
    ],
  ])('unproven, so looked at: %s', (_, body) => {
    expect(read(body)).toHaveLength(1);
  });

  test('nothing is dropped while the bridge’s user id is unknown', () => {
    const body = Buffer.from(JSON.stringify({ event: 'TicketDynamicFieldUpdate_X', ticketId: '1', userId: '12' }));
    expect(readWebhook({ headers: {}, query: {}, body }, 'otrs', undefined)).toHaveLength(1);
  });
});

describe('a webhook that cannot be read', () => {
  test.each<[string, unknown, RegExp]>([
    ['XML', Buffer.from('\ufeff<?xml version="1.0"?><TicketEvent/>'), /is XML.* HTTP::REST/],
    ['a text in UTF-16', Buffer.from('{"ticketId":1}', 'utf16le'), /not JSON in UTF-8/],
    ['half of a webhook', Buffer.from('{"event":"TicketCreate","ticketId":"1"'), /not JSON/],
    ['a file without an end', Buffer.from('{"ticketId":"1","Content":"QUJD'), /not JSON/],
    ['lists in lists', Buffer.from(`{"ticketId":${'['.repeat(200_000)}${']'.repeat(200_000)}}`), /ticketId/],
    ['nothing', Buffer.from(''), /not JSON/],
    ['a list', [], /the body/],
    ['no ticket', { event: 'TicketCreate' }, /names no ticket/],
    ['a ticket id that is none', { event: 'TicketCreate', ticketId: '1 OR 1=1' }, /«1 OR 1=1» is not a TicketID/],
    ['a structure where a value belongs', { event: { deep: { er: 1 } }, ticketId: '1' }, /event/],
  ])('%s is named in one sentence', (_, body, sentence) => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({ code: 'WEBHOOK_UNREADABLE', message: expect.stringMatching(sentence) }),
    );
  });
});

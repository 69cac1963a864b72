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
  expect(() => read(Buffer.from('{"TicketID":"1","Ticket":{"Content":"abc'))).toThrow('not JSON');
  expect(read(Buffer.from('{"Content":"a{","TicketID":"1","X":{"Content":"\\"","Content":""}}'))).toMatchObject([
    { ref: { id: '1' } },
  ]);
}, 20_000);

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
    ['no JSON', Buffer.from('<TicketEvent/>'), /not JSON/],
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

import { describe, expect, test } from '@jest/globals';
import { options } from '../../../connectors/otrs/options.ts';
import { parseAddress, toSnapshot } from '../../../connectors/otrs/snapshot.ts';
import { history, tickets } from '../../../connectors/otrs/wire.ts';

const settings = options.parse({
  base_url: 'https://desk.example.test/otrs/',
  login: 'bridge',
  password: 'x',
  time_zone: 'Europe/Moscow',
});

const bare = {
  TicketID: 42,
  TicketNumber: '2026112310000017',
  Title: 'Не открывается карточка',
  State: 'В работе',
  StateType: 'open',
  Priority: '2 Высокий',
  Type: 'Инцидент',
  Created: '2026-11-23 10:11:40',
  Changed: '2026-11-23 10:20:00',
};

const article = {
  ArticleID: 7,
  Subject: 'Сбой',
  Body: 'Текст',
  From: '"Анна Кузнецова" <anna@example.test>',
  SenderType: 'customer',
  IsVisibleForCustomer: 1,
  CreateTime: '2026-11-23 10:11:41',
};

function snapshotOf(ticket: object, entries: readonly object[] = []) {
  const [read] = tickets.parse({ Ticket: [{ ...bare, ...ticket }] }).Ticket;
  if (read === undefined) {
    throw new Error('no ticket');
  }

  return toSnapshot(
    read,
    history.parse({ TicketHistory: [{ History: entries }] }).TicketHistory.flatMap(({ History }) => History),
    'otrs',
    settings,
  );
}

describe('a ticket of OTRS as the core sees it', () => {
  test('naive times are read in the configured zone', () => {
    const { createdAt } = snapshotOf({});
    expect(createdAt.toUTC().toISO()).toBe('2026-11-23T07:11:40.000Z');
  });

  test('a time that is none is an unreadable answer', () => {
    expect(() => snapshotOf({ Changed: '23.11.2026' })).toThrow(
      expect.objectContaining({ code: 'ANSWER_UNREADABLE', message: expect.stringContaining('23.11.2026') }),
    );
  });

  test('people open the agent page; a slash too many in the base URL does not matter', () => {
    expect(snapshotOf({}).url).toBe('https://desk.example.test/otrs/index.pl?Action=AgentTicketZoom;TicketID=42');
  });

  test.each([
    ['new', 'new'],
    ['open', 'open'],
    ['pending reminder', 'pending'],
    ['pending auto', 'pending'],
    ['closed', 'done'],
    ['merged', 'done'],
    ['a type of somebody’s own', 'open'],
  ])('state type %s is phase %s', (StateType, phase) => {
    expect(snapshotOf({ StateType }).phase).toBe(phase);
  });

  test.each([
    [1, 'public'],
    ['1', 'public'],
    [0, 'internal'],
    ['0', 'internal'],
    [null, 'internal'],
    [undefined, 'internal'],
    ['yes', 'internal'],
  ])('IsVisibleForCustomer %p makes an article %s', (IsVisibleForCustomer, visibility) => {
    const { comments } = snapshotOf({ Article: [{ ...article, IsVisibleForCustomer }] });
    expect(comments[0]?.visibility).toBe(visibility);
  });

  test.each([
    ['customer', 'requester'],
    ['agent', 'agent'],
    ['system', 'system'],
    ['', 'system'],
  ])('sender type «%s» speaks as %s', (SenderType, by) => {
    expect(snapshotOf({ Article: [{ ...article, SenderType }] }).comments[0]?.by).toBe(by);
  });

  test('the bridge speaks for the support, also where its articles are those of the system', () => {
    const DynamicField = [{ Name: 'BridgeExternalId', Value: 'comment:otrs:17' }];
    const { comments } = snapshotOf({ Article: [{ ...article, SenderType: 'system', DynamicField }] });

    expect(comments).toMatchObject([{ by: 'agent', marker: 'comment:otrs:17' }]);
  });

  test('articles come in the order of their ids, and the first is the text', () => {
    const { comments, text, textCommentId } = snapshotOf({
      Article: [
        { ...article, ArticleID: 10, Body: 'десятая' },
        { ...article, ArticleID: 9, Body: 'девятая' },
      ],
    });
    expect(comments.map(({ id }) => id)).toEqual(['9', '10']);
    expect({ text, textCommentId }).toEqual({ text: 'девятая', textCommentId: '9' });
  });

  test('a ticket without articles has no text', () => {
    const snapshot = snapshotOf({});
    expect(snapshot.text).toBe('');
    expect(snapshot).not.toHaveProperty('textCommentId');
  });

  test('blank lines around a body that came as HTML are taken away, indentation is not', () => {
    const { text } = snapshotOf({ Article: [{ ...article, Body: '\r\n \r\n  отступ\r\nконец\n\n' }] });
    expect(text).toBe('  отступ\nконец');
  });

  test('fields come by logical name; empty ones and unticked boxes are left out', () => {
    const { fields } = snapshotOf({
      DynamicField: [
        { Name: 'JiraKey', Value: 'OSSTTMB2B-7' },
        { Name: 'Solution', Value: null },
        { Name: 'NeedDevelopment', Value: 0 },
        { Name: 'ConfigItem', Value: ['bpm', ''] },
        { Name: 'Foreign', Value: 'x' },
      ],
    });
    expect(fields).toEqual({ issue_key: 'OSSTTMB2B-7', configuration_item: ['bpm'] });
  });

  test('a ticked box is filled', () => {
    expect(snapshotOf({ DynamicField: [{ Name: 'NeedDevelopment', Value: 1 }] }).fields).toEqual({
      need_development: '1',
    });
  });

  test('the requester’s name comes from the letter, login and branch from the ticket', () => {
    const { requester } = snapshotOf({
      CustomerUserID: 'user.volga',
      CustomerID: 'MRF-VOLGA',
      Article: [{ ...article, ArticleID: 1, SenderType: 'agent', From: 'Агент' }, article],
    });
    expect(requester).toEqual({
      name: 'Анна Кузнецова',
      login: 'user.volga',
      email: 'anna@example.test',
      branch: 'MRF-VOLGA',
    });
  });

  test('a requester who wrote nothing is known by login, and nobody is nobody', () => {
    expect(snapshotOf({ CustomerUserID: 'user.volga' }).requester).toEqual({
      name: 'user.volga',
      login: 'user.volga',
    });
    expect(snapshotOf({ CustomerUserID: null }).requester).toBeUndefined();
  });

  test('a ticket that nobody owns shows no owner', () => {
    expect(snapshotOf({ Owner: 'root@localhost', OwnerID: 1 }).owner).toBeUndefined();
    expect(snapshotOf({ Owner: 'petrova.2l', OwnerID: 21 }).owner).toBe('petrova.2l');
  });

  test('files are listed, the one that holds the HTML of the article is not', () => {
    const { attachments } = snapshotOf({
      Article: [
        {
          ...article,
          Attachment: [
            { FileID: '1', Filename: 'file-2', ContentType: 'text/html; charset="utf-8"', FilesizeRaw: '51' },
            { FileID: '2', Filename: 'снимок экрана.png', ContentType: 'image/png', FilesizeRaw: '70' },
          ],
        },
      ],
    });
    expect(attachments).toEqual([
      { id: '7/2', name: 'снимок экрана.png', contentType: 'image/png', size: 70, commentId: '7' },
    ]);
  });

  test.each([
    ['the dynamic field', { DynamicField: [{ Name: 'BridgeExternalId', Value: 'comment:otrs:5' }] }, []],
    [
      'the history, when the field was lost',
      { DynamicField: [{ Name: 'BridgeExternalId', Value: null }] },
      [
        {
          ArticleID: 7,
          CreateBy: 2,
          CreateTime: '2026-11-23 10:11:41',
          HistoryType: 'AddNote',
          Name: '%%bridge comment:otrs:5',
        },
      ],
    ],
  ])('the marker of an article is taken from %s', (_, marked, entries) => {
    expect(snapshotOf({ Article: [{ ...article, ...marked }] }, entries).comments[0]?.marker).toBe('comment:otrs:5');
  });

  test.each([
    ['belongs to nobody where the history says that an agent wrote the article', 'comment:otrs:5', '%%', undefined],
    [
      'is the history’s where the field says something else',
      'comment:otrs:6',
      '%%bridge comment:otrs:5',
      'comment:otrs:5',
    ],
    [
      'is the field’s where the key was too long for the history',
      `comment:${'n'.repeat(250)}`,
      `%%bridge comment:${'n'.repeat(250)}`.slice(0, 200),
      `comment:${'n'.repeat(250)}`,
    ],
  ])('a marker %s', (_, inField, Name, marker) => {
    const marked = { ...article, DynamicField: [{ Name: 'BridgeExternalId', Value: inField }] };
    const entry = { ArticleID: 7, CreateBy: 3, CreateTime: '2026-11-23 10:11:41', HistoryType: 'AddNote', Name };
    expect(snapshotOf({ Article: [marked] }, [entry]).comments[0]?.marker).toBe(marker);
  });

  test('history keeps OTRS’s own names, its author and the article concerned', () => {
    const { history: entries } = snapshotOf({}, [
      {
        ArticleID: 0,
        CreateBy: 4,
        CreateTime: '2026-11-23 10:12:00',
        HistoryType: 'StateUpdate',
        Name: '%%Назначено%%В работе%%',
      },
      { ArticleID: 7, CreateBy: '4', CreateTime: '2026-11-23 10:13:00', HistoryType: 'AddNote', Name: '%%' },
    ]);
    expect(entries.map(({ what, detail, by, commentId }) => [what, detail, by, commentId])).toEqual([
      ['StateUpdate', '%%Назначено%%В работе%%', '4', undefined],
      ['AddNote', '%%', '4', '7'],
    ]);
  });

  test.each<[string, object, readonly string[], string | undefined]>([
    ['its present owner', { Owner: 'petrova.2l', OwnerID: 21 }, [], 'petrova.2l'],
    ['one who got it again', { Owner: 'a', OwnerID: 22 }, ['%%petrova.2l%%21', '%%a%%22'], 'petrova.2l'],
    ['one whom nothing else names', { Owner: 'a', OwnerID: 22 }, ['%%a%%22'], '#21'],
  ])('a ticket was registered with an owner: %s', (_, ticket, updates, owner) => {
    const entry = { ArticleID: 0, CreateBy: 4, CreateTime: '2026-11-23 10:12:00' };
    const registration = {
      ...entry,
      HistoryType: 'NewTicket',
      Name: '%%1%%NTTM%%3 Средний%%Назначено%%42',
      OwnerID: 21,
    };
    const later = updates.map((Name) => ({ ...entry, HistoryType: 'OwnerUpdate', Name }));

    const [first] = snapshotOf(ticket, [registration, ...later]).history;
    expect(first?.changes?.find(({ property }) => property === 'owner')?.to).toBe(owner);
    const free = snapshotOf(ticket, [{ ...registration, OwnerID: 1 }, ...later]).history[0];
    expect(free?.changes?.map(({ property }) => property)).toEqual(['ticket_queue', 'priority', 'state']);
  });

  test('a change of the owner names the one before, whom the entry above tells', () => {
    const entry = { ArticleID: 0, CreateBy: 4, CreateTime: '2026-11-23 10:12:00', HistoryType: 'OwnerUpdate' };
    const { history: read } = snapshotOf({}, [
      { ...entry, Name: '%%petrova.2l%%21', OwnerID: 21 },
      { ...entry, Name: '%%%%', HistoryType: 'Misc', OwnerID: 21 },
      { ...entry, Name: '%%root@localhost%%1', OwnerID: 1 },
      { ...entry, Name: '%%sidorov.3l%%22', OwnerID: 22 },
    ]);

    expect(read.flatMap(({ changes = [] }) => changes)).toEqual([
      { property: 'owner', to: 'petrova.2l' },
      { property: 'owner', from: 'petrova.2l' },
      { property: 'owner', to: 'sidorov.3l' },
    ]);
  });

  test.each([
    ['%%petrova.2l%%21', { property: 'owner', to: 'petrova.2l' }],
    ['%%root@localhost%%1', { property: 'owner' }],
  ])('the owner of the history entry %s is who owns the ticket then, and root is nobody', (Name, change) => {
    const entry = { ArticleID: 0, CreateBy: 4, CreateTime: '2026-11-23 10:12:00', HistoryType: 'OwnerUpdate', Name };

    expect(snapshotOf({}, [entry]).history[0]?.changes).toEqual([change]);
  });
});

describe('the sender of an article', () => {
  test.each([
    ['"Анна Кузнецова" <anna@example.test>', 'Анна Кузнецова', 'anna@example.test'],
    ['Анна Кузнецова <anna@example.test>', 'Анна Кузнецова', 'anna@example.test'],
    ['"О\'Нил, \\"Волга\\"" <a@example.test>, other@example.test', 'О\'Нил, "Волга"', 'a@example.test'],
    ['<anna@example.test>', 'anna@example.test', 'anna@example.test'],
    ['anna@example.test', 'anna@example.test', 'anna@example.test'],
    ['Мост OTRS-JIRA', 'Мост OTRS-JIRA', undefined],
    ['', '', undefined],
  ])('%s', (from, name, email) => {
    expect(parseAddress(from)).toEqual(email === undefined ? { name } : { name, email });
  });
});

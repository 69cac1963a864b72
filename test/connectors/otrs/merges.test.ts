import { describe, expect, test } from '@jest/globals';
import { options } from '../../../connectors/otrs/options.ts';
import { toSnapshot } from '../../../connectors/otrs/snapshot.ts';
import { history, tickets } from '../../../connectors/otrs/wire.ts';

const settings = options.parse({
  base_url: 'https://desk.example.test/otrs',
  login: 'bridge',
  password: 'x',
  time_zone: 'Europe/Moscow',
});

/** As a real one writes it: number and id of the merged ticket, then those of the main ticket. */
const merged = (id: number, main: number, at = '2026-11-27 10:57:16') => ({
  ArticleID: 0,
  CreateBy: 3,
  CreateTime: at,
  HistoryType: 'Merged',
  Name: `%%20261127100000${id}%%${id}%%20261127100000${main}%%${main}`,
});

const article = (id: number, times: { created: string; changed?: string }, more: object = {}) => ({
  ArticleID: id,
  Subject: 'Сбой',
  Body: `Текст ${id}`,
  From: 'Анна Кузнецова <anna@example.test>',
  SenderType: 'customer',
  IsVisibleForCustomer: 1,
  CreateTime: `2026-11-27 ${times.created}`,
  ChangeTime: `2026-11-27 ${times.changed ?? times.created}`,
  ...more,
});

function snapshotOf(ticket: object, entries: readonly object[]) {
  const [read] = tickets.parse({
    Ticket: [
      {
        TicketID: 3,
        TicketNumber: '202611271000003',
        State: 'В работе',
        StateType: 'open',
        CustomerUserID: 'user.volga',
        Created: '2026-11-27 10:57:07',
        Changed: '2026-11-27 10:57:16',
        ...ticket,
      },
    ],
  }).Ticket;
  if (read === undefined) {
    throw new Error('no ticket');
  }

  const [{ History } = { History: [] }] = history.parse({ TicketHistory: [{ History: entries }] }).TicketHistory;
  return toSnapshot(read, History, 'otrs', settings);
}

describe('a ticket that was merged', () => {
  const gone = { State: 'merged', StateType: 'merged' };

  test('names the ticket in which its work goes on', () => {
    expect(snapshotOf(gone, [merged(3, 9)]).mergedInto).toEqual({ system: 'otrs', id: '9', key: '202611271000009' });
  });

  test('names the last one where it was merged several times', () => {
    expect(snapshotOf(gone, [merged(3, 9), merged(3, 5)]).mergedInto?.id).toBe('5');
  });

  test.each([
    ['people have taken up again', { State: 'В работе', StateType: 'open' }, [merged(3, 9)]],
    ['only got the state', gone, []],
    ['took in another one', gone, [merged(9, 3)]],
    ['has a history that nobody can read', gone, [{ ...merged(3, 9), Name: '%%x%%y%%z%%0' }]],
  ])('is none that %s', (_, state, entries) => {
    expect(snapshotOf(state, entries)).not.toHaveProperty('mergedInto');
  });
});

describe('a ticket that others were merged into', () => {
  test('names each of them once, in the order of the merges', () => {
    const { mergedFrom } = snapshotOf({}, [merged(8, 3), merged(4, 3), merged(8, 3), merged(3, 9)]);
    expect(mergedFrom?.map(({ id, key }) => [id, key])).toEqual([
      ['8', '202611271000008'],
      ['4', '202611271000004'],
    ]);
  });

  test.each([
    ['moved by the merge', { created: '11:07:12', changed: '11:57:16' }, true],
    ['moved some seconds before the history tells of it', { created: '11:07:12', changed: '11:57:02' }, true],
    ['older than the ticket, and changed later', { created: '10:57:06', changed: '12:30:00' }, true],
    ['written and never changed', { created: '11:57:16' }, false],
    ['changed long before', { created: '10:57:08', changed: '11:20:00' }, false],
    ['changed after the merge', { created: '10:57:08', changed: '11:59:00' }, false],
  ])('tells an article that was %s', (_, times, isMergedIn) => {
    const { comments } = snapshotOf({ Article: [article(5, times)] }, [merged(2, 3, '2026-11-27 11:57:16')]);
    expect(comments.map((comment) => comment.isMergedIn === true)).toEqual([isMergedIn]);
  });

  test('takes no article for another ticket’s where nothing was merged', () => {
    const old = article(5, { created: '10:57:06', changed: '10:57:16' });
    expect(snapshotOf({ Article: [old] }, []).comments[0]).not.toHaveProperty('isMergedIn');
  });

  test('keeps its own text and requester where the other one was older', () => {
    const other = article(2, { created: '10:50:00', changed: '10:57:16' }, { From: 'Иван <ivan@example.test>' });
    const { text, textCommentId, requester } = snapshotOf({ Article: [other, article(3, { created: '10:57:07' })] }, [
      merged(2, 3),
    ]);
    expect({ text, textCommentId, name: requester?.name }).toEqual({
      text: 'Текст 3',
      textCommentId: '3',
      name: 'Анна Кузнецова',
    });
  });
});

describe('an archived ticket', () => {
  test.each([
    ['y', true],
    ['n', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('with the flag %p says so: %p', (ArchiveFlag, isArchived) => {
    expect(snapshotOf({ ArchiveFlag }, []).isArchived).toBe(isArchived);
  });
});

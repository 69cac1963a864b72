import { describe, expect, test } from '@jest/globals';
import { failure, history, searched, tickets, updated } from '../../../connectors/otrs/wire.ts';

describe('what OTRS writes is read whatever form it takes', () => {
  test.each([
    ['nothing found', {}, []],
    ['one hit without a list', { TicketID: '4' }, ['4']],
    ['hits as strings', { TicketID: ['4', '2'] }, ['4', '2']],
    ['hits as numbers', { TicketID: [4, 2] }, ['4', '2']],
    ['an empty list', { TicketID: [] }, []],
    ['null', { TicketID: null }, []],
  ])('search: %s', (_, json, ids) => {
    expect(searched.parse(json).TicketID).toEqual(ids);
  });

  test.each([
    ['string', { TicketID: '2', ArticleID: '7' }, '7'],
    ['number', { TicketID: 2, ArticleID: 7 }, '7'],
    ['none', { TicketID: 2, TicketNumber: '2026' }, undefined],
    ['zero', { TicketID: 2, ArticleID: 0 }, undefined],
  ])('the id of a written article as %s', (_, json, articleId) => {
    expect(updated.parse(json).ArticleID).toBe(articleId);
  });

  test.each([
    ['text', 'JiraKey-1', 'JiraKey-1'],
    ['number', 1, '1'],
    ['null', null, ''],
    ['empty element of XML', {}, ''],
    ['list', ['EIP', 'DWH'], ['EIP', 'DWH']],
    ['list with a gap', ['EIP', null], ['EIP', '']],
  ])('a dynamic field whose value is %s', (_, value, read) => {
    const { Ticket } = tickets.parse({ Ticket: [{ TicketID: 1, DynamicField: [{ Name: 'X', Value: value }] }] });
    expect(Ticket[0]?.DynamicField).toEqual([{ Name: 'X', Value: read }]);
  });

  test('one ticket, one article and one field may come without their lists', () => {
    const { Ticket } = tickets.parse({
      Ticket: { TicketID: '1', Article: { ArticleID: 5, DynamicField: { Name: 'X', Value: 'y' } } },
    });
    expect(Ticket[0]?.Article[0]).toMatchObject({ ArticleID: '5', DynamicField: [{ Name: 'X', Value: 'y' }] });
  });

  test('an article id of 0 in the history means that no article is concerned', () => {
    const { TicketHistory } = history.parse({
      TicketHistory: [{ History: [{ ArticleID: 0, CreateBy: 2, CreateTime: '', HistoryType: 'Move', Name: '' }] }],
    });
    expect(TicketHistory[0]?.History[0]?.ArticleID).toBeUndefined();
  });

  test.each([
    ['no id', { Ticket: [{ Title: 'x' }] }],
    ['an id that is none', { Ticket: [{ TicketID: 'x' }] }],
    ['text instead of tickets', { Ticket: 'x' }],
  ])('a ticket with %s is not taken for one', (_, json) => {
    expect(tickets.safeParse(json).success).toBe(false);
  });

  test('an error is recognised by its code', () => {
    expect(failure.safeParse({ Error: { ErrorCode: 'TicketGet.AuthFail', ErrorMessage: null } }).success).toBe(true);
    expect(failure.safeParse({ TicketID: 1 }).success).toBe(false);
  });
});

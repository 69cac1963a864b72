import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { search } from '../../../sandbox/jira/jql.ts';
import type { Indexed } from '../../../sandbox/jira/state.ts';

function entry(id: number, rest: Partial<Indexed> = {}): Indexed {
  const moment = DateTime.fromISO(`2026-11-23T10:0${id}:30+03:00`);
  return {
    id: String(id),
    key: `OSSTTMB2B-${id}`,
    status: 'Открыто',
    resolution: null,
    type: 'Дефект',
    project: 'OSSTTMB2B',
    labels: [],
    texts: {},
    created: moment,
    updated: moment,
    ...rest,
  };
}

const entries = [
  entry(1, { labels: ['otrs-1', 'с "кавычкой"'] }),
  entry(2, { labels: ['otrs-17'], status: 'Решено', resolution: 'Исправлено' }),
  entry(3, { labels: ['otrs-1'] }),
];
const find = (jql: string, zone = 'Europe/Moscow') => search(jql, entries, zone).map(({ id }) => id);

describe('the search of the sandbox', () => {
  test.each([
    ['project = OSSTTMB2B', ['3', '2', '1']],
    ['project in ("OSSTTMB2B") ORDER BY updated ASC', ['1', '2', '3']],
    ['project in (OSSTTMB2B, "OSSTTMB2B") AND labels = otrs-1 ORDER BY created DESC', ['3', '1']],
    ['labels = "otrs-1" order by key asc', ['1', '3']],
    ['labels = "с \\"кавычкой\\""', ['1']],
    ['labels in (otrs-17, otrs-1) ORDER BY key ASC', ['1', '2', '3']],
    ['updated >= "2026/11/23 10:02" ORDER BY updated ASC', ['2', '3']],
    ['created < "2026/11/23 10:02"', ['1']],
    ['status = "Решено"', ['2']],
    ['status != "Решено" ORDER BY key ASC', ['1', '3']],
    ['statusCategory = done', ['2']],
    ['resolution is EMPTY ORDER BY key ASC', ['1', '3']],
    ['resolution is not EMPTY', ['2']],
    ['key = OSSTTMB2B-2', ['2']],
    ['', ['3', '2', '1']],
  ])('%s', (jql, ids) => {
    expect(find(jql)).toEqual(ids);
  });

  test('dates are read in the account’s time zone', () => {
    expect(find('updated >= "2026/11/23 07:02" ORDER BY key ASC', 'UTC')).toEqual(['2', '3']);
  });

  test.each([
    ['project = NOSUCH', "The value 'NOSUCH' does not exist for the field 'project'."],
    ['nosuch = 1', "Field 'nosuch' does not exist"],
    ['updated >= yesterday', 'Date value'],
    ['updated >= "2026-11-23T10:00:00+03:00"', 'Date value'],
    ['labels = a labels = b', 'Expecting either AND'],
    ['labels ~ a', 'not supported'],
    ['labels ! a', 'reserved JQL character'],
    ['labels = "offen', 'reserved JQL character'],
    ['labels in otrs-1', "Expecting '('"],
    ['labels = a ORDER updated', 'ORDER BY'],
  ])('%s is refused as JIRA refuses it', (jql, reason) => {
    expect(() => find(jql)).toThrow(expect.objectContaining({ status: 400, message: expect.stringContaining(reason) }));
  });
});

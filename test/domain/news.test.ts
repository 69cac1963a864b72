import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { deadlineNews, issueOpened } from '../../src/domain/news.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { toNewsEvent } from '../../src/intake/news-event.ts';
import { aHistory, asks, clockAt, priority, replies, type Step, waits, works } from '../support/history.ts';
import { aLink } from '../support/records.ts';
import { moment } from '../support/table-4.ts';

const LISTENING = '23.11.26 00:00';

const at = (text: string) => DateTime.fromMillis(moment(text), { zone: 'utc' });

/** What is told at a moment, in short: type, stage, deadline and the share that was used up. */
function told(ticket: Snapshot, now: string, since = LISTENING) {
  const facts = { ticket, link: aLink() };
  return deadlineNews(facts, clockAt(ticket, { now }), at(since), at(now)).map(({ type, data }) =>
    [type, data.stage, data.priority, data.share].filter((each) => each !== undefined).join(' '),
  );
}

const ids = (ticket: Snapshot, now: string) =>
  deadlineNews({ ticket, link: aLink() }, clockAt(ticket, { now }), at(LISTENING), at(now)).map(({ id }) => id);

const critical = (...steps: readonly Step[]) => aHistory('23.11.26 10:00', { priority: 1 }, ...steps);

describe('news of deadlines', () => {
  const ticket = critical();

  // Reaction to a critical incident: 30 minutes, of which 80 % are 24.
  test.each([
    ['23.11.26 10:23', []],
    ['23.11.26 10:24', ['deadline-near reaction 1 80']],
    ['23.11.26 10:29', ['deadline-near reaction 1 80']],
    ['23.11.26 10:30', ['deadline-missed reaction 1']],
    ['23.11.26 10:31', ['deadline-missed reaction 1']],
  ])('at %s', (now, expected) => {
    expect(told(ticket, now).filter((each) => each.includes('reaction'))).toEqual(expected);
  });

  test('have the same id whenever they are found', () => {
    const all = new Set(['10:30', '10:31', '11:00', '13:59'].map((time) => ids(ticket, `23.11.26 ${time}`)[0]));
    expect([...all]).toEqual([`otrs/42:deadline-missed:reaction:${moment('23.11.26 10:30')}`]);
  });

  test('of another deadline of the same stage are others', () => {
    const raised = aHistory('23.11.26 10:00', { priority: 4 }, ['23.11.26 12:00', priority(1)]);
    const lowered = ids(raised, '30.11.26 12:00').filter((id) => id.includes(':reaction:'));
    expect(new Set(lowered).size).toBe(lowered.length);
  });

  test('a stage that was done in time is none, one that was done too late is missed', () => {
    expect(told(critical(['23.11.26 10:05', works, replies()]), '23.11.26 10:40')).not.toContain(
      'deadline-missed reaction 1',
    );
    expect(told(critical(['23.11.26 10:35', works, replies()]), '23.11.26 10:40')).toContain(
      'deadline-missed reaction 1',
    );
  });

  test('while the requester is asked, no deadline is near', () => {
    const paused = critical(['23.11.26 10:05', works], ['23.11.26 10:20', asks, waits]);
    expect(told(paused, '24.11.26 12:00').filter((each) => each.startsWith('deadline-near'))).toEqual([]);
  });

  test('nothing is told of what was missed before anybody listened', () => {
    expect(told(ticket, '25.11.26 10:00', '25.11.26 00:00')).not.toContain('deadline-missed reaction 1');
  });

  test('hold nothing but ids, numbers, moments and words of the bridge', () => {
    const facts = { ticket: { ...ticket, title: 'Иванов И. И.: пароль' }, link: aLink() };
    const news = deadlineNews(facts, clockAt(ticket, { now: '23.11.26 10:31' }), at(LISTENING), at('23.11.26 10:31'));
    for (const each of [...news, issueOpened(facts, { system: 'jira', id: '1', key: 'OSSTTMB2B-1' }, at(LISTENING))]) {
      expect(toNewsEvent({ ...each, position: 1 })).not.toMatch(/\p{Script=Cyrillic}/u);
    }
  });
});

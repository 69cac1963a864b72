import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { jqlMoment, quoteJql } from '../../../connectors/jira/search.ts';

describe('JQL', () => {
  test.each([
    ['OSSTTMB2B', '"OSSTTMB2B"'],
    ['otrs-2026 OR 1=1', '"otrs-2026 OR 1=1"'],
    ['a"b', '"a\\"b"'],
    ['a\\', '"a\\\\"'],
    ['почта@example.test', '"почта@example.test"'],
  ])('%s is quoted as %s', (value, quoted) => {
    expect(quoteJql(value)).toBe(quoted);
  });

  test.each([
    ['2026-11-23T10:00:59.999Z', 'Europe/Moscow', '2026/11/23 13:00'],
    ['2026-11-23T21:30:00Z', 'Asia/Vladivostok', '2026/11/24 07:30'],
    ['2026-11-23T10:00:00Z', 'UTC', '2026/11/23 10:00'],
  ])('%s is told in %s and to the minute', (moment, zone, jql) => {
    expect(jqlMoment(DateTime.fromISO(moment), zone)).toBe(jql);
  });

  test('an hour that comes twice is never told too late', () => {
    const clocksGoBack = DateTime.fromISO('2026-10-25T00:30:00Z');

    const read = DateTime.fromFormat(jqlMoment(clocksGoBack, 'Europe/Berlin'), 'yyyy/MM/dd HH:mm', {
      zone: 'Europe/Berlin',
    });

    expect(read.toMillis()).toBeLessThanOrEqual(clocksGoBack.toMillis());
    expect(read.getPossibleOffsets()).toHaveLength(1);
  });

  test('a time zone that does not exist is reported and not guessed', () => {
    expect(() => jqlMoment(DateTime.utc(), 'Mars/Olympus')).toThrow(
      expect.objectContaining({ code: 'ANSWER_UNREADABLE', message: expect.stringContaining('Mars/Olympus') }),
    );
  });
});

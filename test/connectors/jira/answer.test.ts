import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { z } from 'zod';
import { type Answer, readAnswer } from '../../../connectors/jira/http/answer.ts';
import type { Call, Effect } from '../../../connectors/jira/http/call.ts';
import type { Credentials } from '../../../connectors/jira/http/denial.ts';
import type { BridgeError } from '../../../src/errors.ts';

const now = DateTime.fromISO('2026-11-23T10:00:00Z');
const HTML = '<html><title>Единый вход</title></html>';
const REFUSAL = JSON.stringify({ errorMessages: ['Нельзя'], errors: { summary: 'Укажите тему.' } });

function call(effect: Effect): Call<unknown> {
  return {
    method: effect === 'none' ? 'GET' : 'POST',
    path: '/issue',
    effect,
    shape: z.object({ id: z.string() }),
    signal: new AbortController().signal,
  };
}

const captcha = { 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=https://jira.test/login.jsp' };
const failed = { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' };

function refused(answer: Partial<Answer>, effect: Effect, credentials: Credentials = 'token'): BridgeError {
  try {
    readAnswer({ status: 200, headers: {}, body: '', ...answer }, call(effect), now, credentials);
  } catch (error) {
    return error as BridgeError;
  }
  throw new Error('the answer was taken for a good one');
}

describe('an answer of JIRA', () => {
  test('is good when it is JSON of the expected shape', () => {
    expect(readAnswer({ status: 201, headers: {}, body: '{"id":"1","more":true}' }, call('once'), now)).toEqual({
      id: '1',
    });
  });

  test.each<[string, Partial<Answer>, Effect, string, string]>([
    ['wrong fields in a create', { status: 400, body: REFUSAL }, 'once', 'REFUSED', 'dead'],
    ['too large a body', { status: 413, body: HTML }, 'once', 'REFUSED', 'dead'],
    ['a conflict', { status: 409, body: REFUSAL }, 'repeatable', 'REFUSED', 'again'],
    ['a wrong password', { status: 401, body: HTML }, 'none', 'LOGIN_REFUSED', 'outage'],
    ['a missing permission', { status: 403, body: REFUSAL }, 'once', 'NOT_PERMITTED', 'dead'],
    ['a missing issue', { status: 404, body: REFUSAL }, 'none', 'RECORD_NOT_READABLE', 'dead'],
    ['a page of a proxy instead of «not found»', { status: 404, body: HTML }, 'none', 'ANSWER_UNREADABLE', 'outage'],
    ['a login page to a read', { body: HTML }, 'none', 'ANSWER_UNREADABLE', 'outage'],
    ['a login page to a create', { body: HTML }, 'once', 'ANSWER_UNREADABLE', 'in-doubt'],
    ['a redirect', { status: 302, headers: { location: '/login.jsp?x=1' } }, 'once', 'ANSWER_UNREADABLE', 'outage'],
    ['an unexpected shape to a read', { body: '{"id":5}' }, 'none', 'ANSWER_UNREADABLE', 'again'],
    ['an unexpected shape to a create', { body: '{}' }, 'once', 'ANSWER_UNREADABLE', 'in-doubt'],
    ['too many calls', { status: 429 }, 'once', 'RATE_LIMITED', 'again'],
    ['maintenance during a read', { status: 503, body: HTML }, 'none', 'SYSTEM_FAILING', 'outage'],
    ['maintenance during a create', { status: 503, body: HTML }, 'once', 'OUTCOME_UNKNOWN', 'in-doubt'],
    ['a bad gateway during a create', { status: 502, body: HTML }, 'once', 'OUTCOME_UNKNOWN', 'in-doubt'],
    ['a bad gateway during an update', { status: 502, body: HTML }, 'repeatable', 'SYSTEM_FAILING', 'outage'],
    ['a failure of this one call', { status: 500, body: REFUSAL }, 'repeatable', 'SYSTEM_FAILING', 'again'],
    ['a failure of everything', { status: 500, body: HTML }, 'repeatable', 'SYSTEM_FAILING', 'outage'],
  ])('%s', (_, answer, effect, code, disposition) => {
    expect(refused(answer, effect)).toMatchObject({ name: 'BridgeError', code, disposition });
  });

  test('a refusal names the fields and JIRA’s texts', () => {
    const error = refused({ status: 400, body: REFUSAL }, 'once');

    expect(error.message).toBe('JIRA refused POST /issue (400): Нельзя; summary: Укажите тему.');
    expect(error.details).toEqual({
      request: 'POST /issue',
      status: 400,
      messages: ['Нельзя'],
      fields: { summary: 'Укажите тему.' },
    });
  });

  test.each<[string, Answer['headers']]>([
    ['a CAPTCHA', { 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=https://jira.test/login.jsp' }],
    ['a dead token that reads as anonymous', { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' }],
    ['an anonymous reader', { 'x-ausername': 'anonymous' }],
  ])('%s is a refused login, even where the answer looks good', (_, headers) => {
    expect(refused({ headers, body: '{"id":"1"}' }, 'none')).toMatchObject({
      code: 'LOGIN_REFUSED',
      disposition: 'outage',
    });
  });

  test.each<[string, Partial<Answer>, 'token' | 'password', number, string]>([
    ['a CAPTCHA', { status: 401, headers: captcha }, 'password', 15, 'administrator reset'],
    ['a CAPTCHA with a good status', { body: '{"id":"1"}', headers: captcha }, 'token', 15, 'administrator reset'],
    ['a wrong password', { status: 401, body: HTML }, 'password', 5, 'jira.password'],
    ['a wrong password by its header', { status: 401, headers: failed }, 'password', 5, 'jira.password'],
    ['a wrong token', { status: 401, body: HTML }, 'token', 1, 'create a new one'],
    ['a dead token by its header', { body: '{"id":"1"}', headers: failed }, 'token', 1, 'create a new one'],
  ])('%s is left alone for a time, and the message says what to do', (_, answer, credentials, minutes, advice) => {
    const error = refused(answer, 'none', credentials);

    expect(error).toMatchObject({ code: 'LOGIN_REFUSED', retryAfterMs: minutes * 60_000 });
    expect(error.message).toContain(advice);
  });

  test('a login that worked at the second try is no failure', () => {
    const headers = { 'x-seraph-loginreason': 'OUT, OK', 'x-ausername': 'svc_bridge' };

    expect(readAnswer({ status: 200, headers, body: '{"id":"1"}' }, call('none'), now)).toEqual({ id: '1' });
  });

  test.each<[string, Answer['headers'], number | undefined]>([
    ['in seconds', { 'retry-after': '7' }, 7_000],
    ['as a date', { 'retry-after': 'Mon, 23 Nov 2026 10:00:30 GMT' }, 30_000],
    ['as a date that has passed', { 'retry-after': 'Mon, 23 Nov 2026 09:00:00 GMT' }, undefined],
    ['as zero, which every answer carries while there is room', { 'retry-after': '0' }, undefined],
    ['by the interval of the bucket', { 'x-ratelimit-interval-seconds': '60' }, 60_000],
    ['not at all', {}, undefined],
    ['in words', { 'retry-after': 'soon' }, undefined],
  ])('how long to wait is told %s', (_, headers, expected) => {
    expect(refused({ status: 429, headers }, 'none').retryAfterMs).toBe(expected);
  });
});

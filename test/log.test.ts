import { expect, test } from '@jest/globals';
import { createLog } from '../src/log.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void, level = 'info'): string {
  let text = '';
  write(
    createLog(level, {
      write: (line) => {
        text += line;
      },
    }),
  );
  return text;
}

test('a line is JSON with level, time in UTC and Cyrillic as it is', () => {
  const line = JSON.parse(logged((log) => log.info({ ticket: '42' }, 'обращение открыто')));

  expect(line).toMatchObject({ level: 'info', ticket: '42', msg: 'обращение открыто' });
  expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('lines below the level are not written', () => {
  expect(logged((log) => log.info('quiet'), 'warn')).toBe('');
});

test.each([
  ['at the top', { password: 'hunter2' }],
  ['in the configuration', { config: { otrs: { password: 'hunter2' } } }],
  ['in headers', { headers: { 'x-bridge-secret': 'hunter2', authorization: 'hunter2' } }],
  [
    'in the error of an HTTP client',
    { err: Object.assign(new Error('x'), { config: { headers: { Authorization: 'hunter2' } } }) },
  ],
  ['in a session', { request: { SessionID: 'hunter2' } }],
])('a secret %s is blanked out', (_where, facts) => {
  const text = logged((log) => log.child({ system: 'otrs' }).warn(facts, 'failed'));

  expect(text).toContain('[secret]');
  expect(text).not.toContain('hunter2');
});

test.each([[undefined], [7], ['one line']])('an error whose stack is %p is logged like any other', (stack) => {
  const odd = Object.assign(new Error('odd'), { stack });

  expect(JSON.parse(logged((log) => log.error({ err: odd }, 'refused')))).toMatchObject({ msg: 'refused' });
});

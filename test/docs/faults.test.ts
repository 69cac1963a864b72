import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const FAULTS = 37;
const page = readFileSync('docs/faults.md', 'utf8');
const rows = page.split('\n').flatMap((line) => {
  const [, number, fault, , tests] = /^\| (\d+) \| (.+?) \| (.+?) \| (.+) \|$/.exec(line) ?? [];
  return number === undefined || fault === undefined || tests === undefined ? [] : [{ number, fault, tests }];
});

/** A title as code may write it: as it is, or with quotes and variables of its own. */
function isTitled(file: string, title: string): boolean {
  return existsSync(file) && new RegExp(`(['"\`])${RegExp.escape(title)}`).test(readFileSync(file, 'utf8'));
}

describe('the page of faults', () => {
  test('numbers all of them', () => {
    expect(rows.map(({ number }) => Number(number))).toEqual(Array.from({ length: FAULTS }, (_, index) => index + 1));
  });

  test.each(rows)('$number: the tests of «$fault» exist', ({ tests }) => {
    const named = Array.from(tests.matchAll(/\[[^\]]+\]\(\.\.\/([^)]+)\) «(.+?)»(?=<br>|$)/g));
    const missing = named.filter(([, file = '', title = '']) => !isTitled(file, title)).map(([text]) => text);

    expect(named).toHaveLength(tests.split('<br>').length);
    expect(missing).toEqual([]);
  });
});

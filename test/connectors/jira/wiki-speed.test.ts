import { describe, expect, test } from '@jest/globals';
import { toPlain } from '../../../connectors/jira/text/plain.ts';
import { toWiki } from '../../../connectors/jira/text/wiki.ts';

/** Beginnings of markup without an end: what makes a careless pattern search to the end of the text from every place. */
const seeds = [
  '!a.',
  '!',
  '!a',
  '{code}',
  '{code:a}',
  '{code:',
  '{noformat}',
  '{noformat:x}',
  '{panel:',
  '{panel:title=',
  '{color:',
  '{quote}',
  '{{',
  '[',
  '[a|',
  '[~',
  '[^',
  '[a|b|',
  '|',
  '| ',
  '||x',
  '*a ',
  '_a',
  '-',
  '+',
  '^',
  '~',
  '??',
  '??a',
  'http://',
  'http://a',
  'a@',
  'a.b@c.',
  '\\',
  '\\{',
  '- ',
  '# ',
  'h1.',
  'bq. ',
  ' ',
  '\n',
  '\n ',
  '{',
  '}',
  '@',
  '{*}',
  '(x)',
  '* a\n',
  '#* a\n',
  'k=v\n',
  'k=',
  '<a ',
  '"a"',
  '{"',
  '\tat a.',
  'a.A',
  '2026-11-23 10:00:00 a\n',
  '10.0.0.1 ',
  '&amp;',
  'https://я/',
] as const;

/** The quickest of several runs in milliseconds of this process: what the machine does besides must not count. */
function quickest(work: () => unknown): number {
  const times = Array.from({ length: 4 }, () => {
    const started = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

const MEASURABLE_MS = 8;

describe('a text that was written to stop the bridge', () => {
  test.each([
    ['toPlain', toPlain],
    ['toWiki', (text: string) => toWiki(text, { text_limit: 1_000_000, cut_note: '…', bmp_only: false })],
  ] as const)('takes %s four times as long when it is four times as long, not sixteen times', (_, convert) => {
    const steep = seeds.flatMap((seed) => {
      const textOf = (length: number) => `x${seed.repeat(Math.ceil(length / seed.length))}y`;
      const long = quickest(() => convert(textOf(32_000)));
      const ratio = long / quickest(() => convert(textOf(8_000)));
      return long > MEASURABLE_MS && ratio > 10
        ? [`${JSON.stringify(seed)}: ${long.toFixed(0)} ms, ratio ${ratio.toFixed(1)}`]
        : [];
    });

    expect(steep).toEqual([]);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isCut } from '../../../connectors/jira/text/limits.ts';
import { segmentsOf } from '../../../connectors/jira/text/logs.ts';
import { toPlain } from '../../../connectors/jira/text/plain.ts';
import { toWiki } from '../../../connectors/jira/text/wiki.ts';
import { rendered } from './atlassian-parser.ts';
import { letter, mixture } from './markup-mixtures.ts';

const optionsFor = (text_limit: number) => ({ text_limit, cut_note: '… (текст *сокращён*)', bmp_only: false });
const wikiOf = (text: string) => toWiki(text, optionsFor(32_767));

/** One for all runs, lest a change fail by somebody else’s bad luck; `FC_SEED` looks elsewhere. */
const seed = Number(process.env.FC_SEED ?? 20_261_127);

const anyText = fc.oneof(
  { arbitrary: mixture, weight: 3 },
  { arbitrary: letter, weight: 3 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 60 }), weight: 1 },
);

/** What is compared: runs of blanks and line ends are one space, as the renderer has it, and the joiner is invisible. */
const visible = (text: string) => text.replaceAll('\u2060', '').replace(/\s+/gu, ' ').trim();

/** Without what may follow an address: the renderer takes some of it for its own. */
const bare = (word: string) => word.replace(/[).,;:»"]+$/u, '');

/**
 * Links to what did not stand alone in the text, or behind an opening bracket or quotation mark. Of an address with other
 * letters than Latin ones the renderer takes the beginning.
 */
const foreign = (links: readonly string[], text: string) => {
  const words = text.split(/[\s(«"]/u);
  const isBeginning = (word: string, link: string) =>
    word.startsWith(link) && /^[^\p{ASCII}]/u.test(word.slice(link.length));
  return links.filter((link) => !words.some((word) => bare(word) === bare(link) || isBeginning(word, link)));
};

describe('Atlassian’s own parser of wiki text', () => {
  test('finds in untrusted text nothing but paragraphs, logs and addresses that stood alone', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { alive, links, blocks } = rendered(wikiOf(text));
        const logs = segmentsOf(text).filter(({ kind }) => kind === 'log');

        expect(alive).toEqual([]);
        expect(foreign(links, text)).toEqual([]);
        expect(blocks.map(visible)).toEqual(logs.map((log) => visible(log.text)));
      }),
      { numRuns: 4_000, seed },
    );
  });

  test('shows every word of it and no other', () => {
    fc.assert(
      fc.property(fc.oneof(mixture, letter), (text) => {
        expect(visible(rendered(wikiOf(text)).text)).toBe(visible(text));
      }),
      { numRuns: 3_000, seed },
    );
  });

  test('finds nothing more in a text that was cut anywhere, and the note at its end', () => {
    fc.assert(
      fc.property(
        fc.array(letter, { minLength: 12, maxLength: 20 }),
        fc.integer({ min: 60, max: 200 }),
        (parts, limit) => {
          const text = `${parts.join('\n')}${'я'.repeat(limit)}`;
          const wiki = toWiki(text, optionsFor(limit));

          expect(wiki.length).toBeLessThanOrEqual(limit);
          expect(rendered(wiki).alive).toEqual([]);
          expect(isCut(rendered(wiki).text, optionsFor(limit))).toBe(true);
          expect(isCut(toPlain(wiki), optionsFor(limit))).toBe(true);
        },
      ),
      { numRuns: 1_000, seed },
    );
  });

  test('does find markup in the same texts when they are not escaped', () => {
    const alive = fc.sample(mixture, { numRuns: 300, seed }).filter((text) => rendered(text).alive.length > 0);

    expect(alive.length).toBeGreaterThan(150);
  });
});

describe('the way there and back', () => {
  test('leaves every text as it was, but for characters that JIRA cannot keep', () => {
    fc.assert(
      fc.property(fc.oneof(mixture, letter), (text) => {
        expect(toPlain(wikiOf(text))).toBe(text);
      }),
      { numRuns: 4_000, seed },
    );
  });

  test('never fails, whatever people wrote', () => {
    fc.assert(
      fc.property(anyText, (wiki) => {
        expect(typeof toPlain(wiki)).toBe('string');
      }),
      { numRuns: 3_000, seed },
    );
  });
});

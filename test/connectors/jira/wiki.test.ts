import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toPlain } from '../../../connectors/jira/plain.ts';
import { toWiki } from '../../../connectors/jira/wiki.ts';
import { survivingMarkup } from './surviving-markup.ts';

const LIMIT = 32_767;
const optionsFor = (text_limit: number) => ({ text_limit, cut_note: '… (текст сокращён)', bmp_only: false });
const wikiOf = (text: string) => toWiki(text, optionsFor(LIMIT));

/** Pieces that mean something to the renderer, alone and in mixtures, between ordinary words. */
const pieces = [
  '{code}',
  '{code:java}',
  '{noformat}',
  '{quote}',
  '{panel:title=x}',
  '{color:red}',
  '{html}',
  '{include:x}',
  '[~admin]',
  '[текст|https://e.test]',
  '[https://e.test]',
  '[^файл.txt]',
  '!a.png!',
  '!https://e.test/i.png!',
  '!a.png|thumbnail!',
  'h1. ',
  'h6.',
  'bq. ',
  '* ',
  '# ',
  '## ',
  '- ',
  '-x-',
  '*b*',
  '_i_',
  '+u+',
  '^s^',
  '~s~',
  '??c??',
  '{{m}}',
  '||h||',
  '|a|',
  '----',
  '--',
  ':)',
  ';)',
  '(!)',
  '(x)',
  '(*r)',
  '\\',
  '\\\\',
  '\\{',
  '\\[',
  'C:\\dir\\[x]',
  '\\\\srv\\share',
  'текст',
  'кое-как',
  'a_b',
  '\n',
  ' ',
  '(',
  ')',
  '.',
  ':',
  '@',
  '<b>',
  '&amp;',
  'user@example.test',
  '+7 (495) 123-45-67',
  'https://e.test/a_b?c=d',
  'http://e.test/~user/-/x',
  'mailto:a@e.test',
  'ftp://e.test',
  '!',
  '?',
  '-',
  '_',
  '*',
  '+',
  '#',
  '~',
  '^',
  '|',
  '{',
  '}',
  '[',
  ']',
];
const mixture = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join(''));
const anyText = fc.oneof(mixture, fc.string({ unit: 'binary', maxLength: 60 }));

describe('untrusted text in wiki markup', () => {
  test('no mention, macro, link, image or table survives', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(survivingMarkup(wikiOf(text))).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
  });

  test('without escaping the same texts do carry markup', () => {
    const alive = fc.sample(mixture, 500).filter((text) => survivingMarkup(text).length > 0);

    expect(alive.length).toBeGreaterThan(250);
  });

  test('what was escaped reads as it was written', () => {
    fc.assert(
      fc.property(mixture, (text) => {
        expect(toPlain(wikiOf(text))).toBe(text);
      }),
      { numRuns: 3_000 },
    );
  });

  test.each([
    ['Добрый день! Кабель - обрыв, перезвоните.', 'Добрый день! Кабель - обрыв, перезвоните.'],
    ['из-за user_name и 192.168.0.1, заявка #123', 'из-за user_name и 192.168.0.1, заявка #123'],
    ['см. https://e.test/a_b/~u?x=1, там всё', 'см. https://e.test/a_b/~u?x=1, там всё'],
    ['C:\\temp\\log', 'C:\\temp\\log'],
    ['+7 (495) 123-45-67', '\\+7 (495) 123-45-67'],
    ['[~admin]', '\\[\\~admin\\]'],
    ['{code}', '\\{code\\}'],
    ['- раз', '\\- раз'],
    ['\\\\srv\\share', '\\\u2060\\srv\\share'],
    ['h1. Тема', 'h1\u2060. Тема'],
    ['https://e.test/{code}', 'https:\u2060//e.test/\\{code\\}'],
  ])('%j is written as %j', (text, wiki) => {
    expect(wikiOf(text)).toBe(wiki);
  });

  test('line ends are unified and characters that XML forbids are gone', () => {
    expect(wikiOf('а\r\nб\rв\u0000\u000B\uFFFE\uD800г😀\u2028- д\u0085# е')).toBe('а\nб\nвг😀\n\\- д\n\\# е');
  });
});

describe('text that is too long', () => {
  test('ends with a note, within the limit, outside of escapes and characters', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('{', '\\', '😀', 'я', ' '), { minLength: 200, maxLength: 400 }), (parts) => {
        const wiki = toWiki(parts.join(''), optionsFor(150));

        expect(wiki.length).toBeLessThanOrEqual(150);
        expect(wiki.isWellFormed()).toBe(true);
        expect(wiki).toMatch(/[^\\]\n\n… \(текст сокращён\)$/u);
      }),
    );
  });

  test('stays whole when it fits exactly', () => {
    expect(toWiki('я'.repeat(150), optionsFor(150))).toBe('я'.repeat(150));
  });

  test.each([
    ['letters', 'a'],
    ['brackets', '['],
    ['exclamation marks', '!'],
    ['addresses', 'http://'],
    ['hyphens after spaces', ' - '],
  ])('a megabyte of %s takes no noticeable time', (_, piece) => {
    const startedAt = performance.now();

    wikiOf(piece.repeat(1_000_000 / piece.length));
    toPlain(piece.repeat(LIMIT / piece.length));

    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('wiki markup as plain text', () => {
  test.each([
    ['bold, italic and the like', '*жирный* _курсив_ -нет- +да+ ??цитата?? {{код}}', 'жирный курсив нет да цитата код'],
    ['words with hyphens and underscores', 'из-за user_name_x кое-как', 'из-за user_name_x кое-как'],
    ['a heading', 'h2. Причина\nтекст', 'Причина\nтекст'],
    ['a quote', 'bq. цитата', '> цитата'],
    ['a quote of several lines', '{quote}\nраз\nдва\n{quote}', '> раз\n> два'],
    ['lists', '* раз\n** два\n# три', '- раз\n  - два\n1. три'],
    ['a mention', 'спросить [~orlov]', 'спросить @orlov'],
    ['a link with text', '[журнал|https://e.test/log]', 'журнал (https://e.test/log)'],
    ['a bare link', '[https://e.test/a_b_c]', 'https://e.test/a_b_c'],
    ['a file', 'см. [^журнал.txt] и !экран.png|thumbnail!', 'см. журнал.txt и экран.png'],
    ['exclamations are no images', 'Готово! Проверьте!', 'Готово! Проверьте!'],
    ['code stays as it is', '{code:java}\nint *a* = b[0]; // \\{\n{code}', 'int *a* = b[0]; // \\{'],
    ['colour and panel', '{panel:title=Итог}\n{color:red}важно{color}\n{panel}', 'Итог\nважно\n'],
    ['a table', '||Имя||Знач||\n|a|1|', 'Имя | Знач\na | 1'],
    ['a forced line break', 'раз\\\\два', 'раз\nдва'],
    ['an escaped brace', '\\{code\\} и \\*', '{code} и *'],
  ])('%s', (_, wiki, plain) => {
    expect(toPlain(wiki)).toBe(plain);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toPlain } from '../../../connectors/jira/text/plain.ts';
import { toWiki } from '../../../connectors/jira/text/wiki.ts';
import { growth, NEARLY_LINEAR } from '../../support/growth.ts';
import { mixture } from './markup-mixtures.ts';
import { survivingMarkup } from './surviving-markup.ts';

const LIMIT = 32_767;
const optionsFor = (text_limit: number) => ({ text_limit, cut_note: '… (текст сокращён)', bmp_only: false });
const wikiOf = (text: string) => toWiki(text, optionsFor(LIMIT));

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

describe('logs in a letter', () => {
  const log = '2026-11-23 10:00:00 старт\n2026-11-23 10:00:01 *важно* {code}\n\tat a.b.C.d(C.java:7)';

  test('stand in a block in which nothing is escaped', () => {
    expect(wikiOf(`Вот *журнал*:\n${log}\n\nПочините!`)).toBe(
      `Вот \\*журнал\\*:\n{noformat}\n${log}\n{noformat}\n\nПочините!`,
    );
  });

  test('can neither end their block nor notify anybody', () => {
    const hostile = 'a=1 {noformat} *b*\nb=2 {NoFormat}\nc=3 [~admin] {noformat:x}';

    expect(wikiOf(hostile)).toBe(
      '{noformat}\na=1 {\u2060noformat} *b*\nb=2 {\u2060NoFormat}\nc=3 [\u2060~admin] {\u2060noformat:x}\n{noformat}',
    );
    expect(toPlain(wikiOf(hostile))).toBe(hostile);
  });

  test('are closed where the text is cut, and the note stands outside', () => {
    const wiki = toWiki(`Журнал:\n${'2026-11-23 10:00:00 ошибка \\\n'.repeat(100)}`, optionsFor(500));

    expect(wiki.length).toBeLessThanOrEqual(500);
    expect(wiki).toMatch(/^Журнал:\n\{noformat\}\n2026[^{]+\n\{noformat\}\n\n… \(текст сокращён\)$/u);
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
  ])('a megabyte of %s takes as much longer as there are more of them', (_, piece) => {
    expect(growth((size) => wikiOf(piece.repeat(size / piece.length)), 1_000_000)).toBeLessThan(NEARLY_LINEAR);
    expect(growth((size) => toPlain(piece.repeat(size / piece.length)), LIMIT)).toBeLessThan(NEARLY_LINEAR);
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
    ['nested numbers', '# раз\n## один\n## два\n# два\n\n# снова', '1. раз\n  1. один\n  2. два\n2. два\n\n1. снова'],
    ['bullets within numbers', '# раз\n#* а\n#* б\n# два', '1. раз\n  - а\n  - б\n2. два'],
    ['emphasis within a word', 'за{*}да{*}ча {_}х{_}', 'задача х'],
    ['a smart link', '[https://e.test/x|https://e.test/x|smart-link]', 'https://e.test/x'],
    ['a mail address', '[a@e.test|mailto:a@e.test] [mailto:b@e.test]', 'a@e.test b@e.test'],
    ['a mention by account', '[~accountid:5b10ac]', '@5b10ac'],
    ['a picture with blanks in its name', '!Снимок экрана 2026.png|width=300,height=200!', 'Снимок экрана 2026.png'],
    ['a rule', 'раз\n----\nдва', 'раз\n----\nдва'],
    ['signs', 'готово (/), нет (x), важно (!), f(x) и (y)', 'готово ✓, нет ✗, важно ⚠, f(x) и (y)'],
    ['a blank of the editor', 'раз&nbsp;два', 'раз два'],
    ['a log', 'см.\n{noformat}\n[~a] *b*\n{noformat}\nвсё', 'см.\n[~a] *b*\nвсё'],
    ['coloured and bold at once', '{color:#de350b}*срочно*{color}', 'срочно'],
    ['an escaped brace', '\\{code\\} и \\*', '{code} и *'],
  ])('%s', (_, wiki, plain) => {
    expect(toPlain(wiki)).toBe(plain);
  });
});

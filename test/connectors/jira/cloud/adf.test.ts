import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toAdf } from '../../../../connectors/jira/cloud/adf.ts';
import { fromAdf } from '../../../../connectors/jira/cloud/read-adf.ts';
import { isCut } from '../../../../connectors/jira/text/limits.ts';
import { growth, NEARLY_LINEAR } from '../../../support/growth.ts';

const NOTE = '… (текст сокращён)';
const optionsFor = (text_limit: number) => ({ text_limit, cut_note: NOTE, bmp_only: false });
const adfOf = (text: string) => toAdf(text, optionsFor(32_767));

const paragraph = (...content: unknown[]) => ({ type: 'paragraph', content });
const text = (words: string, ...marks: unknown[]) => ({ type: 'text', text: words, marks });
const link = (href: string) => ({ type: 'link', attrs: { href } });
const documentOf = (...content: unknown[]) => ({ type: 'doc', version: 1, content });

describe('untrusted text as a document', () => {
  test('consists of paragraphs, line breaks and plain text only', () => {
    expect(adfOf('Добрый день!\n[~admin] {code} 😀\n\n@orlov https://e.test')).toEqual({
      type: 'doc',
      version: 1,
      content: [
        {
          type: 'paragraph',
          content: [
            { type: 'text', text: 'Добрый день!' },
            { type: 'hardBreak' },
            { type: 'text', text: '[~admin] {code} 😀' },
          ],
        },
        { type: 'paragraph', content: [{ type: 'text', text: '@orlov https://e.test' }] },
      ],
    });
  });

  test('shows a log in a block of its own', () => {
    const log = '2026-11-23 10:00:00 старт\n2026-11-23 10:00:01 {code}\n\tat a.b.C(C.java:7)';

    expect(adfOf(`Вот журнал:\n${log}\nПочините.`).content).toEqual([
      { type: 'paragraph', content: [{ type: 'text', text: 'Вот журнал:' }] },
      { type: 'codeBlock', content: [{ type: 'text', text: log }] },
      { type: 'paragraph', content: [{ type: 'text', text: 'Почините.' }] },
    ]);
  });

  test('has no node without text, whatever it is made from', () => {
    const anyText = fc
      .array(fc.constantFrom('\n', ' ', 'а', 'k=1\n', '\u0000', '\uD800', '😀', '{"a":1}\n'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(anyText, (from) => {
        expect(JSON.stringify(adfOf(from))).not.toMatch(/"text":""|"type":"codeBlock","content":\[\]/);
      }),
    );
  });

  test('reads as it was written, with one empty line around a log and none at either end', () => {
    const lines = fc.constantFrom('', 'раз', ' два', '[~x]', '2026-11-23 10:00:00 a', '👩‍👩‍👧');
    fc.assert(
      fc.property(fc.array(lines), (parts) => {
        const from = parts.join('\n');
        const bare = (words: string) => words.replace(/\n+/g, '\n').replace(/^\n|\n$/g, '');

        expect(bare(fromAdf(adfOf(from)))).toBe(bare(from));
        expect(from.includes('2026') || fromAdf(adfOf(from)) === from.replace(/^\n+|\n+$/g, '')).toBe(true);
      }),
    );
  });

  test('that is too long ends with the note, within the limit, at a whole character', () => {
    const family = '👩‍👩‍👧';
    const plain = fromAdf(toAdf(`${'я'.repeat(80)}${family.repeat(20)}`, optionsFor(120)));

    expect(plain.length).toBeLessThanOrEqual(120 + '\n\n'.length);
    expect(plain).toMatch(new RegExp(`^я{80}(?:${family})+\\n\\n${NOTE.replace(/[()]/g, '\\$&')}$`, 'u'));
    expect(isCut(plain, optionsFor(120))).toBe(true);
  });

  test('that fits exactly stays whole', () => {
    expect(fromAdf(toAdf('я'.repeat(120), optionsFor(120)))).toBe('я'.repeat(120));
  });

  test('that is cut within a log keeps the log in its block and the note outside', () => {
    const { content } = toAdf('2026-11-23 10:00:00 ошибка\n'.repeat(100), optionsFor(500));

    expect(content.map(({ type }) => type)).toEqual(['codeBlock', 'paragraph']);
    expect(content.at(-1)).toEqual({ type: 'paragraph', content: [{ type: 'text', text: NOTE }] });
  });
});

describe('a document as plain text', () => {
  test.each([
    [
      'a heading and paragraphs',
      [
        { type: 'heading', attrs: { level: 1 }, content: [text('Тема')] },
        paragraph(text('раз'), { type: 'hardBreak' }, text('два')),
      ],
      'Тема\n\nраз\nдва',
    ],
    ['marks', [paragraph(text('жирный', { type: 'strong' }), text(' и нет'))], 'жирный и нет'],
    [
      'a mention, an emoji, a date and a status',
      [
        paragraph(
          { type: 'mention', attrs: { id: '5b', text: '@Иван Орлов' } },
          text(' '),
          { type: 'emoji', attrs: { shortName: ':ok:', text: '👌' } },
          text(' '),
          { type: 'date', attrs: { timestamp: '1764201600000' } },
          text(' '),
          { type: 'status', attrs: { text: 'ГОТОВО' } },
        ),
      ],
      '@Иван Орлов 👌 2025-11-27 ГОТОВО',
    ],
    ['a mention without a name', [paragraph({ type: 'mention', attrs: { id: '5b' } })], '@5b'],
    [
      'a link of several nodes',
      [
        paragraph(
          text('см. '),
          text('жур', link('https://e.test/l'), { type: 'strong' }),
          text('нал', link('https://e.test/l')),
          text('.'),
        ),
      ],
      'см. журнал (https://e.test/l).',
    ],
    [
      'a bare link and a mail address',
      [paragraph(text('https://e.test', link('https://e.test')), text(' '), text('a@e.test', link('mailto:a@e.test')))],
      'https://e.test a@e.test',
    ],
    ['a smart link', [paragraph({ type: 'inlineCard', attrs: { url: 'https://e.test/x' } })], 'https://e.test/x'],
    ['code', [{ type: 'codeBlock', attrs: { language: 'java' }, content: [text('int *a*;\n  b')] }], 'int *a*;\n  b'],
    [
      'a panel and a quotation',
      [
        { type: 'panel', content: [paragraph(text('важно'))] },
        { type: 'blockquote', content: [paragraph(text('раз')), paragraph(text('два'))] },
      ],
      'важно\n\n> раз\n>\n> два',
    ],
    ['an expand', [{ type: 'expand', attrs: { title: 'Ещё' }, content: [paragraph(text('скрыто'))] }], 'Ещё\nскрыто'],
    [
      'a picture',
      [{ type: 'mediaSingle', content: [{ type: 'media', attrs: { id: '1', type: 'file', alt: 'экран.png' } }] }],
      'экран.png',
    ],
    [
      'several files',
      [
        {
          type: 'mediaGroup',
          content: [
            { type: 'media', attrs: { alt: 'а.log' } },
            { type: 'media', attrs: { alt: 'б.log' } },
          ],
        },
      ],
      'а.log\nб.log',
    ],
    [
      'tasks',
      [
        {
          type: 'taskList',
          content: [
            { type: 'taskItem', attrs: { state: 'DONE' }, content: [text('раз')] },
            { type: 'taskItem', attrs: { state: 'TODO' }, content: [text('два')] },
          ],
        },
      ],
      '[x] раз\n[ ] два',
    ],
    [
      'what is unknown',
      [
        { type: 'wonder', content: [paragraph(text('внутри'))] },
        { type: 'marvel', attrs: { text: 'слово' } },
      ],
      'внутри\n\nслово',
    ],
  ])('%s', (_, content, plain) => {
    expect(fromAdf(documentOf(...content))).toBe(plain);
  });

  test('lists, numbered from where they begin, one within the other', () => {
    const item = (...content: unknown[]) => ({ type: 'listItem', content });
    const numbers = {
      type: 'orderedList',
      attrs: { order: 3 },
      content: [item(paragraph(text('три'))), item(paragraph(text('четыре')))],
    };

    expect(
      fromAdf(
        documentOf({
          type: 'bulletList',
          content: [item(paragraph(text('раз'))), item(paragraph(text('два')), numbers)],
        }),
      ),
    ).toBe('- раз\n- два\n  3. три\n  4. четыре');
  });

  test('a table, row by row', () => {
    const cell = (type: string, ...words: string[]) => ({ type, content: words.map((word) => paragraph(text(word))) });
    const row = (...content: unknown[]) => ({ type: 'tableRow', content });

    expect(
      fromAdf(
        documentOf({
          type: 'table',
          content: [
            row(cell('tableHeader', 'Узел'), cell('tableHeader', 'Итог')),
            row(cell('tableCell', 'а'), cell('tableCell', 'раз', 'два')),
          ],
        }),
      ),
    ).toBe('Узел | Итог\nа | раз два');
  });

  test.each([
    [undefined],
    [null],
    [5],
    [[]],
    [{}],
    [{ content: 5 }],
    [{ content: [null, 5, 'x', [], {}] }],
    [{ content: [{ type: 'text', text: 7, marks: [null] }] }],
    [{ content: [{ type: 'toString' }, { type: '__proto__', content: [{}] }] }],
  ])('nothing can be read from %j, and nothing breaks', (nonsense) => {
    expect(fromAdf(nonsense).trim()).toBe('');
  });

  test('a plain string is taken as it is', () => {
    expect(fromAdf('раз\r\nдва')).toBe('раз\nдва');
  });

  test('any JSON is read without an error', () => {
    const type = fc.constantFrom(
      'doc',
      'text',
      'paragraph',
      'bulletList',
      'listItem',
      'table',
      'tableRow',
      'mention',
      'date',
      'x',
      5,
    );
    const { node } = fc.letrec((tie) => ({
      node: fc.record({
        type,
        text: fc.anything(),
        attrs: fc.anything(),
        marks: fc.anything(),
        content: fc.oneof({ depthSize: 'small' }, fc.anything(), fc.array(tie('node'))),
      }),
    }));
    fc.assert(fc.property(fc.oneof(node, fc.anything()), (document) => typeof fromAdf(document) === 'string'));
  });

  test.each(['listItem', 'bulletList', 'blockquote', 'table', 'paragraph', 'x'])(
    'a hundred thousand levels of %s end early',
    (type) => {
      let document: unknown = paragraph(text('дно'));
      for (let level = 0; level < 100_000; level++) {
        document = { type, content: [document] };
      }

      expect(fromAdf(document)).toContain('…');
    },
  );

  test.each([
    [
      'blanks in a cell',
      (size: number) =>
        fromAdf(documentOf({ type: 'tableRow', content: [{ content: [text(`а${' '.repeat(size)}б`)] }] })),
    ],
    [
      'links',
      (size: number) =>
        fromAdf(documentOf(...Array.from({ length: size / 20 }, () => paragraph(text('а', link('б')))))),
    ],
    ['empty lines on the way there', (size: number) => toAdf(`а${'\n'.repeat(size)}б`, optionsFor(1_000_000))],
  ])('many %s take as much longer as there are more of them', (_, work) => {
    expect(growth(work, 400_000)).toBeLessThan(NEARLY_LINEAR);
  });

  const nestedBreaks = (count: number) => {
    let document: unknown = { type: 'codeBlock', content: [text('\n'.repeat(count))] };
    for (let level = 0; level < 10; level++) {
      document = {
        type: 'blockquote',
        content: [{ type: 'bulletList', content: [{ type: 'listItem', content: [document] }] }],
      };
    }
    return fromAdf(documentOf(document));
  };

  test('line breaks in nested lists and quotations take as much longer and larger as there are more of them', () => {
    expect(nestedBreaks(200_000).length).toBeLessThan(4_000_000);
    expect(growth(nestedBreaks, 200_000)).toBeLessThan(NEARLY_LINEAR);
  });
});

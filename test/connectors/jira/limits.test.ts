import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cloud } from '../../../connectors/jira/cloud/dialect.ts';
import { dataCenter } from '../../../connectors/jira/datacenter/dialect.ts';
import { writeFields } from '../../../connectors/jira/fields.ts';
import { fieldKinds, jiraOptions } from '../../../connectors/jira/options.ts';
import { cutAt, cutText, isCut, labelOf, storableText, summaryOf } from '../../../connectors/jira/text/limits.ts';

const all = { bmp_only: false };
const narrow = { bmp_only: true };
const options = jiraOptions.parse({
  base_url: 'https://jira.example.test',
  token: 't',
  account: 'svc',
  projects: ['A'],
  text_limit: 1_000,
});

describe('a summary', () => {
  test.each([
    ['раз\r\nдва\u2028три\u0085четыре', 'раз два три четыре'],
    ['  много \t пробелов\u00A0', 'много пробелов'],
    ['\u0000\n', '(без темы)'],
    ['я'.repeat(300), 'я'.repeat(254)],
    [`${'я'.repeat(253)}😀`, 'я'.repeat(253)],
    [`${'я'.repeat(253)}и\u0306`, 'я'.repeat(253)],
    [`${'я'.repeat(250)}👩‍👩‍👧`, 'я'.repeat(250)],
    [`${'я'.repeat(252)}😀`, `${'я'.repeat(252)}😀`],
  ])('of %j is %j', (title, summary) => {
    expect(summaryOf(title, all)).toBe(summary);
  });

  test('is one well-formed line of at most 254 units, whatever the title', () => {
    const title = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n', '😀', 'е\u0308', '\u200D')), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(title, (parts) => {
        const summary = summaryOf(parts.join(''), all);

        expect(summary.length).toBeLessThanOrEqual(254);
        expect(summary.isWellFormed()).toBe(true);
        expect(summary).not.toMatch(/[\n\r\u0085\u2028\u2029]|^\s|\s$/u);
      }),
    );
  });
});

describe('a text that is cut', () => {
  test('ends at a whole character, be it of ever so many units', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('я', '😀', 'е\u0308', '👩‍👩‍👧', '🇷🇺')), fc.nat(60), (parts, length) => {
        const whole = ['', ...parts.keys().map((index) => parts.slice(0, index + 1).join(''))];

        expect(whole).toContain(cutAt(parts.join(''), length));
      }),
    );
  });

  test('of nothing but combining characters is cut all the same', () => {
    expect(cutAt(`е${'\u0308'.repeat(1_000)}`, 500)).toHaveLength(500);
  });

  test('is known again by the note, with blanks after it or none', () => {
    const cut = cutText('я'.repeat(2_000), options);

    expect(cut).toHaveLength(1_000);
    expect(isCut(cut, options)).toBe(true);
    expect(isCut(`${cut}\n \n`, options)).toBe(true);
    expect(isCut('я'.repeat(1_000), options)).toBe(false);
    expect(isCut(`${cut} и ещё`, options)).toBe(false);
  });

  test('is known again after its way through JIRA in either dialect', () => {
    for (const { writeText, readText } of [dataCenter, cloud]) {
      for (const piece of ['слово *и* ', '\\', '2026-11-23 10:00:00 x\n', '😀']) {
        expect(isCut(readText(writeText(piece.repeat(1_001), options)), options)).toBe(true);
        expect(isCut(readText(writeText(piece.repeat(5), options)), options)).toBe(false);
      }
    }
  });
});

describe('a database that knows the first plane only', () => {
  test.each([
    ['Готово 👍🏽, спасибо 🙂😉', 'Готово +1, спасибо :);)'],
    ['семья 👩‍👩‍👧 и 🚀🚀', 'семья \uFFFD и \uFFFD\uFFFD'],
    ['сердце ❤️ и ёлка', 'сердце ❤️ и ёлка'],
  ])('gets %j as %j', (text, stored) => {
    expect(storableText(text, narrow)).toBe(stored);
  });

  test('gets no other character in any field, summary, label, description or comment', () => {
    const text = 'заявка 🚀 👍 𝒳';
    const beyond = /[\u{10000}-\u{10FFFF}]/u;
    const bmpOnly = { ...options, bmp_only: true };
    const written = [dataCenter, cloud].flatMap((dialect) => [
      dialect.writeText(text, bmpOnly),
      ...fieldKinds
        .filter((kind) => !['date', 'moment', 'user'].includes(kind))
        .map((kind) =>
          writeFields(
            { x: text },
            { ...bmpOnly, fields: { x: 'customfield_1' }, field_kinds: { customfield_1: kind } },
            dialect,
          ),
        ),
    ]);

    expect(JSON.stringify([written, summaryOf(text, narrow), labelOf(text, narrow)])).not.toMatch(beyond);
    expect(JSON.stringify(dataCenter.writeText(text, options))).toMatch(beyond);
  });

  test('gets substitutes that are no emoticons', () => {
    expect(dataCenter.writeText('🙂 😉 👍', { ...options, bmp_only: true })).toBe(':\u2060) ;\u2060) \\+1');
  });

  test('never gets a longer text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(storableText(text, narrow).length).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

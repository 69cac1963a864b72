import { describe, expect, test } from '@jest/globals';
import { cloud } from '../../../connectors/jira/cloud/dialect.ts';
import { dataCenter } from '../../../connectors/jira/datacenter/dialect.ts';
import { readFields, writeFields } from '../../../connectors/jira/fields.ts';
import { type FieldKind, fieldKinds } from '../../../connectors/jira/options.ts';

const optionsFor = (kind: FieldKind) => ({
  fields: { value: 'customfield_1' },
  field_kinds: { customfield_1: kind },
  text_limit: 1_000,
  cut_note: '… (текст сокращён)',
  bmp_only: false,
});

const write = (kind: FieldKind, value: string | readonly string[]) =>
  writeFields({ value }, optionsFor(kind), dataCenter).customfield_1;

describe('a field of an issue', () => {
  test.each<[FieldKind, string | readonly string[], unknown]>([
    ['wiki', 'раз\n{два}', 'раз\n\\{два\\}'],
    ['text', 'раз\n{два}', 'раз\n{два}'],
    ['line', 'раз\n{два}', 'раз {два}'],
    ['option', '3ЛТП', { value: '3ЛТП' }],
    ['options', ['а', 'б'], [{ value: 'а' }, { value: 'б' }]],
    ['named', 'Высокий', { name: 'Высокий' }],
    ['names', 'БД', [{ name: 'БД' }]],
    ['user', 'developer.3l', { name: 'developer.3l' }],
    ['strings', ['МРФ Волга'], ['МРФ_Волга']],
  ])('of kind %s is written from %j as %j', (kind, value, wire) => {
    expect(write(kind, value)).toEqual(wire);
  });

  test.each<[FieldKind, unknown]>([
    ['wiki', null],
    ['text', null],
    ['line', null],
    ['option', null],
    ['options', []],
    ['named', null],
    ['names', []],
    ['user', null],
    ['strings', []],
  ])('of kind %s is cleared with %j', (kind, cleared) => {
    expect(write(kind, '')).toEqual(cleared);
    expect(write(kind, [])).toEqual(cleared);
  });

  test.each([dataCenter, cloud])('is read from $title as it was written, whatever its kind', (dialect) => {
    for (const kind of fieldKinds) {
      const wire = writeFields({ value: 'Значение' }, optionsFor(kind), dialect);

      expect(readFields(wire, optionsFor(kind), dialect)).toEqual({ value: 'Значение' });
    }
  });

  test('that is rendered is a document in JIRA Cloud, and a user an account id', () => {
    expect(writeFields({ value: 'раз {два}' }, optionsFor('wiki'), cloud).customfield_1).toMatchObject({
      type: 'doc',
      content: [{ type: 'paragraph', content: [{ type: 'text', text: 'раз {два}' }] }],
    });
    expect(writeFields({ value: '5b10a2' }, optionsFor('user'), cloud).customfield_1).toEqual({ accountId: '5b10a2' });
  });

  test('that is empty in any way is left out', () => {
    for (const empty of [null, undefined, '', '  ', [], [null], {}]) {
      expect(readFields({ customfield_1: empty }, optionsFor('text'), dataCenter)).toEqual({});
    }
  });

  test('that is too long is cut with a note', () => {
    expect(write('text', 'я'.repeat(2_000))).toMatch(/^я+\n\n… \(текст сокращён/u);
    expect(String(write('text', 'я'.repeat(2_000)))).toHaveLength(1_000);
  });

  test.each(['unknown', '__proto__', 'toString'])('that nobody mapped (%s) is refused and named', (name) => {
    expect(() => writeFields(Object.fromEntries([[name, 'x']]), optionsFor('text'), dataCenter)).toThrow(
      expect.objectContaining({ code: 'REFUSED', message: expect.stringContaining(`«${name}»`) }),
    );
  });
});

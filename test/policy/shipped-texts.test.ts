import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

const folder = 'mappings';

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    return [value];
  }
  return value instanceof Object ? Object.values(value).flatMap(textsIn) : [];
}

test.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))(
  'texts of %s break their lines between sentences: people read them in letters and comments as they stand',
  (name) => {
    const texts = textsIn(parse(readFileSync(`${folder}/${name}`, 'utf8')));

    expect(texts.flatMap((text) => text.match(/.*[^.:;!?\n}]\n[ \t]*\p{Ll}.*/gu) ?? [])).toEqual([]);
  },
);

import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';

const mappings = globSync('mappings/**/*.yaml').toSorted();

describe.each(mappings)('%s', (file) => {
  const text = readFileSync(file, 'utf8');
  const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];

  test('says in its first line by which schema editors check it, and fits that schema', () => {
    const place = join(dirname(file), schema);
    const validate = new Ajv({ allErrors: true, validateFormats: false, allowUnionTypes: true }).compile(
      JSON.parse(readFileSync(place, 'utf8')),
    );
    validate(parse(text));

    expect(place).toMatch(/^docs\/schemas\/[a-z-]+\.json$/);
    expect(validate.errors).toBeNull();
  });
});

test('the mappings of the project are found', () => {
  expect(mappings.length).toBeGreaterThan(10);
});

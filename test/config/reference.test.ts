import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { z } from 'zod';
import { jsonSchemaOf } from '../../src/config/json-schema.ts';
import { referencePage } from '../../src/config/reference.ts';

const schema = z.strictObject({
  door: z
    .strictObject({
      port: z.number().int().min(1).max(65_535).default(80).describe('Port | to listen on.'),
      secret: z.string().min(8).meta({ description: 'What proves it.', secret: true }),
      hosts: z.array(z.string()).optional().describe('Names.'),
    })
    .describe('The way in.'),
  memory: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('file').describe('One file.'), path: z.string().describe('Where.') }),
    z.strictObject({ kind: z.literal('none').describe('Nothing is kept.') }),
  ]),
  level: z.enum(['info', 'debug']).default('info').describe('How much to say.'),
});

test('the reference shows path, type, default and meaning of every option', () => {
  const page = referencePage(schema, '# Options');

  expect(page.split('\n')).toEqual([
    '# Options',
    '',
    '## door',
    '',
    'The way in.',
    '',
    '| Option | Type | Default | Meaning |',
    '| --- | --- | --- | --- |',
    '| `door.port` | a whole number, at least 1, at most 65535 | `80` | Port \\| to listen on. |',
    '| `door.secret` | text | *required* | What proves it. **Secret.** |',
    '| `door.hosts` | a list of text | none | Names. |',
    '',
    '## memory',
    '',
    '| Option | Type | Default | Meaning |',
    '| --- | --- | --- | --- |',
    '| `memory.kind` | `file` | *required* | One file. |',
    '| `memory.path` | text | *required* | With `kind: file`. Where. |',
    '| `memory.kind` | `none` | *required* | Nothing is kept. |',
    '',
    '## Top level',
    '',
    '| Option | Type | Default | Meaning |',
    '| --- | --- | --- | --- |',
    '| `level` | one of `info`, `debug` | `info` | How much to say. |',
    '',
  ]);
});

describe('the schema for editors', () => {
  const validate = new Ajv({ allowUnionTypes: true }).compile(jsonSchemaOf(schema, 'Options', 'configuration'));
  const memory = { kind: 'none' };

  test.each([
    ['plain values', { door: { port: 81, secret: '12345678' }, memory }],
    ['a secret in a file', { door: { secret_file: 'secret' }, memory }],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder of the configuration.
    ['variables', { door: { port: '${PORT}', secret: '${SECRET}' }, memory, level: '${LEVEL:-info}' }],
  ])('takes %s', (_what, data) => {
    expect(validate(data)).toBe(true);
  });

  test.each([
    ['an unknown key', { door: { secret: '12345678', prot: 1 }, memory }],
    ['a wrong type', { door: { port: 'eighty', secret: '12345678' }, memory }],
    ['a wrong choice', { door: { secret: '12345678' }, memory, level: 'loud' }],
    ['a missing section', { memory }],
  ])('refuses %s', (_what, data) => {
    expect(validate(data)).toBe(false);
  });
});

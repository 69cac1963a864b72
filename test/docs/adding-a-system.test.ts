import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { blockOf } from '../support/adjacent-set-up.ts';
import { policyWith } from '../support/changed-mappings.ts';

const page = readFileSync('docs/adding-a-system.md', 'utf8');
const pieces = Array.from(
  page.matchAll(/```ts\n\/\/ (\S+)\n(.*?)```/gs),
  ([, file = '', code = '']) => [file, code] as const,
);

describe('the page about adding an adjacent system', () => {
  test.each(pieces)('quotes %s as it is', (file, code) => {
    expect(readFileSync(file, 'utf8')).toContain(code);
  });

  test('quotes something', () => {
    expect(pieces.length).toBeGreaterThan(5);
  });

  test('has a row for one more ticket queue of OTRS that is sound', async () => {
    const row = await blockOf('mappings/related-systems.yaml: one more system');
    const { related } = await policyWith({
      file: 'related-systems.yaml',
      from: /^systems:\n/m,
      to: `systems:\n${row}`,
    });

    expect(related.systems[0]).toMatchObject({ key: 'billing', system: 'otrs' });
  });
});

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readBenchOptions } from '../../scripts/throughput/options.ts';

const scripts = join(import.meta.dirname, '..', '..', 'scripts');

describe('the bench', () => {
  test.each(['bench.ts', 'bench-throughput.ts'])(
    '%s refuses a word for a number before it measures anything',
    (name) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(scripts, name), '--rounds', 'many'], {
        encoding: 'utf8',
        timeout: 60_000,
      });

      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toBe(
        '--rounds says how often each program carries: «many» is no whole number from 1 to 999. Give one, as in --rounds 3, or leave it out.\n',
      );
    },
  );

  test.each(['0', '-1', '1.5', '1e3', '', ' ', '3 rounds', '1000'])(
    'takes --rounds=«%s» for no number of rounds',
    (rounds) => {
      expect(() => readBenchOptions([`--rounds=${rounds}`])).toThrow(`«${rounds}» is no whole number`);
    },
  );

  test('says of a word that it does not know which words it knows', () => {
    expect(() => readBenchOptions(['--round', '3'])).toThrow(
      "Unknown option '--round'. It knows --quick, --rounds N, --peers and --write.",
    );
  });

  test.each([
    [[], { rounds: 3, isQuick: false }],
    [['--quick'], { rounds: 1, isQuick: true }],
    [['--quick', '--rounds', '12'], { rounds: 12, isQuick: true }],
    [['--peers', '--write'], { rounds: 3, withPeers: true, isWritten: true }],
  ])('reads %j', (words, options) => {
    expect(readBenchOptions(words)).toMatchObject(options);
  });
});

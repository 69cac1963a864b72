import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runCommand } from '../../src/cli/commands.ts';
import { createAnswerer } from '../../src/cli/deadlines.ts';
import { parseInstant, showInstant } from '../../src/cli/instant.ts';
import { createLineSplitter } from '../../src/cli/split-lines.ts';
import { shipped } from '../support/table-4.ts';

const unused = () => Promise.reject(new Error('not this command'));
const answer = createAnswerer(shipped, false);
const at = '2026-11-24T10:00+03:00';

async function run(words: readonly string[], pieces: readonly string[] = []) {
  const said = { out: '', error: '' };
  const exitCode = await runCommand(['deadlines', ...words], {
    version: '1.2.3',
    deeds: {
      serve: unused,
      check: unused,
      checkOffline: unused,
      migrate: unused,
      setUpBroker: unused,
      letters: () => Promise.reject(new Error('no command here needs it')),
      explain: unused,
      story: unused,
      backup: unused,
      restore: unused,
      otrsGuide: unused,
      writeOtrsWebService: unused,
      sla: async () => shipped,
      rules: unused,
      snapshots: async function* () {},
    },
    streams: {
      input: async function* () {
        yield* pieces;
      },
      drained: async () => undefined,
      out: (text) => {
        said.out += text;
      },
      error: (text) => {
        said.error += text;
      },
    },
    signal: new AbortController().signal,
    login: 'petrova.2l',
    editor: undefined,
  });
  return { exitCode, ...said };
}

describe('bridge deadlines for one case', () => {
  test('writes a table', async () => {
    const { exitCode, out } = await run(['--priority', '3', '--registered', at]);

    expect(exitCode).toBe(0);
    expect(out).toContain('diagnosis               Wed 2026-11-25 10:00:00 +03:00  1 working day    R21');
  });

  test('says what an open pause and a provisional year do to a deadline', async () => {
    const open = ['--pause', '2026-11-24T12:00+03:00/', '--now', '2026-11-24T14:00+03:00'];
    const { out } = await run(['--priority', '4', '--registered', '2026-12-01T15:00+03:00']);

    expect((await run(['--priority', '3', '--registered', at, ...open])).out).toContain('(if resumed now)');
    expect(out).toContain('(provisional: days off of 2027 are not decreed)');
  });

  test('writes JSON, with every segment if it is asked to', async () => {
    const { out } = await run(['--priority', '1', '--registered', at, '--json', '--details']);

    expect(JSON.parse(out)).toMatchObject({
      reaction: '2026-11-24T10:30:00.000+03:00',
      details: { reaction: { clause: 'R19', segments: [{ counted: true, because: 'round the clock' }] } },
    });
  });

  test.each([
    [['--registered', at], 'priority is missing'],
    [['--priority', '3'], 'registered is missing'],
    [['--priority', '3', '--registered', '2026-11-24T10:00'], 'has no offset from UTC'],
    [['--priority', '3', '--registered', at, '--pause', at], 'pauses[0] has no end'],
  ])('%j is refused', async (words, reason) => {
    const { exitCode, error } = await run(words);

    expect(exitCode).toBe(1);
    expect(error).toContain(reason);
  });
});

describe('bridge deadlines --stdin', () => {
  test('answers each line on a line of its own, and a bad one does not stop the rest', async () => {
    const good = JSON.stringify({ priority: 2, registered: at });
    const text = `${good}\r\n{"priority":7}\n\n${good.replace('{', '{"id":"последний",')}`;
    const { exitCode, out } = await run(['--stdin'], [text.slice(0, 11), text.slice(11, 60), text.slice(60)]);
    const answers = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

    expect(exitCode).toBe(0);
    expect(answers).toEqual([
      expect.objectContaining({ reaction: '2026-11-24T10:30:00.000+03:00' }),
      { error: expect.stringContaining('priority must be one of') },
      { error: 'the line is empty' },
      expect.objectContaining({ id: 'последний', resolution: '2026-11-24T15:30:00.000+03:00' }),
    ]);
  });

  test('answers the worked examples, marking the month that ends in a provisional year', async () => {
    const examples: { id: string; given: object; expected: Record<string, string> }[] = JSON.parse(
      await readFile('test/regulation/fixtures/table-4.json', 'utf8'),
    );
    const answers = examples.map(({ given }) => JSON.parse(answer({ text: JSON.stringify(given) })));

    examples.forEach(({ id, expected }, index) => {
      const full = Object.entries(expected).map(([name, due]) => [name, due.replace('+', ':00.000+')]);
      const mark = id === 'E19' ? { provisional: ['resolution'] } : {};
      expect(answers[index]).toEqual({ ...Object.fromEntries(full), ...mark });
    });
  });

  test.each([
    ['not JSON', 'nope', 'the line is no JSON'],
    ['a list', '[1]', 'the case must be an object'],
    ['a misspelt key', `{"priority":1,"registered":"${at}","pause":[]}`, 'unknown key «pause»'],
    ['a date that does not exist', '{"priority":1,"registered":"2026-02-30T10:00Z"}', 'does not exist'],
    [
      'T0 before the registration',
      `{"priority":1,"registered":"${at}","complete":"2026-11-23T10:00Z"}`,
      'complete lies before registered',
    ],
    [
      'a pause that ends first',
      `{"priority":1,"registered":"${at}","pauses":[{"from":"${at}","to":"2026-11-23T10:00Z"}]}`,
      'ends before it begins',
    ],
    [
      'a year without a calendar',
      '{"priority":4,"registered":"2027-12-10T10:00Z"}',
      'no calendar covers 2028, on which resolution would rest: add calendars/ru-2028.yaml',
    ],
    ['a number for a moment', '{"priority":1,"registered":5}', 'registered must be text'],
  ])('%s is answered by its error', (_, text, reason) => {
    expect(JSON.parse(answer({ text })).error).toContain(reason);
  });

  test('nothing that can stand on a line stops it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(JSON.parse(answer({ text }))).toHaveProperty('error');
      }),
    );
  });

  test('a case whose information is not complete has a deadline for the reaction only', () => {
    expect(JSON.parse(answer({ text: `{"priority":1,"registered":"${at}","complete":null}` }))).toEqual({
      reaction: '2026-11-24T10:30:00.000+03:00',
    });
  });
});

describe('lines', () => {
  test('come out the same however the text was cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', 'ё', '\n') })), (pieces) => {
        const splitter = createLineSplitter(1_000);
        const lines = [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
        const whole = pieces.join('').split('\n');
        const expected = whole.at(-1) === '' ? whole.slice(0, -1) : whole;

        expect(lines).toEqual(expected.map((text) => ({ text })));
      }),
    );
  });

  test('that are too long are left out without being kept', () => {
    const splitter = createLineSplitter(5);

    expect([
      ...splitter.push('abc'),
      ...splitter.push('defg'),
      ...splitter.push('hi\nok\n'),
      ...splitter.end(),
    ]).toEqual([{ tooLong: true }, { text: 'ok' }]);
  });
});

describe('moments', () => {
  test.each([
    ['2026-11-24T10:00+03:00', '2026-11-24T07:00:00.000Z'],
    ['2026-11-24T10:00:05.1234567Z', '2026-11-24T10:00:05.123Z'],
    ['2026-11-24T10:00-0330', '2026-11-24T13:30:00.000Z'],
    ['2028-02-29T00:00+14', '2028-02-28T10:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(parseInstant(text, 'it')).toISOString()).toBe(expected);
  });

  test.each([
    '2026-02-29T10:00Z',
    '2026-13-01T10:00Z',
    '2026-00-10T10:00Z',
    '2026-01-00T10:00Z',
    '2026-01-01T24:00Z',
    '2026-01-01T10:60Z',
    '2026-01-01T10:00+15:00',
    '1969-01-01T10:00Z',
    '2026-01-01',
    '2026-01-01T10:00',
    '',
  ])('«%s» is none', (text) => {
    expect(() => parseInstant(text, 'it')).toThrow('it «');
  });

  test('what is shown is read again as the same moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e8, max: 7e12 }), fc.integer({ min: -840, max: 840 }), (moment, minutes) => {
        expect(parseInstant(showInstant(moment, minutes * 60_000), 'it')).toBe(moment);
      }),
    );
  });
});

import { open } from 'node:fs/promises';
import { BridgeError } from '../../errors.ts';
import type { LetterOffice } from '../../flow/letters/office.ts';
import type { DeadLetter, DeadLetterState, LetterFilter } from '../../store/store.ts';
import type { CommandContext, ExitCode } from '../commands.ts';
import { onOneLine } from '../words.ts';
import { type FilterOptions, filterOf } from './filter.ts';
import { helpOf, standingOf } from './words.ts';

export interface ExportOptions extends FilterOptions {
  readonly config: string;
  readonly state: DeadLetterState | 'all';
  readonly csv?: boolean;
  readonly file?: string;
}

const PAGE = 500;

/** Writes letters for programs, or for people with a spreadsheet. */
export const exportLetters = {
  name: 'export',
  description:
    'Write all letters of a filter, one JSON object a line, or with --csv as a table for people. They hold texts of tickets: a file is for its owner alone.',
  examples: [
    'bridge dead-letters export --state all --file letters.jsonl',
    'bridge dead-letters export --fingerprint 0a1b2c3d4e5f --csv > letters.csv',
  ],
  run: (options: ExportOptions, { deeds, streams }: CommandContext): Promise<ExitCode> =>
    deeds.letters<ExitCode>(options.config, 'look', async (office) => {
      const { state, csv, file } = options;
      const lines = written(filterOf(options, state), csv === true, office);
      if (file === undefined) {
        for await (const line of lines) {
          streams.out(line);
          await streams.drained();
        }
        return 0;
      }

      const target = await open(file, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
        const why = cause.code === 'EEXIST' ? 'it is there already' : cause.code;
        throw new BridgeError('FILE_UNUSABLE', `${file} cannot be written: ${why}`, { cause });
      });
      try {
        for await (const line of lines) {
          await target.write(line);
        }
        await target.sync();
      } finally {
        await target.close();
      }
      return 0;
    }),
};

const COLUMNS = [
  'failed',
  'first',
  'times',
  'code',
  'system',
  'ticket',
  'action',
  'message',
  'standing',
  'help',
  'group',
  'letter',
];

async function* written(filter: LetterFilter, isTable: boolean, { store }: LetterOffice): AsyncGenerator<string> {
  if (isTable) {
    // The mark tells a spreadsheet that the text is UTF-8.
    yield `\uFEFF${COLUMNS.join(',')}\r\n`;
  }
  let after: DeadLetter | undefined;
  do {
    const page = await store.deadLetters({ ...filter, limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const letter of page) {
      yield isTable ? rowOf(letter) : `${JSON.stringify(letter)}\n`;
    }
    after = page.at(-1);
  } while (after !== undefined);
}

function rowOf(letter: DeadLetter): string {
  const { at, firstAt, times, code, system, ticket, action, message, fingerprint, id } = letter;
  const cells = [
    at.toISO(),
    firstAt.toISO(),
    times,
    code,
    system,
    ticket?.key ?? ticket?.id,
    action?.key,
    onOneLine(message),
    standingOf(letter),
    helpOf(code),
    fingerprint,
    id,
  ];
  return `${cells.map((cell) => cellOf(String(cell ?? ''))).join(',')}\r\n`;
}

/** A text that begins like a formula is none: spreadsheets would carry it out. */
function cellOf(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

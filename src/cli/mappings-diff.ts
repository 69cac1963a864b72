import { createReadStream } from 'node:fs';
import { DateTime } from 'luxon';
import { BridgeError, toBridgeError } from '../errors.ts';
import { type ChangeGroup, type Comparison, createComparer } from '../replay/compare.ts';
import { parseSeenFacts } from '../replay/facts-file.ts';
import type { CommandContext, ExitCode } from './commands.ts';
import { parseInstant } from './instant.ts';
import { createLineSplitter, type Line } from './split-lines.ts';

export interface MappingsDiffOptions {
  readonly config: string;
  readonly other: string;
  readonly mappings?: string;
  readonly file?: string;
  readonly at?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** Facts in one piece of text, and what to call it when they cannot be read. */
interface Piece {
  readonly where: string;
  readonly text: string;
  readonly at?: DateTime;
}

interface BadPiece {
  readonly where: string;
  readonly error: string;
}

const LONGEST_LINE = 20_000_000;

/** Shows what a change of the rules would change, ticket by ticket (R29). */
export const mappingsDiff = {
  name: 'diff',
  description:
    'Decide stored tickets by the rules in force and by those of another folder, and list what differs. Needs neither OTRS nor JIRA.',
  examples: [
    'bridge mappings diff /etc/bridge/mappings.next',
    'bridge mappings diff mappings.next --file tickets.ndjson --mappings mappings --json',
  ],
  run: async (options: MappingsDiffOptions, context: CommandContext): Promise<ExitCode> => {
    const { config, mappings, other, file, at, limit, json } = options;
    const moment = at === undefined ? undefined : DateTime.fromMillis(parseInstant(at, '--at'), { zone: 'utc' });
    const { policy: before } = await context.deeds.rules(config, mappings);
    const { policy: after } = await context.deeds.rules(config, other);
    const comparer = createComparer(before, after, limit);
    const bad: BadPiece[] = [];

    for await (const { where, text, at: seenAt } of file === undefined ? stored(config, context) : linesOf(file)) {
      try {
        const seen = parseSeenFacts(parse(text), where);
        comparer.add(seen.facts, moment ?? seenAt ?? seen.at ?? seen.facts.ticket.changedAt);
      } catch (thrown) {
        bad.push({ where, error: toBridgeError(thrown).message });
      }
    }

    const comparison = comparer.result();
    const versions = { before: before.version, after: after.version };
    context.streams.out(
      json === true
        ? `${JSON.stringify({ rules: versions, ...comparison, bad }, null, 2)}\n`
        : toText(comparison, bad, versions),
    );
    return bad.length === 0 ? 0 : 1;
  },
};

async function* stored(config: string, { deeds }: CommandContext): AsyncGenerator<Piece> {
  for await (const { ticket, at, facts } of deeds.snapshots(config)) {
    yield { where: `ticket ${ticket.key ?? ticket.id}`, text: facts, at };
  }
}

async function* linesOf(file: string): AsyncGenerator<Piece> {
  const splitter = createLineSplitter(LONGEST_LINE);
  let number = 0;
  const pieces = (lines: readonly Line[]) =>
    lines.flatMap((line) => {
      number += 1;
      const where = `${file}:${number}`;
      return 'tooLong' in line
        ? [{ where, text: '' }]
        : line.text.trim() === ''
          ? []
          : [{ where, text: line.text.replace(/^\uFEFF/, '') }];
    });
  try {
    for await (const chunk of createReadStream(file, 'utf8')) {
      yield* pieces(splitter.push(String(chunk)));
    }
    yield* pieces(splitter.end());
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw new BridgeError('FILE_UNUSABLE', `${file} cannot be read (${code})`, { cause: thrown });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const what = text === '' ? `the line is longer than ${LONGEST_LINE} characters` : 'this is no JSON';
    throw new BridgeError('SNAPSHOT_INVALID', what, { cause });
  }
}

function toText(
  { compared, changed, groups }: Comparison,
  bad: readonly BadPiece[],
  versions: { readonly before: string; readonly after: string },
): string {
  const complaints = bad.map(({ where, error }) => (error.startsWith(where) ? error : `${where}: ${error}`));
  const sum =
    changed === 0
      ? `nothing changes for ${compared} ticket(s)`
      : `${changed} of ${compared} ticket(s) would be decided differently`;
  const lines = [...groups.flatMap(describeGroup), `${sum} (rules ${versions.before} -> ${versions.after})`];
  return `${[...lines, ...(bad.length === 0 ? [] : [`${bad.length} could not be read:`, ...complaints])].join('\n')}\n`;
}

function describeGroup({ aspect, before, after, beforeBecause, afterBecause, count, tickets }: ChangeGroup) {
  const rest = count - tickets.length;
  const named = [...tickets, ...(rest > 0 && tickets.length > 0 ? [`and ${rest} more`] : [])].join(', ');
  return [
    `${String(count).padStart(6)}  ${aspect}: ${before} -> ${after}`,
    `        before: ${beforeBecause.join(', ') || 'no rule'}`,
    `        after:  ${afterBecause.join(', ') || 'no rule'}`,
    ...(named === '' ? [] : [`        ${named}`]),
    '',
  ];
}

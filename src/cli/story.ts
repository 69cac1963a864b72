import type { Command } from 'commander';
import { DateTime } from 'luxon';
import { type StoryEntry, type StoryMatter, tellStory } from '../domain/story.ts';
import { nameOf } from '../domain/ticket.ts';
import type { CommandContext, ExitCode } from './commands.ts';
import { parseInstant } from './instant.ts';
import { onOneLine, toWholeNumber } from './words.ts';

/** What commander makes of the flags. */
export interface StoryOptions {
  readonly config: string;
  readonly since?: string;
  readonly limit: number;
  readonly json?: boolean;
  readonly brief?: boolean;
}

/** One time line of a ticket: what arrived, what was decided and why, what was called, what came of it, and who meddled. */
export const story = {
  name: 'story',
  description:
    'Tell the story of a ticket on one time line: arrivals with their ids, looks, decisions with rule and clause, calls with their answers, effects in both systems, dead letters, acts of operators and moves of the clock. Looks into the store alone, also while the bridge runs.',
  examples: [
    'bridge story 2026112310000042',
    'bridge story OSSTTMB2B-7 --brief',
    'bridge story 42 --since 2026-11-23T09:00+03:00',
    'bridge story 42 --json',
  ],
  run: async (ticket: string, options: StoryOptions, { deeds, streams }: CommandContext): Promise<ExitCode> => {
    const { config, since, limit, json, brief } = options;
    const from =
      since === undefined ? {} : { since: DateTime.fromMillis(parseInstant(since, '--since'), { zone: 'utc' }) };
    const { matter, zone } = await deeds.story(config, { ticket, limit, ...from });
    const show = (moment: DateTime | number) =>
      (typeof moment === 'number' ? DateTime.fromMillis(moment) : moment).setZone(zone).toFormat('yyyy-MM-dd HH:mm:ss');
    const entries = tellStory(matter, { show });
    streams.out(
      json === true
        ? `${JSON.stringify({ ...headOf(matter), zone, entries }, null, 2)}\n`
        : toText(matter, entries, zone, brief === true),
    );
    return 0;
  },
};

export function addStoryOptions(command: Command): Command {
  return command
    .argument('<ticket>', 'number or id of a ticket, or key of its issue')
    .option('--since <moment>', 'only what happened from then on, e.g. 2026-11-23T09:00+03:00')
    .option('--limit <number>', 'the latest so many of each kind', toWholeNumber(1, 100_000), 1000)
    .option('--brief', 'one line for each entry, without reasons and particulars')
    .option('--json', 'write one JSON object instead of text');
}

function headOf({ link, work }: StoryMatter) {
  const { ticket, issue, related } = link;
  return { ticket, ...(issue === undefined ? {} : { issue }), related, ...(work === undefined ? {} : { work }) };
}

function toText(matter: StoryMatter, entries: readonly StoryEntry[], zone: string, isBrief: boolean): string {
  const { ticket, issue, related } = matter.link;
  const linked = related.map(({ name, ref }) => `, ${name} ${nameOf(ref)}`).join('');
  const head = `Ticket ${nameOf(ticket)} (id ${ticket.id}), ${issue === undefined ? 'no issue' : `issue ${nameOf(issue)}`}${linked}. Times in ${zone}.`;
  if (entries.length === 0) {
    return `${head}\n${standing(matter, zone)}\n\nNothing is on record for that time.\n`;
  }

  const lines: string[] = [];
  let day = '';
  for (const entry of entries) {
    const at = entry.at.setZone(zone);
    if (at.toISODate() !== day) {
      day = at.toISODate() ?? '';
      lines.push('', day);
    }
    lines.push(...linesOf(entry, at, zone, isBrief));
  }
  return `${head}\n${standing(matter, zone)}\n${lines.join('\n')}\n`;
}

/** What is to come, or what is waited for. */
function standing({ work }: StoryMatter, zone: string): string {
  if (work === undefined) {
    return 'It never arrived by itself.';
  }

  const { dueAt, leaseUntil, uncovered, waitingSince, waitingFor, attempt } = work;
  const show = (moment: DateTime) => moment.setZone(zone).toFormat('yyyy-MM-dd HH:mm:ss');
  const open = uncovered === 0 ? 'Every arrival is covered' : `${uncovered} arrivals are not covered`;
  const since = waitingSince === undefined ? '' : ` since ${show(waitingSince)}`;
  const next =
    leaseUntil !== undefined
      ? `somebody looks at it now, or died before ${show(leaseUntil)}`
      : dueAt === undefined
        ? 'nothing is due'
        : `the next look is due at ${show(dueAt)}`;
  const tries = attempt === 0 ? '' : ` after ${attempt} failed in a row`;
  return `${open}${since}; ${next}${tries}.${waitingFor === undefined ? '' : `\nWaiting for: ${waitingFor}`}`;
}

/** Widths of time and kind; longer lines are left to the terminal, so that they can be searched. */
const TIME = 14;
const KIND = 10;

function linesOf(entry: StoryEntry, at: DateTime, zone: string, isBrief: boolean): readonly string[] {
  const { kind, what, more, key, times, until } = entry;
  const row = times === undefined ? '' : `  ${times} times, until ${until?.setZone(zone).toFormat('MM-dd HH:mm:ss')}`;
  const about = key === undefined ? '' : `  [${key}]`;
  const first = `${at.toFormat('HH:mm:ss.SSS').padEnd(TIME)}${kind.padEnd(KIND)}${onOneLine(what)}${row}${about}`;
  const indent = ' '.repeat(TIME + KIND);
  return [first, ...(isBrief ? [] : more.map((line) => `${indent}${onOneLine(line)}`))];
}

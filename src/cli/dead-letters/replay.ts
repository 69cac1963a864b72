import { setTimeout as sleep } from 'node:timers/promises';
import { findLetter, type LetterOffice, type Replayed, replayLetter, usualReplay } from '../../flow/letters/office.ts';
import type { Rehearsal, RehearsedStep } from '../../flow/letters/rehearse.ts';
import type { DeadLetter, ReplayAs } from '../../store/store.ts';
import type { CommandContext, ExitCode } from '../commands.ts';
import { onOneLine } from '../words.ts';
import { type BulkOptions, beginBulk } from './bulk.ts';
import { bulkFilterOf, type FilterOptions } from './filter.ts';
import { aboutOf, helpOf, indented, shortId, standingOf } from './words.ts';

export interface ReplayOptions extends FilterOptions, BulkOptions {
  readonly config: string;
  readonly as?: string;
  readonly recorded?: boolean;
  readonly now?: boolean;
  readonly dryRun?: boolean;
  readonly wait?: number;
  readonly json?: boolean;
}

/** Tries again what could not be carried. */
export const replay = {
  name: 'replay',
  description:
    'Try again what could not be carried: one letter, or a filter of them as a job. By the rules and facts of the moment, or with --recorded exactly as the letter says; an edited revision goes as it was edited. The running bridge carries it out.',
  examples: [
    'bridge dead-letters replay 3f2a9c1d --dry-run',
    'bridge dead-letters replay 3f2a9c1d --wait 60',
    'bridge dead-letters replay 3f2a9c1d --recorded --as petrova.2l',
    'bridge dead-letters replay --fingerprint 0a1b2c3d4e5f --dry-run',
    'bridge dead-letters replay --fingerprint 0a1b2c3d4e5f --rate 120 --watch',
  ],
  run: (beginning: string | undefined, options: ReplayOptions, context: CommandContext): Promise<ExitCode> => {
    const { deeds, streams, signal } = context;
    const { config, dryRun, json } = options;
    return deeds.letters<ExitCode>(config, dryRun === true ? 'look' : 'change', async (office) => {
      if (beginning === undefined && dryRun !== true) {
        return beginBulk('replay', bulkFilterOf(options), options, office, context);
      }

      const { letter, alike } = await chosen(beginning, options, office);
      const as = asOf(options, letter);
      if (dryRun === true) {
        const rehearsal = await office.rehearse(letter, as, signal);
        const shown = { letter: letter.id, as, alike, ...rehearsal };
        streams.out(
          json === true ? `${JSON.stringify(shown, null, 2)}\n` : describeRehearsal(letter, as, alike, rehearsal),
        );
        return 0;
      }

      const replayed = await replayLetter(office, letter, as, { who: options.as ?? context.login, now: office.now() });
      const after = await outcomeOf(replayed, letter, options.wait ?? 0, office, signal);
      streams.out(
        json === true ? `${JSON.stringify({ ...replayed, letter: after }, null, 2)}\n` : describe(replayed, after),
      );
      return replayed.outcome === 'ordered' && after.order === undefined && after.state === 'open' ? 1 : 0;
    });
  },
};

/** The letter that is meant; of a filter the oldest, which a job would begin with. */
async function chosen(beginning: string | undefined, options: ReplayOptions, office: LetterOffice) {
  if (beginning !== undefined) {
    return { letter: await findLetter(office, beginning), alike: 1 };
  }

  const filter = bulkFilterOf(options);
  const alike = await office.store.countLetters(filter);
  return { letter: await office.store.oldestLetter(filter), alike };
}

function asOf({ recorded, now }: ReplayOptions, letter: DeadLetter): ReplayAs {
  return recorded === true ? 'recorded' : now === true ? 'now' : usualReplay(letter);
}

const LOOK_EVERY_MS = 500;

/** The letter when its order is over, or when the time is. */
async function outcomeOf(
  { outcome }: Replayed,
  { id }: DeadLetter,
  seconds: number,
  { store }: LetterOffice,
  signal: AbortSignal,
): Promise<DeadLetter> {
  for (let left = (seconds * 1000) / LOOK_EVERY_MS; ; left -= 1) {
    const letter = await findLetter({ store }, id);
    if (outcome === 'delivered' || letter.order === undefined || left <= 0 || signal.aborted) {
      return letter;
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

function describe(replayed: Replayed, after: DeadLetter): string {
  if (replayed.outcome === 'delivered') {
    const told = replayed.foreign > 0 ? 'it is about no ticket that the bridge knows' : 'its ticket will be looked at';
    return `letter ${shortId(after.id)}: the message was taken in; ${told}\n`;
  }
  if (after.order !== undefined) {
    return `letter ${shortId(after.id)}: the replay is ordered; the running bridge carries it out at once, \`bridge dead-letters show ${shortId(after.id)}\` tells what came of it\n`;
  }

  return after.state === 'open'
    ? `letter ${shortId(after.id)}: it failed again\n${indented(`${after.code}: ${onOneLine(after.message)}\n${helpOf(after.code)}`)}\n`
    : `letter ${shortId(after.id)}: ${standingOf(after)}\n`;
}

function describeRehearsal(
  letter: DeadLetter,
  as: ReplayAs,
  alike: number,
  { rules, steps, notes }: Rehearsal,
): string {
  const how = as === 'recorded' ? 'exactly as the letter says' : `as things are now, under rules ${rules}`;
  const doubt =
    letter.code === 'STILL_IN_DOUBT' ? ['It is looked up first, and sent only if it surely had no effect.'] : [];
  const others = alike > 1 ? [`The first of ${alike} letters; the others have tickets of their own.`] : [];
  return `${[
    `letter ${shortId(letter.id)}, ${aboutOf(letter)}, ${how}`,
    ...others,
    ...doubt,
    ...(steps.length === 0 ? ['Nothing would be sent: nothing is left to do.'] : steps.map(describeStep)),
    ...notes.map((note) => `Note: ${note}.`),
    'Nothing was sent.',
  ].join('\n')}\n`;
}

function describeStep({ what, key, system, because, calls, note }: RehearsedStep): string {
  return [
    `${what}  (${key})`,
    ...because.map(
      ({ rule, clause, evidence }) =>
        `    because ${rule}${clause === '' ? '' : ` (${clause})`}: ${onOneLine(evidence)}`,
    ),
    ...calls.flatMap(({ method, path, request }) => [
      `    ${system}: ${method} ${path}`,
      ...(request === undefined ? [] : [indented(JSON.stringify(request, null, 2), '      ')]),
    ]),
    ...(note === undefined ? [] : [`    ${note}`]),
  ].join('\n');
}

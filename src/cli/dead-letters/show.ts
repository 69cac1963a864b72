import type { Attempt } from '../../domain/attempt.ts';
import { findLetter, type LetterOffice } from '../../flow/letters/office.ts';
import type { AuditEntry, DeadLetter } from '../../store/store.ts';
import type { CommandContext, ExitCode } from '../commands.ts';
import { aboutOf, helpOf, indented, shortId, shortTime, standingOf } from './words.ts';

export interface ShowOptions {
  readonly config: string;
  readonly json?: boolean;
}

/** All that is known of one letter. */
export const show = {
  name: 'show',
  description:
    'Show one letter: what happened, every call with its answer, the action, its revisions, and who did what. Changes nothing.',
  examples: ['bridge dead-letters show 3f2a9c1d', 'bridge dead-letters show 3f2a9c1d --json'],
  run: (beginning: string, options: ShowOptions, { deeds, streams }: CommandContext): Promise<ExitCode> =>
    deeds.letters<ExitCode>(options.config, 'look', async (office) => {
      const known = await gather(await findLetter(office, beginning), office);
      streams.out(options.json === true ? `${JSON.stringify(known, null, 2)}\n` : toText(known));
      return 0;
    }),
};

interface Known {
  readonly letter: DeadLetter;
  readonly help: string;
  readonly revisions: readonly DeadLetter[];
  readonly attempts: readonly Attempt[];
  readonly acts: readonly AuditEntry[];
}

/** Calls that are shown; `bridge story` has them all. */
const MOST_ATTEMPTS = 20;

async function gather(letter: DeadLetter, { store }: LetterOffice): Promise<Known> {
  const { id, ticket, action, code } = letter;
  const chain = await store.revisions(id);
  const ids = new Set(chain.map((each) => each.id));
  const trail = ticket === undefined ? [] : await store.auditTrail(ticket);
  const attempts =
    ticket === undefined || action === undefined
      ? []
      : await store.attempts(ticket, { key: action.key, limit: MOST_ATTEMPTS });
  const acts = trail.filter(({ detail }) => typeof detail.letter === 'string' && ids.has(detail.letter));
  return { letter, help: helpOf(code), revisions: chain, attempts, acts };
}

function toText({ letter, help, revisions, attempts, acts }: Known): string {
  const { id, code, message, fingerprint, times, firstAt, at, rules, system, details, action } = letter;
  const failed = times > 1 ? `${times} times, ${shortTime(firstAt)} to ${shortTime(at)}` : shortTime(at);
  const parts = [
    [
      `letter  ${id}`,
      `about   ${aboutOf(letter)}`,
      `state   ${standingOf(letter)}`,
      `failed  ${failed}${system === undefined ? '' : ` at ${system}`}`,
      `group   ${fingerprint}${rules === undefined ? '' : `, rules ${rules}`}`,
    ].join('\n'),
    `${code}: ${message}\n${help}`,
    ...section('details', Object.keys(details).length === 0 ? [] : [JSON.stringify(details, null, 2)]),
    ...section('action', action === undefined ? [] : [JSON.stringify(action, null, 2)]),
    ...section('calls', attempts.map(describeAttempt)),
    ...section(
      'revisions',
      revisions.length < 2 ? [] : revisions.map((each) => `${shortId(each.id)}  ${standingOf(each)}`),
    ),
    ...section('acts', acts.map(describeAct)),
    ...nextSteps(letter),
  ];
  return `${parts.join('\n\n')}\n`;
}

function section(name: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${name}\n${indented(lines.join('\n'))}`];
}

function describeAttempt({ at, ms, outcome, code, message, exchanges }: Attempt): string {
  const calls = exchanges.flatMap(({ method, path, status, request, answer }) => [
    `  ${method} ${path}${status === undefined ? '' : ` -> ${status}`}`,
    ...(request === undefined ? [] : [`    sent      ${JSON.stringify(request)}`]),
    ...(answer === undefined ? [] : [`    answered  ${JSON.stringify(answer)}`]),
  ]);
  const end = code === undefined ? outcome : `${code}: ${message ?? ''}`;
  return [`${shortTime(at)}  ${ms} ms  ${end}`, ...calls].join('\n');
}

function describeAct({ at, who, what, detail: { reason, as, revision } }: AuditEntry): string {
  const more = [as, revision, reason].filter((each) => typeof each === 'string').join(', ');
  return `${shortTime(at)}  ${who} ${what}${more === '' ? '' : ` (${more})`}`;
}

/** The replay of a message reads it anew and calls nobody, so there is nothing to rehearse. */
function nextSteps({ id, state, ticket }: DeadLetter): readonly string[] {
  const short = shortId(id);
  const steps =
    state === 'open'
      ? [
          ...(ticket === undefined ? [] : [`bridge dead-letters replay ${short} --dry-run`]),
          `bridge dead-letters replay ${short}`,
          `bridge dead-letters edit ${short}`,
          `bridge dead-letters discard ${short} --reason "…"`,
        ]
      : state === 'discarded'
        ? [`bridge dead-letters restore ${short}`]
        : [];
  return section('what can be done', steps);
}

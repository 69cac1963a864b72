import type { DateTime } from 'luxon';
import type { Action, ActionKey } from './action.ts';
import { isWritten } from './comments.ts';
import type { Facts } from './facts.ts';
import { type NoteTemplate, noteOnce } from './note.ts';
import { type Judgement, nothing } from './reason.ts';
import { isOurService, type ScopePolicy } from './scope.ts';
import { showMoment, ticketValues, type Wording } from './vocabulary.ts';

/** What of a ticket could not be carried: an action, or the ticket as a whole. */
export const carriedThings = [
  'open',
  'update',
  'comment',
  'edit',
  'attach',
  'assign',
  'move',
  'relate',
  'ticket',
] as const;

export type CarriedThing = (typeof carriedThings)[number];

export interface DelayPolicy {
  /** Milliseconds for which something has waited before the ticket says so. */
  readonly after: number;
  /** Milliseconds from one trouble that was told to the next one that is: what comes and goes is told once. */
  readonly pause: number;
  readonly delayed: NoteTemplate;
  readonly failed: NoteTemplate;
  readonly mended: NoteTemplate;
  /** How people call what could not be carried. */
  readonly things: Readonly<Record<CarriedThing, string>>;
  readonly wording: Wording;
  readonly scope: ScopePolicy;
}

export const delayPlaceholders = {
  delayed: ['since'],
  failed: ['since', 'things', 'codes'],
  mended: ['since'],
} as const;

/** A dead letter that is open, as far as the ticket tells of it. */
export interface OpenLetter {
  readonly action?: Pick<Action, 'do' | 'key'>;
  readonly code: string;
  readonly firstAt: DateTime;
}

/** How the carrying of a ticket stands after a look. */
export type Trouble =
  | { readonly is: 'failed'; readonly letters: readonly OpenLetter[] }
  /** Something waits since that moment. */
  | { readonly is: 'waiting'; readonly since: DateTime }
  | { readonly is: 'over' };

const FAMILY = /^comment:note:(delayed|failed|mended)@(.+)$/;

/** Which troubles of the ticket were told, and whether their end was. Its own notes are all the memory that it takes. */
export interface ToldTrouble {
  /** Epoch milliseconds since when the last one that was told lasted. */
  readonly last: number | undefined;
  /** That it is over was not told yet. */
  readonly isOpen: boolean;
  /** A failure was told since the last end. */
  readonly isFailure: boolean;
}

/** `keys` are those of the notes that the ticket has. */
export function toldTrouble(keys: Iterable<ActionKey>): ToldTrouble {
  const told = [...keys].flatMap((key) => {
    const [, kind, since] = FAMILY.exec(key) ?? [];
    return since === undefined ? [] : [{ kind, at: Date.parse(since) }];
  });
  const latest = (...kinds: readonly string[]) =>
    told
      .filter(({ kind = '' }) => kinds.includes(kind))
      .reduce<number | undefined>((last, { at }) => Math.max(last ?? at, at), undefined);
  const last = latest('delayed', 'failed');
  const ended = latest('mended');
  const failed = latest('failed');
  return {
    last,
    isOpen: last !== undefined && (ended === undefined || ended < last),
    isFailure: failed !== undefined && (ended === undefined || ended < failed),
  };
}

/** What is said, or when to look again because it is too early to say it. */
export type DelayJudgement = Judgement & { readonly lookAgainAt?: DateTime };

/** Files that are refused have a note of their own, and a note about a note that could not be written helps nobody. */
export function isTold({ action, code }: OpenLetter): boolean {
  return (
    code === 'FILE_REFUSED' ||
    (action === undefined && code === 'RECORD_NOT_READABLE') ||
    FAMILY.test(action?.key ?? '')
  );
}

/**
 * The internal note that tells the support how the carrying of its ticket stands: that it is delayed, that it has failed, or
 * that it is well again. One note for a trouble and one for its end, however often it comes and goes meanwhile. A ticket whose
 * work is done, that is archived, merged or not ours, is left alone. Holds no word of an answer: codes and names of things only.
 */
export function judgeDelay(
  facts: Pick<Facts, 'link' | 'ticket'>,
  trouble: Trouble,
  policy: DelayPolicy,
  now: DateTime,
): DelayJudgement {
  const { ticket, link } = facts;
  const isAtRest = ticket.phase === 'done' || ticket.isArchived === true || ticket.mergedInto !== undefined;
  if (isAtRest || !isOurService(ticket.service ?? '', policy.scope)) {
    return nothing;
  }

  const own = ticket.comments.filter(({ isMergedIn }) => isMergedIn !== true);
  const markers = own.flatMap(({ marker }) => marker ?? []);
  const told = toldTrouble([...Object.keys(link.done), ...markers]);
  const quietMs = told.last === undefined || told.isOpen ? 0 : told.last + policy.pause - now.toMillis();
  switch (trouble.is) {
    case 'over':
      return told.isOpen && told.last !== undefined ? note('mended', told.last, facts, {}, policy) : nothing;
    case 'waiting': {
      const since = trouble.since.toMillis();
      const isLong = now.toMillis() - since >= policy.after;
      return !isLong || told.isOpen || quietMs > 0 ? nothing : note('delayed', since, facts, {}, policy);
    }
    case 'failed': {
      if (told.isFailure) {
        return nothing;
      }
      if (quietMs > 0) {
        // What waits is looked at again anyway; what was refused rests.
        return { ...nothing, lookAgainAt: now.plus({ milliseconds: quietMs }) };
      }

      const since = Math.min(...trouble.letters.map(({ firstAt }) => firstAt.toMillis()));
      const things = trouble.letters.map(({ action }) => policy.things[action?.do ?? 'ticket']);
      const codes = trouble.letters.map(({ code }) => code);
      const values = { things: listOf(things), codes: listOf(codes) };
      return note('failed', since, facts, values, policy);
    }
  }
}

function note(
  kind: 'delayed' | 'failed' | 'mended',
  since: number,
  facts: Pick<Facts, 'link' | 'ticket'>,
  values: Readonly<Record<string, string>>,
  policy: DelayPolicy,
): Judgement {
  const moment = facts.ticket.createdAt.plus({ milliseconds: since - facts.ticket.createdAt.toMillis() });
  const key = `comment:note:${kind}@${moment.toUTC().toISO()}`;
  if (facts.link.refused[key] !== undefined || isWritten(key, facts)) {
    return nothing;
  }

  const { wording } = policy;
  const all = { ...ticketValues(facts.ticket, wording), since: showMoment(moment, wording.moments), ...values };
  const evidence = `${kind === 'mended' ? 'nothing is left of what lasted' : 'it lasts'} since ${moment.toUTC().toISO()}`;
  return noteOnce(facts, key, policy[kind], all, { rule: `carrying-is-${kind}`, clause: '', evidence });
}

function listOf(words: readonly string[]): string {
  return [...new Set(words)].join(', ');
}

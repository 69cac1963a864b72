import type { DateTime } from 'luxon';
import type { ActionKey } from './action.ts';
import type { Attempt, KeptExchange } from './attempt.ts';
import type { EventChannel, EventKind } from './event.ts';
import type { Link } from './link.ts';
import type { ClockSeen, StoredLook } from './look-record.ts';
import { nameOf, type Ref } from './ticket.ts';

/** An arrival as it is told: `at` is the last time that it came. */
export interface ToldArrival {
  /** Names the arrival from the door to its effects. */
  readonly id: string;
  readonly turn: number;
  readonly kind: EventKind;
  readonly channel: EventChannel;
  readonly record: Ref;
  readonly firstAt: DateTime;
  readonly at: DateTime;
  readonly times: number;
}

export interface ToldLetter {
  readonly id: string;
  readonly code: string;
  readonly message: string;
  readonly state: string;
  /** Absent where it is about the ticket as a whole. */
  readonly key?: ActionKey;
  readonly at: DateTime;
  readonly resolvedAt?: DateTime;
  readonly resolvedBy?: string;
  /** What ended it; absent where an older version did. */
  readonly resolvedHow?: string;
}

export interface ToldAudit {
  readonly at: DateTime;
  readonly who: string;
  readonly what: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** How the ticket stands with the worker. */
export interface ToldWork {
  readonly dueAt?: DateTime;
  /** Failed looks in a row. */
  readonly attempt: number;
  /** Somebody looks at it; until then nobody else may. */
  readonly leaseUntil?: DateTime;
  /** Arrivals that no look has covered. */
  readonly uncovered: number;
  readonly waitingSince?: DateTime;
  readonly waitingFor?: string;
}

/** Everything that is on record about a ticket, each list in order of time. */
export interface StoryMatter {
  readonly link: Link;
  /** Absent for a ticket that never arrived. */
  readonly work?: ToldWork | undefined;
  readonly arrivals: readonly ToldArrival[];
  readonly looks: readonly StoredLook[];
  readonly attempts: readonly Attempt[];
  readonly audit: readonly ToldAudit[];
  readonly letters: readonly ToldLetter[];
}

/** What is wanted of the story of a ticket. */
export interface StoryRequest {
  /** Number or id of a ticket, or key of its issue. */
  readonly ticket: string;
  readonly since?: DateTime;
  /** Entries of each kind at most, the latest ones. */
  readonly limit: number;
}

export interface ToldMatter {
  readonly matter: StoryMatter;
  /** IANA name of the zone of the terms. */
  readonly zone: string;
}

/** In the order in which entries of the same moment are told. */
const KINDS = [
  'arrived',
  'called',
  'did',
  'failed',
  'refused',
  'operator',
  'looked',
  'clock',
  'mended',
  'closed',
] as const;

/** One line of a ticket's story. */
export interface StoryEntry {
  readonly at: DateTime;
  /** The end of a row of looks that came to the same. */
  readonly until?: DateTime;
  readonly times?: number;
  readonly kind: (typeof KINDS)[number];
  readonly what: string;
  /** Reasons and particulars, one a line. */
  readonly more: readonly string[];
  readonly key?: ActionKey;
  /** What it is told from. */
  readonly of: object;
}

export interface StoryWording {
  /** A moment for people. */
  readonly show: (moment: DateTime | number) => string;
}

/** One time line of all that is on record about a ticket. */
export function tellStory(matter: StoryMatter, wording: StoryWording): readonly StoryEntry[] {
  const entries = [
    ...matter.arrivals.map((each) => ofArrival(each, wording)),
    ...matter.attempts.map(ofAttempt),
    ...matter.audit.map(ofAudit),
    ...matter.letters.flatMap(ofLetter),
    ...matter.looks.map((each) => ofLook(each, wording)),
    ...clockMoves(matter.looks, wording),
  ];
  return entries.toSorted(
    (one, other) => one.at.toMillis() - other.at.toMillis() || KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind),
  );
}

function ofArrival(arrival: ToldArrival, { show }: StoryWording): StoryEntry {
  const { id, turn, kind, channel, record, firstAt, at, times } = arrival;
  const again = times > 1 ? [`came ${times} times, first ${show(firstAt)}`] : [];
  return {
    at,
    kind: 'arrived',
    what: `#${turn} by ${channel}: ${record.system} ${nameOf(record)} ${kind}`,
    more: [`id ${id}`, ...again],
    of: arrival,
  };
}

function ofAttempt(attempt: Attempt): StoryEntry {
  const { at, key, system, outcome, code, message, exchanges, ms } = attempt;
  const [first] = exchanges;
  const end = outcome === 'done' ? 'done' : `${code} (${outcome})`;
  return {
    at,
    kind: 'called',
    what: exchanges.length === 1 && first !== undefined ? `${system} ${callOf(first)}` : `${system}, ${ms} ms: ${end}`,
    more: [
      ...(exchanges.length > 1 ? exchanges.map(callOf) : []),
      ...(outcome === 'done' ? [] : [`${end}: ${message ?? ''}`]),
    ],
    key,
    of: attempt,
  };
}

function callOf({ method, path, status, ms, fault }: KeptExchange): string {
  const answer = status ?? (fault === undefined ? 'answered' : 'no answer');
  return `${method} ${path}: ${answer}${fault === undefined ? '' : ` ${fault}`} in ${ms} ms`;
}

function ofAudit(entry: ToldAudit): StoryEntry {
  const { at, who, what, detail } = entry;
  const { key, action, effect, code, message, because, reason } = detail;
  const isRefused = what === 'refused';
  const done = typeof action === 'string' ? action : what;
  const came = isRefused ? `: ${code}` : typeof effect === 'string' ? `: ${effect}` : '';
  const adopted = what === 'adopted' ? ['had taken effect before, and was adopted'] : [];
  return {
    at,
    kind: who !== 'bridge' ? 'operator' : isRefused ? 'refused' : 'did',
    what: who === 'bridge' ? `${done}${came}` : `${who}: ${what}`,
    more: [
      ...(isRefused ? [String(message)] : []),
      ...adopted,
      ...(typeof reason === 'string' ? [`reason: ${reason}`] : []),
      ...(Array.isArray(because) ? because.map(reasonOf) : []),
    ],
    ...(typeof key === 'string' ? { key } : {}),
    of: entry,
  };
}

function reasonOf(reason: Readonly<Record<string, unknown>>): string {
  const { rule, clause, evidence } = reason;
  return `${rule}${clause === '' || clause === undefined ? '' : ` (${clause})`}: ${evidence}`;
}

/** Endings of a letter by which nothing was mended. */
const CLOSED: ReadonlyMap<string, string> = new Map([
  ['replaced', 'its action has another content by now'],
  ['revised', 'an edited revision took its place'],
  ['unwanted', 'it was replayed, and nothing was left to do'],
  ['ended', 'the work on the ticket is over'],
  ['discarded', 'nothing more is tried'],
]);

function ofLetter(letter: ToldLetter): readonly StoryEntry[] {
  const { id, code, message, state, key, at, resolvedAt, resolvedBy, resolvedHow = '' } = letter;
  const about = key === undefined ? {} : { key };
  const failed: StoryEntry = {
    at,
    kind: 'failed',
    what: `dead letter ${code}`,
    more: [message, `letter ${id}, ${state}`],
    ...about,
    of: letter,
  };
  if (resolvedAt === undefined) {
    return [failed];
  }

  const by = resolvedBy === undefined ? '' : ` by ${resolvedBy}`;
  const closed = CLOSED.get(resolvedHow);
  return [
    failed,
    {
      at: resolvedAt,
      kind: closed === undefined ? 'mended' : 'closed',
      what: `dead letter ${code} ${state}${by}${closed === undefined ? '' : `: ${closed}`}`,
      more: [`letter ${id}`],
      ...about,
      of: letter,
    },
  ];
}

function ofLook(look: StoredLook, { show }: StoryWording): StoryEntry {
  const { from, to, times, ms, rules, actions, held, message, outcome, nextLookAt, exchanges, covers } = look;
  const waits = held.length > 0;
  const many = `${actions.length} ${actions.length === 1 ? 'action' : 'actions'}`;
  const did = actions.length === 0 ? (waits ? '' : 'nothing to do') : `${many} in ${ms} ms`;
  const failed = waits ? `${outcome === 'buried' ? 'rests' : 'waits'}: ${held.join(', ')}` : '';
  return {
    at: from,
    ...(times > 1 ? { until: to, times } : {}),
    kind: 'looked',
    what: [did, failed].filter((part) => part !== '').join('; '),
    more: [
      ...(waits && message !== undefined ? [message] : []),
      ...exchanges.map(callOf),
      ...(covers === undefined ? [] : [`knew arrivals up to #${covers}`]),
      ...(rules === '' ? [] : [`rules ${rules}`]),
      ...(nextLookAt === undefined ? [] : [`next look ${show(nextLookAt)}`]),
    ],
    of: look,
  };
}

/** The clock where it stands otherwise than at the look before. */
function clockMoves(looks: readonly StoredLook[], { show }: StoryWording): readonly StoryEntry[] {
  const seen = looks.flatMap(({ from, clock }) => (clock === undefined ? [] : [{ from, clock }]));
  return seen
    .filter(({ clock }, index) => JSON.stringify(clock) !== JSON.stringify(seen[index - 1]?.clock))
    .map(({ from, clock }) => ({
      at: from,
      kind: 'clock' as const,
      what: `${clock.status}${clock.priority === undefined ? '' : `, priority ${clock.priority}`}`,
      more: [...dueOf(clock, show), ...(clock.missed.length === 0 ? [] : [`missed: ${clock.missed.join(', ')}`])],
      of: clock,
    }));
}

function dueOf({ due }: ClockSeen, show: StoryWording['show']): readonly string[] {
  return Object.entries(due).map(([stage, at]) => `${stage} by ${show(at)}`);
}

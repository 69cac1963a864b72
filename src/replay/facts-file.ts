import { DateTime } from 'luxon';
import type { Facts, RelatedRecord } from '../domain/facts.ts';
import type { Comment, Ref, Snapshot } from '../domain/ticket.ts';
import { BridgeError } from '../errors.ts';
import { showPath } from '../schema-shape.ts';
import type { Fault } from '../yaml.ts';
import { explainIssues } from '../yaml-faults.ts';
import { snapshotSchema, type WrittenRecord, type WrittenSnapshot } from './facts-schema.ts';

/** The facts, and when they were seen where the writer says so. */
export interface SeenFacts {
  readonly facts: Facts;
  readonly at?: DateTime;
}

/** When a ticket was registered of which no moment is known: a Monday morning in Moscow. */
const SOME_MORNING = DateTime.fromISO('2026-01-12T10:00:00+03:00', { setZone: true });

/**
 * Parsed JSON -> facts. Only the ticket's title and text are needed, everything else has a default. Throws
 * `SNAPSHOT_INVALID`, which begins with `where` and names the field and what is expected of it.
 */
export function parseFacts(json: unknown, where: string): Facts {
  return parseSeenFacts(json, where).facts;
}

/** The same with the moment of seeing. */
export function parseSeenFacts(json: unknown, where: string): SeenFacts {
  const parsed = snapshotSchema.safeParse(json);
  if (!parsed.success) {
    const faults = explainIssues(parsed.error.issues, snapshotSchema, json, placeless(where));
    const shown = faults.map(({ path, message, help }) => `${[path, message].filter(Boolean).join(' ')}. ${help}`);
    throw new BridgeError('SNAPSHOT_INVALID', `${where}: ${shown.slice(0, 5).join('; ').trimEnd()}`, {
      details: { where, count: faults.length },
    });
  }

  const { at } = parsed.data;
  return { facts: factsOf(parsed.data), ...(at === undefined ? {} : { at }) };
}

/** One line of JSON that `parseFacts` reads back. */
export function writeFacts(facts: Facts, at?: DateTime): string {
  return JSON.stringify({ ...(at === undefined ? {} : { at }), ...facts });
}

/** Fills in what the writer left out; what has no default goes through as it is. */
export function factsOf({
  at = SOME_MORNING,
  ticket,
  issue,
  related = [],
  link = {},
  ...more
}: WrittenSnapshot): Facts {
  const theTicket = recordOf(ticket, { system: 'otrs', id: '1', key: '1' }, at);
  const theIssue =
    issue === undefined ? undefined : recordOf(issue, link.issue ?? { system: 'jira', id: '1', key: 'ISSUE-1' }, at);
  const issueRef = link.issue ?? theIssue?.ref;
  const theRelated = related.map((each, index) => relatedOf(each, index, at));
  return {
    ...more,
    ticket: theTicket,
    ...(theIssue === undefined ? {} : { issue: theIssue }),
    ...(theRelated.length === 0 ? {} : { related: theRelated }),
    link: {
      ticket: link.ticket ?? theTicket.ref,
      ...(issueRef === undefined ? {} : { issue: issueRef }),
      related: link.related ?? theRelated.map(({ name, role, ref }) => ({ name, role, ref })),
      agreed: link.agreed ?? {},
      done: link.done ?? {},
      refused: link.refused ?? {},
    },
  };
}

function relatedOf(
  { name, role, ref, record, isGone, lacks }: NonNullable<WrittenSnapshot['related']>[number],
  index: number,
  at: DateTime,
): RelatedRecord {
  const id = String(901 + index);
  const seen = record === undefined ? undefined : recordOf(record, ref ?? { system: 'otrs', id, key: id }, at);
  return {
    name,
    role,
    ref: ref ?? seen?.ref ?? { system: 'otrs', id, key: id },
    ...(seen === undefined ? {} : { record: seen }),
    ...(isGone === undefined ? {} : { isGone }),
    ...(lacks === undefined ? {} : { lacks }),
  };
}

function recordOf(written: WrittenRecord, invented: Ref, at: DateTime): Snapshot {
  const { ref = invented, comments = [], attachments = [], history = [] } = written;
  const known = [...history, ...comments].flatMap((each) => each.at ?? []).sort((one, other) => +one - +other);
  const createdAt = written.createdAt ?? known[0] ?? at;
  return {
    url: `${ref.system}:${ref.key ?? ref.id}`,
    state: '',
    phase: 'open',
    priority: '',
    type: '',
    fields: {},
    changedAt: known.at(-1) ?? createdAt,
    ...written,
    ref,
    createdAt,
    comments: comments.map((comment, index) => commentOf(comment, index, createdAt)),
    attachments: attachments.map((file, index) => ({
      id: String(index + 1),
      contentType: 'application/octet-stream',
      size: 0,
      ...file,
    })),
    history: history.map((entry) => ({ by: '', what: '', detail: '', ...entry })),
  };
}

/** What a writer leaves unsaid is internal: a mistake must never make words public. */
function commentOf(
  written: NonNullable<WrittenRecord['comments']>[number],
  index: number,
  createdAt: DateTime,
): Comment {
  return { id: String(101 + index), author: '', at: createdAt, visibility: 'internal', by: 'agent', ...written };
}

/** Faults of JSON have a path and no line. */
function placeless(where: string) {
  return {
    data: {},
    faults: [],
    readable: true,
    fault: (path: readonly PropertyKey[], _at: string, message: string, help: string): Fault => ({
      file: where,
      line: 1,
      column: 1,
      path: showPath(path),
      message,
      help,
    }),
  };
}

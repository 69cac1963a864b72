import type { DateTime } from 'luxon';
import type { Action, MoveAction } from './action.ts';
import { agreedAfterMove, agreedAfterOpen } from './agreement.ts';
import type { Facts, RelatedRecord } from './facts.ts';
import { type Agreed, type Link, type Refusal, type RelatedRef, shownTicketOf } from './link.ts';
import {
  type Ability,
  type Attachment,
  type Comment,
  type Fields,
  isSameRecord,
  type Phase,
  type Ref,
  type Snapshot,
} from './ticket.ts';

/** What the system told about the effect of an action besides its ref. */
export interface Told {
  /** The record that was opened, as a read would show it. */
  readonly snapshot?: Snapshot;
  /** What the system cannot do with it. */
  readonly lacks?: readonly Ability[];
  /** Whether the comment was too long and was cut. */
  readonly isCut?: boolean;
  /** Facts for the audit, e.g. the hash of a file. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/**
 * The facts as an action that took effect has changed them, so that a look decides again without reading everything
 * again. `effect` is the other system's id of what came into being, `at` the moment of it: terms end when a ticket is moved.
 * The issue's own snapshot is not invented: after `open` it has to be read, unless the system told it.
 */
export function evolve(facts: Facts, action: Action, effect: Ref, at: DateTime, told: Told = {}): Facts {
  if (action.do === 'comment' && action.along !== undefined) {
    const { along, ...words } = action;
    return evolve(evolve(facts, along, along.ref, at), words, effect, at, told);
  }

  const link = { ...facts.link, done: { ...facts.link.done, [action.key]: effect.id } };
  switch (action.do) {
    case 'open':
      return action.role === 'issue'
        ? {
            ...facts,
            link: { ...link, issue: effect, agreed: agreedAfterOpen(facts) },
            ...(told.snapshot === undefined ? {} : { issue: told.snapshot }),
          }
        : withRelated({ ...facts, link }, { name: action.name, role: action.role, ref: effect }, told);
    case 'update':
      return replace({ ...facts, link }, action.ref, (record) => ({
        ...record,
        fields: merge(record.fields, action.fields),
      }));
    case 'move': {
      const moved = replace({ ...facts, link }, action.ref, (record) => ({
        ...withoutStanding(record, action.phase),
        state: action.to,
        phase: action.phase,
        fields: merge(record.fields, action.fields),
        changedAt: at,
      }));
      return { ...moved, link: { ...link, agreed: agreedAfter(action, facts, moved, at) } };
    }
    case 'comment':
      return replace({ ...facts, link }, action.ref, (record) => ({
        ...record,
        comments: [...record.comments, written(action, effect, at, told)],
        history: [...record.history, { at, by: '', what: 'comment', detail: '', commentId: effect.id }],
      }));
    case 'attach':
      return replace({ ...facts, link }, action.ref, (record) => ({
        ...record,
        attachments: [
          ...record.attachments,
          { id: effect.id, ...action.file, isOwn: true, marker: action.key } satisfies Attachment,
        ],
      }));
    case 'edit':
      return replace({ ...facts, link }, action.ref, (record) => ({
        ...record,
        comments: record.comments.map((comment) =>
          comment.id === action.commentId ? { ...comment, text: action.text, editedAt: at } : comment,
        ),
      }));
    case 'assign':
      return replace({ ...facts, link }, action.ref, (record) => ({
        ...record,
        owner: action.user,
        ownerLogin: action.user,
      }));
    case 'relate':
      return { ...facts, link: action.as === 'origin' ? { ...link, agreed: shownAfter(action, link) } : link };
  }
}

/** The bridge ends an issue for one reason only: its ticket left our services (R43). */
function agreedAfter(move: MoveAction, before: Facts, after: Facts, at: DateTime): Agreed {
  const agreed = agreedAfterMove(before, after, move);
  const isIssue = after.issue !== undefined && isSameRecord(after.issue.ref, move.ref);
  return isIssue && move.phase === 'done' ? { ...agreed, misrouted: at.toUTC().toISO() ?? '' } : agreed;
}

/** Why an action was refused: a `BridgeError`, or what a dead letter keeps of one. */
export interface Refused {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What is remembered of a refusal. */
export function refusalOf(action: Action, { code, message, details }: Refused, at: DateTime): Refusal {
  return { action, code, message, ...(typeof details.reason === 'string' ? { reason: details.reason } : {}), at };
}

/** The facts after an action was refused for good. */
export function evolveRefused(facts: Facts, action: Action, error: Refused, at: DateTime): Facts {
  const { discarded } = facts.link.refused[action.key] ?? {};
  const refusal = { ...refusalOf(action, error, at), ...(discarded === undefined ? {} : { discarded }) };
  const refused = { ...facts.link.refused, [action.key]: refusal };
  return { ...facts, link: { ...facts.link, refused } };
}

function replace(facts: Facts, ref: Ref, change: (record: Snapshot) => Snapshot): Facts {
  if (isSameRecord(facts.ticket.ref, ref)) {
    return { ...facts, ticket: change(facts.ticket) };
  }
  if (facts.issue !== undefined && isSameRecord(facts.issue.ref, ref)) {
    return { ...facts, issue: change(facts.issue) };
  }

  return facts.related === undefined
    ? facts
    : {
        ...facts,
        related: facts.related.map((each) =>
          each.record !== undefined && isSameRecord(each.ref, ref) ? { ...each, record: change(each.record) } : each,
        ),
      };
}

/** The linked record joins the others, or is seen again. */
function withRelated(facts: Facts, { name, role, ref }: RelatedRef, { snapshot, lacks }: Told): Facts {
  const others = <Item extends RelatedRef>(items: readonly Item[]) => items.filter((each) => each.name !== name);
  return {
    ...facts,
    link: { ...facts.link, related: [...others(facts.link.related), { name, role, ref }] },
    related: [
      ...others(facts.related ?? []),
      {
        name,
        role,
        ref,
        ...(snapshot === undefined ? {} : { record: snapshot }),
        ...(lacks === undefined ? {} : { lacks }),
      } satisfies RelatedRecord,
    ],
  };
}

/** The comment as its record will show it; a public one can be what the requester is asked with (R51a). */
function written(
  { comment, key }: Extract<Action, { do: 'comment' }>,
  { id }: Ref,
  at: DateTime,
  { isCut }: Told,
): Comment {
  const { subject, text, visibility } = comment;
  return {
    id,
    author: 'bridge',
    at,
    subject,
    text,
    visibility,
    by: 'agent',
    marker: key,
    ...(isCut === undefined ? {} : { isCut }),
  };
}

/** Other names of the state that was left are wrong now, and what is reopened has no resolution any more. */
function withoutStanding(record: Snapshot, phase: Phase): Snapshot {
  const { aliases, resolution, ...others } = record;
  const isReopened = record.phase === 'done' && phase !== 'done';
  const { state: _, resolution: names, ...aliasesLeft } = aliases ?? {};
  return {
    ...others,
    ...(aliases === undefined
      ? {}
      : { aliases: { ...aliasesLeft, ...(isReopened || names === undefined ? {} : { resolution: names }) } }),
    ...(isReopened || resolution === undefined ? {} : { resolution }),
  };
}

function shownAfter({ title, isResolved = false }: Extract<Action, { do: 'relate' }>, { agreed }: Link): Agreed {
  return { ...agreed, shownTicket: shownTicketOf(title, isResolved) };
}

function merge(fields: Fields, changes: Fields): Fields {
  const merged = Object.entries({ ...fields, ...changes });
  return Object.fromEntries(merged.filter(([, value]) => value.length > 0));
}

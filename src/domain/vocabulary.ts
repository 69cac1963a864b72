import type { DateTime } from 'luxon';
import { type Branch, branchOf } from './people.ts';
import type { TemplateValues } from './template.ts';
import { type Comment, nameOf, type Snapshot } from './ticket.ts';
import { steadyZone } from './zone.ts';

/** How moments are shown to people: a luxon format and an IANA zone. */
export interface MomentFormat {
  readonly format: string;
  readonly zone: string;
}

/** What texts know besides the records: how moments are shown, and what the branches are called. */
export interface Wording {
  readonly moments: MomentFormat;
  readonly branches: readonly Branch[];
}

/** Placeholders that every text about a ticket may use. */
export const ticketPlaceholders = [
  'ticket.key',
  'ticket.title',
  'ticket.text',
  'ticket.url',
  'ticket.state',
  'ticket.priority',
  'ticket.service',
  'ticket.queue',
  'ticket.type',
  'ticket.owner',
  'ticket.created',
  'requester.name',
  'requester.login',
  'requester.email',
  'requester.phone',
  'requester.branch',
  'branch.name',
  'branch.curators',
] as const;

export const issuePlaceholders = ['issue.key', 'issue.url', 'issue.status', 'issue.resolution'] as const;

export const commentPlaceholders = ['comment.author', 'comment.at', 'comment.text', 'comment.subject'] as const;

/** A return that has no reason. */
export const returnPlaceholders = ['return.at', 'return.number'] as const;

/** The closing block of a ticket that an agent closed. */
export const closurePlaceholders = ['closure.code', 'closure.solution', 'closure.item'] as const;

/** What texts about an edit know besides. */
export const editPlaceholders = ['comment.edited'] as const;

interface Shown {
  readonly as: MomentFormat;
  readonly text: string;
}

/** A look decides anew after each of its actions, and with hundreds of comments showing their moments is most of that. */
const known = new WeakMap<DateTime, Shown>();

export function showMoment(moment: DateTime, as: MomentFormat): string {
  const before = known.get(moment);
  if (before?.as === as) {
    return before.text;
  }

  const text = moment.setZone(steadyZone(as.zone)).setLocale('ru').toFormat(as.format);
  known.set(moment, { as, text });
  return text;
}

/** A branch that the mapping does not know goes by the company that the ticket shows. */
export function ticketValues(ticket: Snapshot, { moments, branches }: Wording): TemplateValues {
  const { requester } = ticket;
  const branch = branchOf(ticket, branches);
  return {
    'ticket.key': nameOf(ticket.ref),
    'ticket.title': ticket.title,
    'ticket.text': ticket.text,
    'ticket.url': ticket.url,
    'ticket.state': ticket.state,
    'ticket.priority': ticket.priority,
    'ticket.service': ticket.service,
    'ticket.queue': ticket.ticketQueue,
    'ticket.type': ticket.type,
    'ticket.owner': ticket.owner,
    'ticket.created': showMoment(ticket.createdAt, moments),
    'requester.name': requester?.name,
    'requester.login': requester?.login,
    'requester.email': requester?.email,
    'requester.phone': requester?.phone,
    'requester.branch': requester?.branch,
    'branch.name': branch?.name ?? requester?.branch,
    'branch.curators': branch?.curators.map(({ name, email }) => `${name} <${email}>`).join(', '),
  };
}

export function issueValues(issue: Snapshot): TemplateValues {
  return {
    'issue.key': nameOf(issue.ref),
    'issue.url': issue.url,
    'issue.status': issue.state,
    'issue.resolution': issue.resolution,
  };
}

export function editValues({ editedAt }: Comment, moments: MomentFormat): TemplateValues {
  return { 'comment.edited': editedAt === undefined ? undefined : showMoment(editedAt, moments) };
}

export function commentValues(comment: Comment, moments: MomentFormat): TemplateValues {
  return {
    'comment.author': comment.author,
    'comment.at': showMoment(comment.at, moments),
    'comment.text': comment.text,
    'comment.subject': comment.subject,
  };
}

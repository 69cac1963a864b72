import type { AssignmentPolicy } from '../domain/assignments/assignments.ts';
import type { MisroutedPolicy } from '../domain/assignments/misrouted.ts';
import type { ReturnPolicy, ReturnRule } from '../domain/assignments/returns.ts';
import type { Wording } from '../domain/vocabulary.ts';
import type { AssignmentsMapping } from './assignments-schema.ts';
import type { Mappings } from './schema.ts';

const MINUTE = 60_000;

/** Valid rows -> who has a ticket, and what becomes of it when it goes back. */
export function compileAssignments({ assignments, status }: Mappings, wording: Wording): AssignmentPolicy {
  const { owner, returns, misrouted } = assignments;
  const { groups, settles } = compileReturns(assignments);
  return {
    groups,
    ...(owner === undefined ? {} : { owner: { ...owner, wording } }),
    returns: {
      ...(returns.shown === undefined ? {} : { field: returns.shown }),
      settles,
      newsFor: returns.news_hours * 60 * MINUTE,
      note: returns.note,
      wording,
    },
    ...(misrouted === undefined ? {} : { misrouted: { ...compileMisrouted(misrouted), paths: status.paths, wording } }),
  };
}

/** What in a history is a return, for the clock and for the count. */
export function compileReturns({ groups, returns }: AssignmentsMapping): ReturnPolicy {
  const { field, note_subjects: subjects, min_length: minLength } = returns.reason;
  return {
    rules: returns.rules.map(compileRule),
    groups: groups.map(({ name, ticket_queues: ticketQueues, coordinators }) => ({ name, ticketQueues, coordinators })),
    reason: { ...(field === undefined ? {} : { field }), subjects, minLength },
    settles: returns.settles_minutes * MINUTE,
  };
}

function compileRule({ name, clause, on, from = [], to }: AssignmentsMapping['returns']['rules'][number]): ReturnRule {
  return on === 'coordinator'
    ? { name, clause, property: 'owner', from: [], to: on }
    : { name, clause, property: on, from, to: to ?? 'filled' };
}

function compileMisrouted({
  clause,
  issue_status: issueStatus,
  resolution,
  comment,
  back,
}: NonNullable<AssignmentsMapping['misrouted']>): Omit<MisroutedPolicy, 'paths' | 'wording'> {
  return {
    clause,
    issueStatus,
    ...(resolution === undefined ? {} : { resolution }),
    comment,
    back: {
      ...(back.issue_status === undefined ? {} : { issueStatus: back.issue_status }),
      comment: back.comment,
      note: back.note,
    },
  };
}

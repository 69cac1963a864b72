import type { DateTime } from 'luxon';
import { isCalled } from '../alias.ts';
import type { Clock } from '../clock/clock.ts';
import type { Suspension } from '../clock/pauses.ts';
import { toFieldMoment } from '../clock/show.ts';
import { shows } from '../comments.ts';
import { isSameText } from '../condition.ts';
import type { Facts } from '../facts.ts';
import { MOVE_ISSUE } from '../issue-status.ts';
import type { Agreed } from '../link.ts';
import { type NoteTemplate, noteOnce, tellIssueOnce } from '../note.ts';
import { abstain, act, combine, type Judgement, nothing, type Reason } from '../reason.ts';
import type { StatusPath } from '../status.ts';
import { fill } from '../template.ts';
import { nameOf, type Phase, type Snapshot } from '../ticket.ts';
import { issueValues, ticketValues, type Wording } from '../vocabulary.ts';

/** What becomes of the issue of a ticket that leaves our services (R43), and when the ticket comes back. */
export interface MisroutedPolicy {
  readonly clause: string;
  readonly issueStatus: string;
  /** Absent where the workflow sets none. */
  readonly resolution?: string;
  /** Told in the issue before it is closed. */
  readonly comment: string;
  readonly back: {
    /** Absent where the bridge leaves the issue closed and only writes the note. */
    readonly issueStatus?: string;
    readonly comment: string;
    /** What the ticket says when the issue stays closed. */
    readonly note: NoteTemplate;
  };
  readonly paths: readonly StatusPath[];
  readonly wording: Wording;
}

type Absence = Pick<Suspension, 'from'>;

/**
 * Closes the issue of a ticket that went to another service, once for each leaving: line 3 is told, and whoever opens it
 * again is not overruled. An issue that line 3 ended itself stays as it is.
 */
export function judgeLeaving(facts: Facts, clock: Clock, policy: MisroutedPolicy | undefined): Judgement {
  const { issue, link, ticket } = facts;
  const absence = clock.suspensions.findLast(({ why, to }) => why === 'elsewhere' && to === undefined);
  if (policy === undefined || issue === undefined || absence === undefined) {
    return nothing;
  }

  const reason = {
    rule: 'issue-is-misrouted',
    clause: policy.clause,
    evidence: `${absence.begunBy}, and ${nameOf(issue.ref)} is «${issue.state}»`,
  };
  if (issue.phase === 'done') {
    return isClosedByUs(facts, absence, policy) ? nothing : abstain({ ...reason, rule: 'line-3-ended-the-issue' });
  }
  if (link.agreed.misrouted !== undefined) {
    return abstain({ ...reason, rule: 'misrouted-issue-was-opened-again' });
  }

  const values = { ...ticketValues(ticket, policy.wording), ...issueValues(issue) };
  return combine([
    tellIssueOnce(facts, issue, leavingKey(absence), fill(policy.comment, values), reason),
    moveIssue(issue, policy.issueStatus, 'done', policy, reason),
  ]);
}

/**
 * What to remember of a ticket that is away: that its issue was closed for it, also where the answer to that call was
 * lost. What line 3 does meanwhile is not taken into account, so it is news when the ticket is back.
 */
export function agreedWhileAway(
  facts: Facts,
  clock: Clock,
  policy: MisroutedPolicy | undefined,
  now: DateTime,
): Agreed {
  const { agreed } = facts.link;
  return agreed.misrouted === undefined && isStillMisrouted(facts, clock, policy)
    ? { ...agreed, misrouted: now.toUTC().toISO() ?? '' }
    : agreed;
}

/** The ticket's issue is closed as misrouted and nobody touched it since: nothing else may follow from that issue. */
export function isStillMisrouted(facts: Facts, clock: Clock, policy: MisroutedPolicy | undefined): boolean {
  return policy !== undefined && facts.issue?.phase === 'done' && isClosedByUs(facts, lastAbsence(clock), policy);
}

/** Brings the issue back to work with its ticket, or says in the ticket what people have to do. */
export function judgeComingBack(facts: Facts, clock: Clock, policy: MisroutedPolicy | undefined): Judgement {
  const { issue, link, ticket } = facts;
  const absence = lastAbsence(clock);
  if (policy === undefined || issue === undefined || ticket.phase === 'done') {
    return nothing;
  }

  const { back, wording } = policy;
  const reason = {
    rule: 'ticket-came-back',
    clause: policy.clause,
    evidence: `${absence?.endedBy ?? 'the service is ours again'}; ${nameOf(issue.ref)} was closed as misrouted`,
  };
  const values = { ...ticketValues(ticket, wording), ...issueValues(issue) };
  const moment = absence?.to === undefined ? (link.agreed.misrouted ?? '') : toFieldMoment(absence.to);
  const note = noteOnce(facts, `comment:note:misrouted:${moment}`, back.note, values, reason);
  if (back.issueStatus === undefined) {
    return note === nothing ? abstain(reason) : note;
  }

  const refusal = link.refused[MOVE_ISSUE];
  const isRefused = refusal?.action.do === 'move' && isSameText(refusal.action.to, back.issueStatus);
  return combine([
    tellIssueOnce(facts, issue, `comment:misrouted:back:${moment}`, fill(back.comment, values), reason),
    moveIssue(issue, back.issueStatus, 'open', policy, reason),
    isRefused ? note : nothing,
  ]);
}

/** The last time that the ticket was away. */
function lastAbsence({ suspensions }: Clock): Suspension | undefined {
  return suspensions.findLast(({ why }) => why === 'elsewhere');
}

/** Remembered, or told by the bridge's own comment in the issue, which outlives a lost memory. */
function isClosedByUs({ link, issue }: Facts, absence: Absence | undefined, policy: MisroutedPolicy): boolean {
  const key = absence === undefined ? '' : leavingKey(absence);
  return (
    issue !== undefined &&
    isCalled(issue, 'state', policy.issueStatus) &&
    // Another resolution was chosen by line 3; in the look that closed the issue, nobody has read it yet.
    (policy.resolution === undefined ||
      issue.resolution === undefined ||
      isCalled(issue, 'resolution', policy.resolution)) &&
    (link.agreed.misrouted !== undefined || link.done[key] !== undefined || shows(issue, key))
  );
}

function leavingKey({ from }: Absence): string {
  return `comment:misrouted:${toFieldMoment(from)}`;
}

function moveIssue(
  issue: Snapshot,
  to: string,
  phase: Phase,
  { resolution, paths }: MisroutedPolicy,
  reason: Omit<Reason, 'action'>,
): Judgement {
  const path = paths.find(
    (each) => isSameText(each.to, to) && each.from.some((status) => isCalled(issue, 'state', status)),
  );
  return act(
    {
      do: 'move',
      key: MOVE_ISSUE,
      ref: issue.ref,
      to,
      ...(path === undefined ? {} : { via: path.through }),
      phase,
      fields: phase === 'done' && resolution !== undefined ? { resolution } : {},
    },
    reason,
  );
}

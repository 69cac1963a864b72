import type { DateTime } from 'luxon';
import type { AccessPolicy } from './access/access.ts';
import { judgeChecklist } from './access/checklist.ts';
import {
  type ApprovalFound,
  approvalGaps,
  findApproval,
  judgeApproval,
  nextReminderAt,
} from './access/judge-approval.ts';
import { inheritedStart, judgeTaskStart, taskGaps, withTaskStart } from './access/task.ts';
import type { Action, ActionKey } from './action.ts';
import { broughtOver } from './agreement.ts';
import { type ArchivePolicy, judgeArchived } from './archived.ts';
import { type AssigneePolicy, judgeAssignee } from './assignee.ts';
import { type AssignmentPolicy, judgeAssignments } from './assignments/assignments.ts';
import { reasonLookAt } from './assignments/judge-returns.ts';
import { agreedWhileAway, isStillMisrouted, judgeComingBack, judgeLeaving } from './assignments/misrouted.ts';
import { withOwner } from './assignments/owner.ts';
import type { AttachmentPolicy } from './attachments.ts';
import { judgeCompleteness } from './clarification.ts';
import type { Alternative } from './clock/alternative.ts';
import { type Clock, readClock } from './clock/clock.ts';
import { judgeClock, judgeFarewell, nextLookOf, withTerms } from './clock/judge-clock.ts';
import type { ClockPolicy } from './clock/rules.ts';
import { debtOfLetter, judgeClosedTicket } from './closed-by-agent.ts';
import type { Gap } from './closing-block.ts';
import { CLOSING_LETTER } from './closing-letter.ts';
import { type ClosurePolicy, judgeClosure } from './closure.ts';
import { type CommentPolicy, judgeComments } from './comments.ts';
import type { CompletenessPolicy } from './completeness.ts';
import { findCompletion } from './completion.ts';
import type { DelayPolicy } from './delays.ts';
import { type EscalationPolicy, judgeEscalation } from './escalation.ts';
import type { Facts } from './facts.ts';
import { judgeFiles } from './files.ts';
import { type GoneIssuePolicy, judgeGoneIssue } from './gone-issue.ts';
import type { GoneTicketPolicy } from './gone-ticket.ts';
import { judgeIssueStatus } from './issue-status.ts';
import { joinWrites } from './join-writes.ts';
import type { Agreed } from './link.ts';
import { judgeMerged, judgeTakenIssue, type MergePolicy } from './merged.ts';
import { judgeBranch, type PeoplePolicy } from './people.ts';
import { judgePriority, type PriorityPolicy } from './priority.ts';
import { combine, type Judgement, nothing, type Reason } from './reason.ts';
import { judgeLinkBack, judgeReferences, type ReferencePolicy } from './references.ts';
import { judgeRelated } from './related/judge-related.ts';
import { wantedSystems } from './related/opening.ts';
import type { RelatedPolicy } from './related/policy.ts';
import { judgeRelatedIssues, type RelatedIssuesPolicy } from './related-issues.ts';
import { hasLeft, isOurService, judgeScope, judgeService, type ScopePolicy } from './scope.ts';
import { judgeInstallation, releaseLookAt } from './shipped-update.ts';
import { judgeSplitOff } from './split-off.ts';
import { judgeStatus, type StatusPolicy } from './status.ts';
import type { SlaPolicy } from './table-4.ts';
import { isSameRecord } from './ticket.ts';
import { timelineOf } from './timeline.ts';

/** The mappings, compiled: everything that an administrator decides. */
export interface Policy {
  /** Names the rules by their content: two policies of one version decide alike. */
  readonly version: string;
  readonly scope: ScopePolicy;
  readonly people: PeoplePolicy;
  readonly access: AccessPolicy;
  readonly attachments: AttachmentPolicy;
  readonly related: RelatedPolicy;
  readonly priority: PriorityPolicy;
  readonly completeness: CompletenessPolicy;
  readonly escalation: EscalationPolicy;
  readonly assignees: AssigneePolicy;
  readonly assignments: AssignmentPolicy;
  readonly references: ReferencePolicy;
  readonly goneIssue: GoneIssuePolicy;
  /** How tickets end that are not closed: merged, gone, archived. */
  readonly endings: {
    readonly merged: MergePolicy;
    readonly gone: GoneTicketPolicy;
    readonly archived: ArchivePolicy;
  };
  /** What a ticket says while its carrying is delayed or has failed. */
  readonly delays: DelayPolicy;
  /** Absent where no field of the ticket names related issues. */
  readonly relatedIssues?: RelatedIssuesPolicy;
  readonly comments: CommentPolicy;
  readonly status: StatusPolicy;
  readonly closure: ClosurePolicy;
  readonly sla: SlaPolicy;
  readonly clock: ClockPolicy;
  /** What the deadlines would be if an ambiguous clause were read otherwise. */
  readonly alternatives: readonly Alternative[];
}

export interface Decision {
  /** What is left to do, in order. Empty when the two sides agree. */
  readonly actions: readonly Action[];
  /** What to remember once all actions are done. */
  readonly agreed: Agreed;
  readonly because: readonly Reason[];
  /** The terms of the ticket and what they rest on. */
  readonly clock: Clock;
  /** When the passing of time alone can change the decision. */
  readonly lookAgainAt?: DateTime;
}

/**
 * What is left to do for one ticket and why. Pure: the same facts, policy and moment give the same decision, and after
 * its actions have taken effect it has none left.
 */
export function decide(facts: Facts, policy: Policy, now: DateTime): Decision {
  const clock = clockOf(facts, policy, now);
  const rest = decideRest(facts, clock, policy, now);
  if (rest !== undefined) {
    return rest;
  }

  const approval = findApproval(facts.ticket, clock, policy.access.approval);
  const missing = [
    ...approvalGaps(approval),
    ...taskGaps(facts, policy.access.taskGap, wantedSystems(facts.ticket, policy.related)),
  ];
  const rules = judgeRules(facts, policy, { clock, approval, missing }, now);
  const shown = clockAfter(rules, facts, policy, now) ?? clock;
  // Files come last: they take long, and nothing may wait for them.
  const judged = combine([
    rules,
    judgeClock(facts, shown, policy.clock, now),
    judgeFiles(facts, policy, policy.escalation.issueSystem),
  ]);
  const joined = joinWrites(judged, (key) => facts.link.refused[key] !== undefined);
  const { because } = joined;
  const opened = withTerms(withOwner(joined.actions, facts.ticket, policy.assignments.owner), shown, policy.clock);
  const actions = withTaskStart(opened, clock.completed);
  const lookAgainAt = earliest(
    nextLookOf(clock, now.toMillis()),
    releaseLookAt(facts, policy.closure.update, now),
    nextReminderAt(facts, approval, now),
    reasonLookAt(facts, clock, policy.assignments.returns, now),
  );
  const refused = actions.filter((action) => isRefused(action, facts, now));
  return {
    actions: actions.filter((action) => !refused.includes(action) && !refused.some((each) => owes(each, action.key))),
    because,
    // While the issue is gone nothing can be brought over: what people do in the ticket is news to it when it is back.
    agreed:
      facts.isIssueGone === true || refused.some((action) => action.do === 'move')
        ? facts.link.agreed
        : {
            ...broughtOver(facts),
            ...debtOfLetter(facts, policy.closure, missing),
            ...(refused.some(({ key }) => key === CLOSING_LETTER) ? { owesLetter: true } : {}),
          },
    clock,
    ...(lookAgainAt === undefined ? {} : { lookAgainAt }),
  };
}

/** What several families of rules rest on. */
interface Found {
  readonly clock: Clock;
  readonly approval: ApprovalFound | undefined;
  /** What keeps the ticket from being closed, besides its closing block. */
  readonly missing: readonly Gap[];
}

/** Every family of rules but the terms and the files, in the order of their actions. */
function judgeRules(facts: Facts, policy: Policy, { clock, approval, missing }: Found, now: DateTime): Judgement {
  return combine([
    judgeEscalation(facts, policy.escalation),
    judgeGoneIssue(facts, policy.goneIssue),
    judgeTakenIssue(facts, policy.endings.merged),
    judgeSplitOff(facts),
    judgeReferences(facts, policy.references),
    judgeAssignee(facts, policy.assignees),
    judgeRelatedIssues(facts, policy.relatedIssues),
    judgeComments(facts, policy.comments),
    judgeExchange(facts, policy, clock, missing),
    judgeClosedTicket(facts, policy.closure, missing),
    judgeInstallation(facts, policy.closure.update),
    judgePriority(facts, policy.priority),
    judgeCompleteness(facts, policy.completeness, now),
    judgeService(facts, policy.scope),
    judgeBranch(facts, policy.people),
    judgeApproval(facts, approval, now),
    judgeChecklist(facts, policy.access.checklist, now),
    judgeRelated(facts, policy.related),
    judgeTaskStart(facts, clock.completed),
    judgeAssignments(facts, clock, policy.assignments, now),
  ]);
}

/** States of both sides. Of an issue that was closed because its ticket had left, nothing follows but its coming back. */
function judgeExchange(facts: Facts, policy: Policy, clock: Clock, missing: readonly Gap[]): Judgement {
  return isStillMisrouted(facts, clock, policy.assignments.misrouted)
    ? judgeComingBack(facts, clock, policy.assignments.misrouted)
    : combine([
        judgeStatus(facts, policy.status, policy.closure.closedState),
        judgeIssueStatus(facts, policy.status),
        judgeClosure(facts, policy.closure, missing),
      ]);
}

/** The decision about a ticket whose work is not ours, or not here: undefined for all others. */
function decideRest(facts: Facts, clock: Clock, policy: Policy, now: DateTime): Decision | undefined {
  const foreign = judgeScope(facts, policy.scope);
  if (foreign !== undefined) {
    return letGo([foreign], facts, clock, policy, now);
  }

  const { mergedInto, isArchived } = facts.ticket;
  if (mergedInto !== undefined) {
    const said = [judgeLinkBack(facts, policy.references), judgeMerged(facts, mergedInto, policy.endings.merged)];
    return letGo(said, facts, clock, policy, now);
  }

  if (isArchived === true) {
    return letGo([judgeArchived(facts, policy.endings.archived)], facts, clock, policy, now);
  }

  // Its issue is still shown: whoever has it now can see where it came from.
  if (hasLeft(facts, policy.scope)) {
    return letGo(
      [
        judgeReferences(facts, policy.references),
        judgeService(facts, policy.scope),
        judgeLeaving(facts, clock, policy.assignments.misrouted),
      ],
      facts,
      clock,
      policy,
      now,
    );
  }

  return undefined;
}

/**
 * A ticket of another team (R43), in another ticket or in the archive: its clock stands. Its state, its letters and its
 * closing are not ours to write.
 */
function letGo(said: readonly Judgement[], facts: Facts, clock: Clock, policy: Policy, now: DateTime): Decision {
  const isAtRest = facts.ticket.isArchived === true;
  const farewell = isAtRest ? nothing : judgeFarewell(facts, clock, policy.clock, now);
  const { actions, because } = joinWrites(combine([...said, farewell]), (key) => facts.link.refused[key] !== undefined);
  return {
    actions: actions.filter((action) => !isRefused(action, facts, now)),
    because,
    agreed: agreedWhileAway(facts, clock, policy.assignments.misrouted, now),
    clock,
  };
}

function earliest(...moments: readonly (DateTime | undefined)[]): DateTime | undefined {
  const known = moments.filter((moment) => moment !== undefined);
  return known.toSorted((left, right) => left.toMillis() - right.toMillis())[0];
}

/**
 * The clock as a move of the ticket leaves it, so that the terms travel with the move and need no second call. Undefined
 * where the ticket is not moved.
 */
function clockAfter({ actions }: Judgement, facts: Facts, policy: Policy, now: DateTime): Clock | undefined {
  const move = actions.find((action) => action.do === 'move' && isSameRecord(action.ref, facts.ticket.ref));
  if (move?.do !== 'move' || facts.link.refused[move.key] !== undefined) {
    return undefined;
  }

  const ticket = { ...facts.ticket, state: move.to, phase: move.phase, changedAt: now };
  return clockOf({ ...facts, ticket: { ...ticket, fields: { ...ticket.fields, ...move.fields } } }, policy, now);
}

function clockOf({ ticket }: Facts, policy: Policy, now: DateTime): Clock {
  const timeline = timelineOf(ticket);
  return readClock(ticket, timeline, {
    policy: policy.clock,
    completed: inheritedStart(ticket) ?? findCompletion(ticket, timeline, policy.completeness),
    isOurs: (service) => isOurService(service, policy.scope),
    now: now.toMillis(),
  });
}

function owes(action: Action, key: ActionKey): boolean {
  return action.do === 'move' && action.owes === key;
}

/** How long a refused action rests although looks find it unchanged. */
const REFUSAL_RESTS = { minutes: 15 };

/**
 * A refused action rests; what was refused for its content is offered again as soon as that changes. One that is still
 * in doubt is never offered again: only a person can tell whether it took effect. Nor is what a person discarded
 * or edited.
 */
function isRefused(action: Action, { link }: Facts, now: DateTime): boolean {
  const refusal = link.refused[action.key];
  if (refusal === undefined) {
    return false;
  }

  // Terms change by themselves: a field that OTRS does not have would be refused anew with each of them.
  const offered = JSON.stringify(action);
  const isSame = (content: Action) => action.key.endsWith(':terms') || JSON.stringify(content) === offered;
  return (
    refusal.code === 'STILL_IN_DOUBT' ||
    refusal.discarded?.some(isSame) === true ||
    (isSame(refusal.action) && now < refusal.at.plus(REFUSAL_RESTS))
  );
}

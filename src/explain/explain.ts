import type { DateTime } from 'luxon';
import type { Action } from '../domain/action.ts';
import { asOfMoment } from '../domain/as-of.ts';
import { refusalRules } from '../domain/attachments.ts';
import type { Clock } from '../domain/clock/clock.ts';
import { assessCompleteness } from '../domain/completeness.ts';
import { answer, type Condition, isSameText } from '../domain/condition.ts';
import type { Evidence } from '../domain/criterion.ts';
import { type Decision, decide, type Policy } from '../domain/decide.ts';
import { type Facts, hasIssue } from '../domain/facts.ts';
import { textOf } from '../domain/field-value.ts';
import { assessPriority } from '../domain/priority.ts';
import type { Reason } from '../domain/reason.ts';
import { PARENT_TICKET } from '../domain/related/policy.ts';
import { hasBeenOurs, isOurService } from '../domain/scope.ts';
import { nameOf, type Snapshot } from '../domain/ticket.ts';
import { timelineOf } from '../domain/timeline.ts';
import { explainApproval } from './approval.ts';
import { explainAssignments } from './assignments.ts';
import { describeAction } from './describe-action.ts';
import { explainComments, explainFiles } from './exchange.ts';
import type {
  ExplainedAction,
  ExplainedInformation,
  ExplainedNote,
  ExplainedPriority,
  ExplainedRefusal,
  ExplainedRule,
  ExplainedTicket,
  Explanation,
} from './explanation.ts';
import { explainLinked } from './linked.ts';
import { type Moments, momentsIn } from './moments.ts';
import { summarise } from './summary.ts';
import { explainTerms } from './terms.ts';

/**
 * Why the rules decide about a ticket as they do at a moment: every rule that was looked at, what it rests on, and what
 * would follow. Pure. At an earlier moment the ticket is taken back to what it was then; the issue's system keeps no
 * history that the bridge reads, so the issue is shown as it is.
 */
export function explain(facts: Facts, policy: Policy, now: DateTime, at: DateTime = now): Explanation {
  const isPast = at < now;
  const seen = isPast ? backTo(facts, at) : facts;
  const { ticket } = seen;
  const decision = decide(seen, policy, at);
  const { clock } = decision;
  const moments = momentsIn(policy.clock.sla.targets[0]?.calendar.zone ?? { name: 'utc' });
  const timeline = timelineOf(ticket);
  const context = {
    completed: clock.completed,
    isOurs: (service: string) => isOurService(service, policy.scope),
    now: at.toMillis(),
  };
  const isForeign = !hasIssue(seen) && !hasBeenOurs(ticket, policy.scope);
  const approval = explainApproval(ticket, clock, policy, moments);
  const explanation: Omit<Explanation, 'summary'> = {
    at: moments.iso(at.toMillis()),
    isPast,
    rules: policy.version,
    zone: policy.clock.sla.targets[0]?.calendar.zone.name ?? 'utc',
    ticket: explainTicket(seen),
    ...(isForeign
      ? {}
      : {
          priority: explainPriority(ticket, policy),
          information: explainInformation(ticket, policy, clock, moments),
          terms: explainTerms(ticket, timeline, clock, policy, context, moments),
        }),
    assignments: explainAssignments(ticket, timeline, clock, policy, at.toMillis(), moments),
    ...(approval === undefined ? {} : { approval }),
    linked: isPast ? [] : explainLinked(seen, policy),
    escalation: policy.escalation.rules.map(({ name, clause, when }) => explainRule(name, clause, when, ticket)),
    files: isPast ? [] : explainFiles(seen, policy),
    comments: isPast ? [] : explainComments(seen, policy, moments),
    notes: decision.because.filter((reason) => reason.action === undefined && !isToldElsewhere(reason)).map(toNote),
    actions: isPast ? [] : decision.actions.map((action) => explainAction(action, decision)),
    refused: isPast ? [] : explainRefusals(seen, decision, policy, at, moments),
    doubts: [
      ...clock.doubts,
      ...(isPast && seen.issue !== undefined
        ? ['The issue is shown as it is now: its system does not tell what it was then.']
        : []),
    ],
  };
  return { ...explanation, summary: summarise(explanation, decision, at) };
}

/** Reasons that priority, information, terms, approval, linked tickets, escalation and files tell at length. */
function isToldElsewhere({ rule, clause }: Reason): boolean {
  return (
    refusalRules.some((each) => each === rule) ||
    /^(no-escalation-rule-is-met|information-is-|would-help|stages-are-late|ticket-was-returned|waiting-does-not-pause|history-is-strange|attachments-are-permitted|approval-(is|step-is)-|letter-seems-to-have-|related-ticket-lacks-information)/.test(
      rule,
    ) ||
    /^R31\.\d+$/.test(clause)
  );
}

/** The facts as they were: what the bridge did later had not been done. */
function backTo(facts: Facts, at: DateTime): Facts {
  const ticket = asOfMoment(facts.ticket, timelineOf(facts.ticket), at.toMillis());
  const history = facts.ticket.history.filter((entry) => entry.at <= at);
  const state = ticket.state;
  const phase = isSameText(state, facts.ticket.state) ? facts.ticket.phase : 'open';
  const { mergedInto, ...then } = { ...ticket, phase, history, changedAt: at };
  const wasMerged = mergedInto !== undefined && isSameText(state, facts.ticket.state);
  return { ...facts, ticket: { ...then, ...(wasMerged ? { mergedInto } : {}) } };
}

function explainTicket({ ticket, issue, link }: Facts): ExplainedTicket {
  const { ref, title, url, state, priority, type, service, ticketQueue } = ticket;
  const ours = issue?.ref ?? link.issue;
  const openedFor = textOf(ticket.fields[PARENT_TICKET]);
  return {
    id: ref.id,
    number: nameOf(ref),
    title,
    url,
    state,
    priority,
    type,
    ...(service === undefined ? {} : { service }),
    ...(ticketQueue === undefined ? {} : { ticketQueue }),
    ...(openedFor === undefined ? {} : { openedFor }),
    ...(ours === undefined
      ? {}
      : {
          issue: {
            key: nameOf(ours),
            status: issue?.state ?? 'not read',
            ...(issue?.resolution === undefined ? {} : { resolution: issue.resolution }),
          },
        }),
  };
}

function explainPriority(ticket: Snapshot, { priority: policy }: Policy): ExplainedPriority {
  const assessment = assessPriority(ticket, policy);
  const nameOfRank = (rank: number) => policy.names.find((row) => row.rank === rank)?.ticket ?? String(rank);
  const byCriteria = nameOfRank(assessment.rank);
  return {
    inForce: ticket.priority,
    byCriteria,
    agrees: isSameText(byCriteria, ticket.priority),
    needsTriage: assessment.needsTriage,
    rule: assessment.rule,
    clause: assessment.clause,
    evidence: assessment.evidence.map(toEvidence),
    criteria: assessment.findings.map(({ criterion, verdict, evidence }) => ({
      rule: criterion.name,
      clause: criterion.clause,
      priority: nameOfRank(criterion.rank),
      quote: criterion.quote,
      hint: criterion.hint,
      verdict,
      evidence: evidence.map(toEvidence),
    })),
  };
}

function explainInformation(
  ticket: Snapshot,
  { completeness }: Policy,
  { completed }: Clock,
  { iso }: Moments,
): ExplainedInformation {
  const found = assessCompleteness(ticket, completeness);
  return {
    complete: found.isComplete,
    ...(completed === undefined ? {} : { completeAt: iso(completed.at) }),
    because: completed?.evidence ?? `missing: ${found.missing.map(({ title }) => `«${title}»`).join(', ')}`,
    ...(found.override === undefined ? {} : { override: found.override }),
    items: found.items.map(({ item, verdict, evidence }) => ({
      name: item.name,
      title: item.title,
      clause: item.clause,
      mandatory: item.isMandatory,
      verdict,
      evidence: evidence.map(toEvidence),
    })),
  };
}

function explainRule(rule: string, clause: string, when: readonly Condition[], ticket: Snapshot): ExplainedRule {
  const answers = when.map((condition) => answer(condition, ticket));
  return {
    rule,
    clause,
    met: answers.every(({ holds }) => holds),
    conditions: answers.map(({ condition, value, holds }) => ({ asks: asks(condition), found: value, holds })),
  };
}

function asks(condition: Condition): string {
  switch (condition.test) {
    case 'filled':
    case 'empty':
      return `${condition.property} is ${condition.test}`;
    case 'is':
    case 'is_not':
      return `${condition.property} ${condition.test === 'is' ? 'is' : 'is not'} ${condition.values.map((value) => `«${value}»`).join(' or ')}`;
  }
}

function explainAction(action: Action, { because }: Decision): ExplainedAction {
  return {
    key: action.key,
    what: describeAction(action),
    because: because.filter((reason) => reason.action === action.key).map(toNote),
  };
}

/** What the rules still want and do not offer now, because it was refused. */
function explainRefusals(
  facts: Facts,
  { actions }: Decision,
  policy: Policy,
  at: DateTime,
  moments: Moments,
): readonly ExplainedRefusal[] {
  const { refused } = facts.link;
  const offered = new Set(actions.map(({ key }) => key));
  if (Object.keys(refused).every((key) => offered.has(key))) {
    return [];
  }

  const wanted = decide({ ...facts, link: { ...facts.link, refused: {} } }, policy, at).actions;
  return wanted.flatMap((action) => {
    const refusal = offered.has(action.key) ? undefined : refused[action.key];
    return refusal === undefined
      ? []
      : [
          {
            key: action.key,
            what: describeAction(action),
            at: moments.iso(refusal.at.toMillis()),
            code: refusal.code,
            ...(refusal.message === undefined ? {} : { message: refusal.message }),
          },
        ];
  });
}

function toNote({ rule, clause, evidence }: Reason): ExplainedNote {
  return { rule, clause, evidence };
}

function toEvidence({ where, quote }: Evidence) {
  return { where, quote: quote.replaceAll(/\s+/g, ' ') };
}

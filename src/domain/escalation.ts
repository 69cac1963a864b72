import type { Draft } from './action.ts';
import { type Answer, answer, type Condition, describeAnswer, isSameText } from './condition.ts';
import { type Facts, hasIssue } from './facts.ts';
import { abstain, act, type Judgement, nothing } from './reason.ts';
import { fill } from './template.ts';
import type { Snapshot, SystemName } from './ticket.ts';
import { ticketValues, type Wording } from './vocabulary.ts';

/** When an issue is opened and what it says. The first rule that is met opens it (R50). */
export interface EscalationRule {
  readonly name: string;
  readonly clause: string;
  readonly when: readonly Condition[];
  readonly draft: DraftTemplate;
}

/** The issue's content; texts have placeholders of the ticket. */
export interface DraftTemplate {
  readonly project: string;
  readonly type: string;
  readonly title: string;
  readonly text: string;
  readonly labels: readonly string[];
}

export interface EscalationPolicy {
  readonly issueSystem: SystemName;
  readonly rules: readonly EscalationRule[];
  /** Ticket priority -> issue priority. */
  readonly priorities: readonly { readonly ticket: string; readonly issue: string }[];
  readonly wording: Wording;
}

export const OPEN_ISSUE = 'open:issue';

/** Opens the issue of line 3 when line 2 hands over, or at once where the regulation leaves no time (R50). */
export function judgeEscalation(facts: Facts, policy: EscalationPolicy): Judgement {
  const { ticket } = facts;
  if (hasIssue(facts)) {
    return nothing;
  }

  if (ticket.phase === 'done') {
    return abstain({ rule: 'closed-tickets-are-not-escalated', clause: 'R50', evidence: `state is «${ticket.state}»` });
  }

  const examined = policy.rules.map((rule) => ({ rule, answers: rule.when.map((each) => answer(each, ticket)) }));
  const met = examined.find(({ answers }) => answers.every(({ holds }) => holds));
  if (met === undefined) {
    return abstain({ rule: 'no-escalation-rule-is-met', clause: 'R50', evidence: missing(examined) });
  }

  return act(
    {
      do: 'open',
      key: OPEN_ISSUE,
      system: policy.issueSystem,
      role: 'issue',
      origin: ticket.ref,
      draft: write(met.rule.draft, ticket, policy),
    },
    { rule: met.rule.name, clause: met.rule.clause, evidence: met.answers.map(describeAnswer).join(' and ') },
  );
}

function write(template: DraftTemplate, ticket: Snapshot, policy: EscalationPolicy): Draft {
  const values = ticketValues(ticket, policy.wording);
  const priority = policy.priorities.find((row) => isSameText(row.ticket, ticket.priority));
  return {
    project: template.project,
    type: template.type,
    title: fill(template.title, values),
    text: fill(template.text, values),
    ...(priority === undefined ? {} : { priority: priority.issue }),
    labels: template.labels,
    fields: {},
  };
}

function missing(examined: readonly { rule: EscalationRule; answers: readonly Answer[] }[]): string {
  const reasons = examined.map(({ rule, answers }) => {
    const failed = answers.find(({ holds }) => !holds);
    return failed === undefined ? rule.name : `${rule.name}: ${describeAnswer(failed)}`;
  });
  return reasons.length === 0 ? 'there are no rules' : reasons.join('; ');
}

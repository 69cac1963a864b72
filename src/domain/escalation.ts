import type { Draft } from './action.ts';
import { type Answer, answer, type Condition, describeAnswer, isSameText } from './condition.ts';
import { type Facts, hasIssue } from './facts.ts';
import { type NoteTemplate, noteOnce } from './note.ts';
import { abstain, act, combine, type Judgement, nothing } from './reason.ts';
import { emptyPartsOf, type NamedPart } from './required-part.ts';
import { ABSENT, fill } from './template.ts';
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
  /** Further fields by logical name. */
  readonly fields?: Readonly<Record<string, string>>;
  /** While one of these is empty the issue is not opened (R51). */
  readonly requires: readonly NamedPart[];
  /** The lack of these is only shown. */
  readonly recommends: readonly NamedPart[];
}

export interface EscalationPolicy {
  readonly issueSystem: SystemName;
  readonly rules: readonly EscalationRule[];
  /** Ticket priority -> issue priority. */
  readonly priorities: readonly { readonly ticket: string; readonly issue: string }[];
  /** The internal note that names what the issue still needs. */
  readonly note: NoteTemplate;
  readonly wording: Wording;
}

export const OPEN_ISSUE = 'open:issue';

/** Opens the issue of line 3 when line 2 hands over, or at once where the regulation leaves no time (R50). */
export function judgeEscalation(facts: Facts, policy: EscalationPolicy): Judgement {
  const { ticket } = facts;
  if (hasIssue(facts)) {
    return nothing;
  }

  if (facts.link.done[OPEN_ISSUE] !== undefined) {
    return abstain({
      rule: 'issue-went-to-another-ticket',
      clause: 'R50',
      evidence:
        'the issue that was opened for the ticket went along when it was merged; no second one is opened for it',
      notable: true,
    });
  }

  if (ticket.phase === 'done') {
    return abstain({ rule: 'closed-tickets-are-not-escalated', clause: 'R50', evidence: `state is «${ticket.state}»` });
  }

  const examined = policy.rules.map((rule) => ({ rule, answers: rule.when.map((each) => answer(each, ticket)) }));
  const met = examined.find(({ answers }) => answers.every(({ holds }) => holds));
  if (met === undefined) {
    return abstain({ rule: 'no-escalation-rule-is-met', clause: 'R50', evidence: missing(examined) });
  }

  const { rule, answers } = met;
  const lacking = emptyPartsOf(rule.draft.requires, rule.draft, ticket);
  return lacking.length > 0 ? refuse(facts, rule, lacking, policy) : open(ticket, rule, answers, policy);
}

function open(ticket: Snapshot, rule: EscalationRule, answers: readonly Answer[], policy: EscalationPolicy): Judgement {
  const unsaid = emptyPartsOf(rule.draft.recommends, rule.draft, ticket);
  return combine([
    act(
      {
        do: 'open',
        key: OPEN_ISSUE,
        system: policy.issueSystem,
        role: 'issue',
        origin: ticket.ref,
        draft: write(rule.draft, ticket, policy),
      },
      { rule: rule.name, clause: rule.clause, evidence: answers.map(describeAnswer).join(' and ') },
    ),
    unsaid.length === 0
      ? nothing
      : abstain({
          rule: 'recommended-part-is-empty',
          clause: clausesOf(unsaid),
          evidence: `the issue is opened without ${describeParts(unsaid)}`,
        }),
  ]);
}

/**
 * Says in the ticket what the issue still needs: once for each set of gaps, also after a lost memory. A ticket without
 * any article is just being registered: its first one comes as news of its own.
 */
function refuse(
  facts: Facts,
  rule: EscalationRule,
  lacking: readonly NamedPart[],
  policy: EscalationPolicy,
): Judgement {
  const reason = {
    rule: 'required-part-is-empty',
    clause: clausesOf(lacking),
    evidence: `«${rule.name}» (${rule.clause}) wants an issue, but the ticket lacks ${describeParts(lacking)}`,
  };
  const key = `comment:note:escalation:${lacking
    .map(({ part }) => part)
    .toSorted()
    .join(',')}`;
  const values = {
    ...ticketValues(facts.ticket, policy.wording),
    missing: lacking.map(({ name }) => `«${name}»`).join(', '),
  };
  const note = facts.ticket.comments.length === 0 ? nothing : noteOnce(facts, key, policy.note, values, reason);
  return note === nothing ? abstain(reason) : note;
}

function describeParts(parts: readonly NamedPart[]): string {
  return parts.map(({ part, name }) => `${part} («${name}»)`).join(', ');
}

function clausesOf(parts: readonly NamedPart[]): string {
  return [...new Set(parts.map(({ clause }) => clause))].join(', ');
}

function write(template: DraftTemplate, ticket: Snapshot, policy: EscalationPolicy): Draft {
  const values = ticketValues(ticket, policy.wording);
  const priority = policy.priorities.find((row) => isSameText(row.ticket, ticket.priority));
  const fields = Object.entries(template.fields ?? {}).map(([name, text]) => [name, fill(text, values)] as const);
  return {
    project: template.project,
    type: template.type,
    title: fill(template.title, values),
    text: fill(template.text, values),
    ...(priority === undefined ? {} : { priority: priority.issue }),
    labels: template.labels,
    fields: Object.fromEntries(fields.filter(([, value]) => value !== '' && value !== ABSENT)),
  };
}

function missing(examined: readonly { rule: EscalationRule; answers: readonly Answer[] }[]): string {
  const reasons = examined.map(({ rule, answers }) => {
    const failed = answers.find(({ holds }) => !holds);
    return failed === undefined ? rule.name : `${rule.name}: ${describeAnswer(failed)}`;
  });
  return reasons.length === 0 ? 'there are no rules' : reasons.join('; ');
}

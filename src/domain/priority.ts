import { answer, type Condition, isSameText } from './condition.ts';
import { type Criterion, type Evidence, type Finding, judgeCriterion, type Subject } from './criterion.ts';
import { findDurations } from './duration.ts';
import type { Facts } from './facts.ts';
import type { Negation } from './phrase.ts';
import { type DisagreementNote, tellAgents } from './priority-note.ts';
import { abstain, combine, type Judgement, nothing } from './reason.ts';
import type { Stem } from './russian.ts';
import type { Snapshot } from './ticket.ts';
import { readTicket, type TextOptions } from './ticket-texts.ts';
import { steadyZone } from './zone.ts';

/** A priority of the regulation; rank 1 is the highest. */
export interface PriorityName {
  readonly rank: number;
  /** As the ticket system calls it. */
  readonly ticket: string;
}

/** The priority of a ticket that meets no criterion (R30). */
export interface DefaultPriority {
  readonly name: string;
  readonly clause: string;
  readonly rank: number;
  readonly when: readonly Condition[];
  /** An agent has to look at the ticket: the priority is a makeshift. */
  readonly triage: boolean;
}

export interface PriorityPolicy extends TextOptions {
  readonly names: readonly PriorityName[];
  readonly criteria: readonly Criterion[];
  /** From top to bottom. */
  readonly defaults: readonly DefaultPriority[];
  readonly otherwise: DefaultPriority;
  readonly negation: Negation;
  readonly ago: 'lasts' | 'ignored';
  /** Minute of the day that «с утра» means. */
  readonly morning: number;
  /** IANA zone of clock times in texts. */
  readonly zone: string;
  /** An internal note for the agents where their choice differs from the criteria; absent where it is only recorded. */
  readonly note?: DisagreementNote;
}

/** What the criteria say about one ticket. */
export interface PriorityAssessment {
  readonly rank: number;
  /** The criterion that decided, or the default. */
  readonly rule: string;
  readonly clause: string;
  readonly evidence: readonly Evidence[];
  /** True where no criterion is met and an agent has to decide. */
  readonly needsTriage: boolean;
  /** All criteria, in the order of the mappings. */
  readonly findings: readonly Finding[];
}

/** Records and policies never change, and a look decides several times about one ticket: each is assessed once. */
const assessed = new WeakMap<PriorityPolicy, WeakMap<Snapshot, PriorityAssessment>>();

/** The highest criterion that is met wins; without one, the default of the service. Total and pure. */
export function assessPriority(ticket: Snapshot, policy: PriorityPolicy): PriorityAssessment {
  const byTicket = assessed.get(policy) ?? new WeakMap<Snapshot, PriorityAssessment>();
  assessed.set(policy, byTicket);
  const assessment = byTicket.get(ticket) ?? assess(ticket, policy);
  byTicket.set(ticket, assessment);
  return assessment;
}

function assess(ticket: Snapshot, policy: PriorityPolicy): PriorityAssessment {
  const subject = subjectOf(ticket, policy);
  const findings = policy.criteria.map((criterion) => judgeCriterion(criterion, subject));
  const met = findings.filter(({ verdict, criterion }) => verdict === 'yes' && !criterion.hint);
  const [highest] = met.toSorted((left, right) => left.criterion.rank - right.criterion.rank);
  if (highest !== undefined) {
    const { name, clause, rank } = highest.criterion;
    return { rank, rule: name, clause, evidence: highest.evidence, needsTriage: false, findings };
  }

  const fallback = policy.defaults.find(({ when }) => when.every((each) => answer(each, ticket).holds));
  const { name, clause, rank, triage, when } = fallback ?? policy.otherwise;
  const evidence = when.map((each) => ({ where: each.property, quote: answer(each, ticket).value.join(', ') }));
  return { rank, rule: name, clause, evidence, needsTriage: triage, findings };
}

/**
 * The agent's choice in the ticket stands (R31): what the criteria say is recorded as a reason, with the evidence, and no
 * action follows.
 */
export function judgePriority(facts: Facts, policy: PriorityPolicy): Judgement {
  const { ticket } = facts;
  if (ticket.phase === 'done') {
    return nothing;
  }

  const chosen = policy.names.find((row) => isSameText(row.ticket, ticket.priority));
  const assessment = assessPriority(ticket, policy);
  const named = policy.names.find(({ rank }) => rank === assessment.rank)?.ticket ?? String(assessment.rank);
  const why = `${assessment.rule}${describe(assessment.evidence)}`;
  const proposal = `the ticket is «${ticket.priority}», the criteria say «${named}»: ${why}`;
  return combine([
    chosen?.rank === assessment.rank
      ? abstain({ rule: assessment.rule, clause: assessment.clause, evidence: `«${named}»: ${why}` })
      : assessment.needsTriage && chosen !== undefined
        ? abstain({
            rule: 'priority-rests-on-the-agent',
            clause: `R31, ${assessment.clause}`,
            evidence: proposal,
          })
        : tellAgents(
            facts,
            { name: named, clause: assessment.clause, rule: assessment.rule, evidence: assessment.evidence },
            chosen === undefined
              ? { rule: 'priority-is-not-known', clause: 'R30', evidence: proposal, notable: true }
              : {
                  rule: 'priority-differs-from-the-criteria',
                  clause: `R31, ${assessment.clause}`,
                  evidence: proposal,
                  notable: true,
                },
            policy.note,
          ),
    ...hints(assessment).map(abstain),
    ...questions(assessment, chosen?.rank ?? assessment.rank).map(abstain),
  ]);
}

/** Causes that the text names; the regulation lists them as examples, not as criteria. */
function hints({ findings }: PriorityAssessment) {
  return findings
    .filter(({ criterion, verdict }) => criterion.hint && verdict === 'yes')
    .map(({ criterion, evidence }) => ({
      rule: criterion.name,
      clause: criterion.clause,
      evidence: `possible cause${describe(evidence)}`,
    }));
}

/** Higher criteria of which the ticket says a part: what the agent may want to ask. */
function questions({ findings, needsTriage }: PriorityAssessment, rank: number) {
  return findings
    .filter(({ criterion, verdict, evidence }) => {
      const isHeard = evidence.some(({ where }) => ['title', 'text'].includes(where) || where.startsWith('comment'));
      return needsTriage && verdict === 'unknown' && criterion.rank < rank && !criterion.hint && isHeard;
    })
    .map(({ criterion, evidence }) => ({
      rule: criterion.name,
      clause: criterion.clause,
      evidence: `said in part${describe(evidence)}; the rest is not known`,
    }));
}

function describe(evidence: readonly Evidence[]): string {
  return evidence.length === 0
    ? ''
    : ` (${evidence.map(({ where, quote }) => `${where}: «${quote.replaceAll(/\s+/g, ' ')}»`).join('; ')})`;
}

/** What a ticket says as it was last heard: rules that are compared mostly read alike. */
const read = new WeakMap<Snapshot, { readonly how: string; readonly stem: Stem; readonly subject: Subject }>();

function subjectOf(ticket: Snapshot, policy: PriorityPolicy): Subject {
  const { sources, readAtMost, ago, morning, zone, stem, negation } = policy;
  const how = JSON.stringify([sources, readAtMost, ago, morning, zone]);
  const known = read.get(ticket);
  if (known?.how === how && known.stem === stem) {
    return { ...known.subject, negation };
  }

  const subject = hear(ticket, policy);
  read.set(ticket, { how, stem, subject });
  return subject;
}

function hear(ticket: Snapshot, policy: PriorityPolicy): Subject {
  const registered = ticket.createdAt.setZone(steadyZone(policy.zone));
  const { ago, morning, negation } = policy;
  const options = { ago, morning, registered: registered.hour * 60 + registered.minute };
  const readings = readTicket(ticket, policy);
  return {
    ticket,
    readings,
    negation,
    durations: readings.flatMap((reading) =>
      findDurations(reading.text, options).map((duration) => ({ duration, reading })),
    ),
  };
}

import { DateTime } from 'luxon';
import type { Clock } from '../clock/clock.ts';
import { toFieldMoment } from '../clock/show.ts';
import type { Gap } from '../closing-block.ts';
import { isSameText } from '../condition.ts';
import type { Facts } from '../facts.ts';
import { isShown } from '../field-value.ts';
import { type NoteTemplate, noteOnce } from '../note.ts';
import { abstain, act, combine, type Judgement, nothing, type Reason } from '../reason.ts';
import type { SlaPolicy } from '../table-4.ts';
import { fill, type TemplateValues } from '../template.ts';
import type { Snapshot } from '../ticket.ts';
import { showMoment, ticketValues, type Wording } from '../vocabulary.ts';
import { type Approval, type ApprovalRules, followApproval, type LetterVerdict, type StepState } from './approval.ts';

/** Placeholders of the texts about an approval, besides those of the ticket. */
export const approvalPlaceholders = {
  waiting: ['done', 'all', 'step', 'waiting'],
  approved: ['approvers'],
  refused: ['reason'],
  unknown: [],
  reminder: ['step', 'waiting', 'since', 'number'],
  letter: ['approver', 'quote'],
} as const;

export interface ApprovalPolicy extends ApprovalRules {
  readonly clause: string;
  /** Logical name of the field that shows how far the approval has come. */
  readonly shownIn: string;
  readonly texts: Readonly<Record<Approval['status'], string>>;
  /** How the missing approval is called where a ticket cannot be closed for it. */
  readonly gap: string;
  /** Absent where nobody is reminded. */
  readonly reminder?: ReminderPolicy;
  /** The note about a letter that an agent has to write down. */
  readonly letterNote: NoteTemplate;
  /** Whose hours are counted by the ticket's priority. */
  readonly sla: SlaPolicy;
  readonly wording: Wording;
}

export interface ReminderPolicy extends NoteTemplate {
  /** Milliseconds of the calendar's open time after which it is written for the first time, and then again and again. */
  readonly after: number;
  readonly every: number;
  readonly atMost: number;
  /** Milliseconds after which a reminder is no news any more: an old ticket that is seen for the first time is left in peace. */
  readonly newsFor: number;
}

/** How far the approval of a ticket has come, and the rules that it goes by. */
export interface ApprovalFound {
  readonly approval: Approval;
  readonly policy: ApprovalPolicy;
}

/** The approval of the ticket; undefined where its service needs none. */
export function findApproval(
  ticket: Snapshot,
  clock: Clock,
  policy: ApprovalPolicy | undefined,
): ApprovalFound | undefined {
  const approval = policy === undefined ? undefined : followApproval(ticket, clock.completed?.at, policy);
  return policy === undefined || approval === undefined ? undefined : { approval, policy };
}

/** Shows how far the approval has come, reminds of it, and tells of letters that an agent has to write down (R62). */
export function judgeApproval(facts: Facts, found: ApprovalFound | undefined, now: DateTime): Judgement {
  if (found === undefined || facts.ticket.phase === 'done') {
    return nothing;
  }

  const { approval, policy } = found;
  return combine([
    show(facts, approval, policy),
    ...approval.steps.map((state) => abstain(describeStep(state))),
    ...approval.proposals.map((letter) => tellLetter(facts, letter, policy)),
    remind(facts, approval, policy, now),
  ]);
}

/** What keeps a request from being closed: approvals that are not there. A refused request may be closed as such. */
export function approvalGaps(found: ApprovalFound | undefined): readonly Gap[] {
  return found === undefined || !isOpen(found.approval)
    ? []
    : [{ id: 'approval', told: `«${found.policy.gap}»`, clause: found.policy.clause }];
}

/** When the next reminder falls due. */
export function nextReminderAt(
  { ticket }: Facts,
  found: ApprovalFound | undefined,
  now: DateTime,
): DateTime | undefined {
  if (found === undefined || ticket.phase === 'done') {
    return undefined;
  }

  const next = dueMoments(ticket, found.approval, found.policy).find((at) => at > now.toMillis());
  return next === undefined ? undefined : DateTime.fromMillis(next, { zone: 'utc' });
}

function isOpen({ status }: Approval): boolean {
  return status === 'waiting' || status === 'unknown';
}

function show({ ticket }: Facts, approval: Approval, policy: ApprovalPolicy): Judgement {
  const text = fill(policy.texts[approval.status], valuesOf(approval));
  const reason = {
    rule: `approval-is-${approval.status}`,
    clause: policy.clause,
    evidence: evidenceOf(approval, policy),
  };
  return isShown(ticket.fields[policy.shownIn], text)
    ? abstain(reason)
    : act({ do: 'update', key: 'update:ticket:approval', ref: ticket.ref, fields: { [policy.shownIn]: text } }, reason);
}

function evidenceOf({ status, current, refusal }: Approval, { refusedIn }: ApprovalPolicy): string {
  switch (status) {
    case 'approved':
      return 'every step is done';
    case 'refused':
      return `${refusal} (${refusedIn}, or a letter)`;
    case 'unknown':
      return 'no branch of people.yaml has the requester’s company, so nobody is known who could approve';
    case 'waiting':
      return `«${current?.step.title}» waits for ${(current?.awaited ?? []).map(({ email }) => email).join(', ')}`;
  }
}

function describeStep({ step, approved, awaited, doneAt }: StepState): Omit<Reason, 'action'> {
  const said = approved.map(({ at, evidence }) => `${evidence} (${toFieldMoment(at)})`);
  const open = awaited.length === 0 ? [] : [`awaited: ${awaited.map(({ email }) => email).join(', ')}`];
  return {
    rule: doneAt === undefined ? 'approval-step-is-open' : 'approval-step-is-done',
    clause: step.clause,
    evidence: `«${step.title}» (${step.needs} of those asked): ${[...said, ...open].join('; ') || 'nobody is known'}`,
  };
}

/** A letter proves nothing by itself: an agent reads it and writes down what it says. */
function tellLetter(facts: Facts, { comment, who, verdict, quote }: LetterVerdict, policy: ApprovalPolicy): Judgement {
  if (policy.letters === 'counted') {
    return nothing;
  }

  const reason = {
    rule: `letter-seems-to-have-${verdict}`,
    clause: policy.clause,
    evidence: `article ${comment.id} came from ${who.email} and says «${quote}»; it counts when an agent writes it down`,
  };
  const values = { ...ticketValues(facts.ticket, policy.wording), approver: who.name, quote };
  return noteOnce(facts, `comment:note:approval:letter:${comment.id}`, policy.letterNote, values, reason);
}

/** Of several that are due the last one is written, each once for a step. */
function remind(facts: Facts, approval: Approval, policy: ApprovalPolicy, now: DateTime): Judgement {
  const { reminder, clause, wording } = policy;
  const { current, waitingSince } = approval;
  const due = dueMoments(facts.ticket, approval, policy).filter((at) => at <= now.toMillis());
  const last = due.at(-1);
  if (reminder === undefined || current === undefined || waitingSince === undefined || last === undefined) {
    return nothing;
  }
  if (last < now.toMillis() - reminder.newsFor) {
    return nothing;
  }

  const since = DateTime.fromMillis(waitingSince);
  const reason = {
    rule: 'approval-is-slow',
    clause,
    evidence: `«${current.step.title}» is waited for since ${toFieldMoment(waitingSince)}; reminder ${due.length} of ${reminder.atMost}`,
  };
  const values = {
    ...ticketValues(facts.ticket, wording),
    step: current.step.title,
    waiting: listed(current.awaited),
    since: showMoment(since, wording.moments),
    number: String(due.length),
  };
  const key = `comment:note:approval:${current.step.name}:${due.length}`;
  return noteOnce(facts, key, { ...reminder, notify: 'agents' }, values, reason);
}

/** When each reminder of the current step falls due; hours are those of the ticket's priority. */
function dueMoments(ticket: Snapshot, approval: Approval, { reminder, sla }: ApprovalPolicy): readonly number[] {
  const { waitingSince: start, status } = approval;
  const row = sla.targets.find(({ name }) => isSameText(name, ticket.priority)) ?? sla.targets.at(-1);
  if (reminder === undefined || row === undefined || start === undefined || status !== 'waiting') {
    return [];
  }

  const open = row.calendar.openBefore(start);
  return Array.from({ length: reminder.atMost }, (_, index) =>
    row.calendar.momentAt(open + reminder.after + index * reminder.every),
  ).flatMap((moment) => moment ?? []);
}

function valuesOf({ steps, current, refusal }: Approval): TemplateValues {
  const approvers = steps.flatMap(({ approved }) => approved.map(({ who }) => who));
  return {
    done: String(steps.filter(({ doneAt }) => doneAt !== undefined).length),
    all: String(steps.length),
    step: current?.step.title,
    waiting: listed(current?.awaited ?? []),
    approvers: listed(approvers),
    reason: refusal,
  };
}

function listed(people: readonly { readonly name: string }[]): string {
  return people.map(({ name }) => name).join(', ');
}

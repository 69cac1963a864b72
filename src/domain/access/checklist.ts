import type { DateTime } from 'luxon';
import { isSameText } from '../condition.ts';
import type { Facts } from '../facts.ts';
import { type NoteTemplate, noteOnce } from '../note.ts';
import { type Judgement, nothing } from '../reason.ts';
import { ticketValues, type Wording } from '../vocabulary.ts';
import { isTask } from './task.ts';

/** What line 1 looks at first (R66): an internal note in every new ticket of the services. */
export interface ChecklistPolicy extends NoteTemplate {
  readonly services: readonly string[];
  readonly clause: string;
  /** Milliseconds after the registration in which it is still of use. */
  readonly newsFor: number;
  readonly wording: Wording;
}

export function judgeChecklist(facts: Facts, policy: ChecklistPolicy | undefined, now: DateTime): Judgement {
  const { ticket } = facts;
  const isMeant = policy?.services.some((service) => isSameText(service, ticket.service ?? '')) === true;
  if (policy === undefined || !isMeant || isTask(ticket) || ticket.phase === 'done' || ticket.comments.length === 0) {
    return nothing;
  }
  if (now.toMillis() - ticket.createdAt.toMillis() > policy.newsFor) {
    return nothing;
  }

  const reason = {
    rule: 'line-1-has-a-checklist',
    clause: policy.clause,
    evidence: `the service is «${ticket.service}», and its checklist is not yet in the ticket`,
  };
  return noteOnce(facts, 'comment:note:checklist', policy, ticketValues(ticket, policy.wording), reason);
}

import type { Evidence } from './criterion.ts';
import type { Facts } from './facts.ts';
import { type NoteTemplate, noteOnce } from './note.ts';
import { abstain, type Judgement, nothing, type Reason } from './reason.ts';
import { ticketValues, type Wording } from './vocabulary.ts';

/** Placeholders of the note, besides those of the ticket. */
export const criteriaPlaceholders = ['criteria.priority', 'criteria.clause', 'criteria.quotes'] as const;

export interface DisagreementNote extends NoteTemplate {
  readonly wording: Wording;
}

/** The priority that the criteria propose, and what for. */
export interface ProposedPriority {
  readonly name: string;
  readonly clause: string;
  readonly rule: string;
  readonly evidence: readonly Evidence[];
}

/** Records that the agent and the criteria differ, and tells the agents once per proposal where a note is wanted. */
export function tellAgents(
  facts: Facts,
  proposed: ProposedPriority,
  reason: Reason,
  note: DisagreementNote | undefined,
): Judgement {
  if (note === undefined) {
    return abstain(reason);
  }

  const { ticket } = facts;
  const key = `comment:note:priority:${ticket.priority}:${proposed.name}:${proposed.rule}`;
  const quotes = proposed.evidence.map(({ quote }) => `«${quote.replaceAll(/\s+/g, ' ')}»`).join(', ');
  const values = {
    ...ticketValues(ticket, note.wording),
    'criteria.priority': proposed.name,
    'criteria.clause': proposed.clause,
    'criteria.quotes': quotes,
  };
  const told = noteOnce(facts, key, note, values, reason);
  return told === nothing ? abstain(reason) : told;
}

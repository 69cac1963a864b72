import { shows } from './comments.ts';
import type { Evidence } from './criterion.ts';
import type { Facts } from './facts.ts';
import { abstain, act, type Judgement, type Reason } from './reason.ts';
import { fill } from './template.ts';
import { ticketValues, type Wording } from './vocabulary.ts';

/** Placeholders of the note, besides those of the ticket. */
export const criteriaPlaceholders = ['criteria.priority', 'criteria.clause', 'criteria.quotes'] as const;

export interface DisagreementNote {
  readonly subject: string;
  readonly text: string;
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
  { ticket, link }: Facts,
  proposed: ProposedPriority,
  reason: Reason,
  note: DisagreementNote | undefined,
): Judgement {
  const key = `comment:note:priority:${ticket.priority}:${proposed.name}:${proposed.rule}`;
  if (note === undefined || link.done[key] !== undefined || shows(ticket, key)) {
    return abstain(reason);
  }

  const quotes = proposed.evidence.map(({ quote }) => `«${quote.replaceAll(/\s+/g, ' ')}»`).join(', ');
  const values = {
    ...ticketValues(ticket, note.wording),
    'criteria.priority': proposed.name,
    'criteria.clause': proposed.clause,
    'criteria.quotes': quotes,
  };
  return act(
    {
      do: 'comment',
      key,
      ref: ticket.ref,
      comment: { subject: fill(note.subject, values), text: fill(note.text, values), visibility: 'internal' },
    },
    reason,
  );
}

import { isTask } from './access/task.ts';
import { isWritten } from './comments.ts';
import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import { act, type Judgement, nothing } from './reason.ts';
import { fill } from './template.ts';
import { nameOf } from './ticket.ts';
import { ticketValues, type Wording } from './vocabulary.ts';

/** The public article that tells the requester the solution (R63). */
export interface LetterPolicy {
  readonly services: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Asks the requester to confirm the solution (R3); absent where nobody asks. */
  readonly request?: string;
  readonly clause: string;
}

/** Once for a ticket: a requester is never written to twice about the same. */
export const CLOSING_LETTER = 'comment:letter:closing';

/** Writes the letter for the services that have one. */
export function writeLetter(
  facts: Facts,
  solution: string,
  policy: LetterPolicy | undefined,
  wording: Wording,
): Judgement {
  const { ticket } = facts;
  const isMeant = policy?.services.some((service) => isSameText(service, ticket.service ?? '')) === true;
  if (policy === undefined || !isMeant || isTask(ticket) || isWritten(CLOSING_LETTER, facts)) {
    return nothing;
  }

  const values = { ...ticketValues(ticket, wording), solution };
  const text = [policy.text, policy.request ?? ''].map((part) => (part === '' ? '' : fill(part, values)));
  return act(
    {
      do: 'comment',
      key: CLOSING_LETTER,
      ref: ticket.ref,
      comment: {
        subject: fill(policy.subject, values),
        text: text.filter((part) => part !== '').join('\n\n'),
        visibility: 'public',
      },
    },
    {
      rule: 'requester-is-told-the-solution',
      clause: policy.request === undefined ? policy.clause : `${policy.clause}, R3`,
      evidence: `${nameOf(ticket.ref)} closes with a solution, and its service is «${ticket.service}»`,
    },
  );
}

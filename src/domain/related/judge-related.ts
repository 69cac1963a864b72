import type { Facts } from '../facts.ts';
import { combine, type Judgement } from '../reason.ts';
import { judgeExchange } from './exchange.ts';
import { isShownNow, linkedTickets } from './linked.ts';
import { judgeNotes } from './notes.ts';
import { judgeOpening } from './opening.ts';
import type { RelatedPolicy } from './policy.ts';
import { judgeShown } from './shown.ts';
import { judgeTakenParent } from './taken-parent.ts';

/**
 * Asks the support of adjacent systems, and keeps the ticket and its linked tickets at one (R71). Nothing here pauses a term:
 * only the requester's missing information does (R26).
 */
export function judgeRelated(facts: Facts, policy: RelatedPolicy): Judgement {
  const linked = linkedTickets(facts, policy);
  return combine([
    judgeTakenParent(facts),
    judgeOpening(facts, policy),
    judgeShown(facts, linked, policy),
    judgeNotes(facts, linked, policy),
    judgeExchange(facts, linked.filter(isShownNow), policy),
  ]);
}

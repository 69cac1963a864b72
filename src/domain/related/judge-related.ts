import type { Facts } from '../facts.ts';
import { combine, type Judgement } from '../reason.ts';
import { linkedTickets } from './linked.ts';
import { judgeOpening } from './opening.ts';
import type { RelatedPolicy } from './policy.ts';
import { judgeShown } from './shown.ts';

/** Asks the support of adjacent systems, and keeps the ticket and its linked tickets at one (R71). */
export function judgeRelated(facts: Facts, policy: RelatedPolicy): Judgement {
  const linked = linkedTickets(facts, policy);
  return combine([judgeOpening(facts, policy), judgeShown(facts, linked, policy)]);
}

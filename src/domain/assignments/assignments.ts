import type { DateTime } from 'luxon';
import type { Clock } from '../clock/clock.ts';
import type { Facts } from '../facts.ts';
import { combine, type Judgement } from '../reason.ts';
import { judgeReturns, type ShownReturns } from './judge-returns.ts';
import type { MisroutedPolicy } from './misrouted.ts';
import { judgeOwner, type OwnerPolicy } from './owner.ts';
import type { SupportGroup } from './returns.ts';

/** Who has a ticket, and what becomes of it when it goes back (R39, R40, R42, R43). */
export interface AssignmentPolicy {
  readonly groups: readonly SupportGroup[];
  /** Absent where issues do not show the owner of their ticket. */
  readonly owner?: OwnerPolicy;
  readonly returns: ShownReturns;
  /** Absent where the issue of a ticket that left is left to people. */
  readonly misrouted?: MisroutedPolicy;
}

/** Shows the ticket's owner in the issue and its returns in the ticket. */
export function judgeAssignments(facts: Facts, clock: Clock, policy: AssignmentPolicy, now: DateTime): Judgement {
  return combine([judgeOwner(facts, policy.owner), judgeReturns(facts, clock, policy.returns, now)]);
}

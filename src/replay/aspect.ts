import type { Decision, Policy } from '../domain/decide.ts';
import type { Facts } from '../domain/facts.ts';
import type { Reason } from '../domain/reason.ts';

/** One aspect of a decision, made comparable. */
export interface AspectValue {
  /** In few words and alike for many tickets: tickets are counted by it. */
  readonly shown: string;
  /** Everything that makes a difference, where `shown` leaves something out. */
  readonly full?: string;
  /** What is special about this ticket, e.g. the moment of a deadline: named with the ticket, never counted by. */
  readonly detail?: string;
  /** What it rests on. */
  readonly because: readonly Pick<Reason, 'rule' | 'clause'>[];
}

/** Something about a ticket that a change of the rules can change. */
export interface Aspect {
  readonly name: string;
  readonly valueOf: (facts: Facts, decision: Decision, policy: Policy) => AspectValue;
}

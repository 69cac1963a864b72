import type { DateTime } from 'luxon';
import { type Action, isOnceOnly } from './action.ts';
import { type ClosurePolicy, judgeClosure } from './closure.ts';
import { type CommentPolicy, judgeComments } from './comments.ts';
import { type EscalationPolicy, judgeEscalation, judgeScope } from './escalation.ts';
import type { Facts } from './facts.ts';
import { joinWrites } from './join-writes.ts';
import type { Agreed } from './link.ts';
import { combine, type Reason } from './reason.ts';
import { judgeReferences, type ReferencePolicy } from './references.ts';
import type { ScopePolicy } from './scope.ts';
import { issueStateOf, judgeStatus, type StatusPolicy } from './status.ts';

/** The mappings, compiled: everything that an administrator decides. */
export interface Policy {
  readonly scope: ScopePolicy;
  readonly escalation: EscalationPolicy;
  readonly references: ReferencePolicy;
  readonly comments: CommentPolicy;
  readonly status: StatusPolicy;
  readonly closure: ClosurePolicy;
}

export interface Decision {
  /** What is left to do, in order. Empty when the two sides agree. */
  readonly actions: readonly Action[];
  /** What to remember once all actions are done. */
  readonly agreed: Agreed;
  readonly because: readonly Reason[];
  /** When the passing of time alone can change the decision. */
  readonly lookAgainAt?: DateTime;
}

/**
 * What is left to do for one ticket and why. Pure: the same facts, policy and moment give the same decision, and after
 * its actions have taken effect it has none left.
 */
export function decide(facts: Facts, policy: Policy, _now: DateTime): Decision {
  const foreign = judgeScope(facts, policy.scope);
  if (foreign !== undefined) {
    return { actions: [], agreed: facts.link.agreed, because: foreign.because };
  }

  const judged = combine([
    judgeEscalation(facts, policy.escalation),
    judgeReferences(facts, policy.references),
    judgeComments(facts, policy.comments),
    judgeStatus(facts, policy.status),
    judgeClosure(facts, policy.closure),
  ]);
  const { actions, because } = joinWrites(judged, (key) => facts.link.refused[key] !== undefined);
  const refused = actions.filter((action) => isRefused(action, facts));
  return {
    actions: actions.filter((action) => !refused.includes(action)),
    because,
    agreed: refused.some((action) => action.do === 'move') ? facts.link.agreed : agreedAfter(facts),
  };
}

/** A refused action is left to its dead letter until its content changes; a once-only one until it is replayed. */
function isRefused(action: Action, { link }: Facts): boolean {
  const refusal = link.refused[action.key];
  if (refusal === undefined) {
    return false;
  }

  return isOnceOnly(action) || JSON.stringify(refusal.action) === JSON.stringify(action);
}

/** Once nothing is left to do, the issue's present state counts as brought over. */
function agreedAfter({ issue, link }: Facts): Agreed {
  return issue === undefined ? link.agreed : { ...link.agreed, issueState: issueStateOf(issue) };
}

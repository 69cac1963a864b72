import type { DateTime } from 'luxon';
import type { Action } from './action.ts';
import { type AttachmentPolicy, judgeAttachments } from './attachments.ts';
import { type ClosurePolicy, judgeClosure } from './closure.ts';
import { type CommentPolicy, judgeComments } from './comments.ts';
import { type EscalationPolicy, judgeEscalation } from './escalation.ts';
import type { Facts } from './facts.ts';
import { joinWrites } from './join-writes.ts';
import type { Agreed } from './link.ts';
import { judgeBranch, type PeoplePolicy } from './people.ts';
import { judgePriority, type PriorityPolicy } from './priority.ts';
import { combine, type Reason } from './reason.ts';
import { judgeReferences, type ReferencePolicy } from './references.ts';
import { judgeRelated, type RelatedPolicy } from './related.ts';
import { judgeScope, judgeService, type ScopePolicy } from './scope.ts';
import { broughtOver, judgeStatus, type StatusPolicy } from './status.ts';
import type { SlaPolicy } from './table-4.ts';

/** The mappings, compiled: everything that an administrator decides. */
export interface Policy {
  readonly scope: ScopePolicy;
  readonly people: PeoplePolicy;
  readonly attachments: AttachmentPolicy;
  readonly related: RelatedPolicy;
  readonly priority: PriorityPolicy;
  readonly escalation: EscalationPolicy;
  readonly references: ReferencePolicy;
  readonly comments: CommentPolicy;
  readonly status: StatusPolicy;
  readonly closure: ClosurePolicy;
  readonly sla: SlaPolicy;
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
export function decide(facts: Facts, policy: Policy, now: DateTime): Decision {
  const foreign = judgeScope(facts, policy.scope);
  if (foreign !== undefined) {
    return { actions: [], agreed: facts.link.agreed, because: foreign.because };
  }

  const judged = combine([
    judgeEscalation(facts, policy.escalation),
    judgeReferences(facts, policy.references),
    judgeComments(facts, policy.comments),
    judgeStatus(facts, policy.status, policy.closure.closedState),
    judgeClosure(facts, policy.closure),
    judgePriority(facts, policy.priority),
    judgeService(facts, policy.scope),
    judgeBranch(facts, policy.people),
    judgeAttachments(facts, policy.attachments),
    judgeRelated(facts, policy.related),
  ]);
  const { actions, because } = joinWrites(judged, (key) => facts.link.refused[key] !== undefined);
  const refused = actions.filter((action) => isRefused(action, facts, now));
  return {
    actions: actions.filter((action) => !refused.includes(action)),
    because,
    agreed: refused.some((action) => action.do === 'move') ? facts.link.agreed : broughtOver(facts),
  };
}

/** How long a refused action rests although looks find it unchanged. */
const REFUSAL_RESTS = { minutes: 15 };

/**
 * A refused action rests; what was refused for its content is offered again as soon as that changes. One that is still
 * in doubt is never offered again: only a person can tell whether it took effect.
 */
function isRefused(action: Action, { link }: Facts, now: DateTime): boolean {
  const refusal = link.refused[action.key];
  if (refusal === undefined) {
    return false;
  }

  const isSame = JSON.stringify(refusal.action) === JSON.stringify(action);
  return refusal.code === 'STILL_IN_DOUBT' || (isSame && now < refusal.at.plus(REFUSAL_RESTS));
}

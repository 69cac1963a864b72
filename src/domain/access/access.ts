import type { ChecklistPolicy } from './checklist.ts';
import type { ApprovalPolicy } from './judge-approval.ts';

/** What the regulation says of access requests and access problems (R60-R66). */
export interface AccessPolicy {
  readonly approval?: ApprovalPolicy;
  readonly checklist?: ChecklistPolicy;
  /** How people call a task that is not done (R65). */
  readonly taskGap?: string;
}

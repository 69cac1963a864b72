import type { Policy } from '../../src/domain/decide.ts';
import { quietPolicy } from '../support/policy.ts';

/** All rules that promise something about calls: what is opened, carried, moved and closed. */
export const wholeRules: Policy = quietPolicy;

/** Without those that only read texts and say what they found: half of the time of a decision. */
export const quickRules: Policy = {
  ...quietPolicy,
  version: `${quietPolicy.version}-quick`,
  priority: { ...quietPolicy.priority, criteria: [] },
  completeness: { ...quietPolicy.completeness, rules: [] },
};

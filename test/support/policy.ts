import type { Policy } from '../../src/domain/decide.ts';
import { loadPolicy } from '../../src/policy/load.ts';

/** The shipped mappings. */
export const shippedPolicy: Policy = await loadPolicy('mappings');

/** The shipped mappings for tests of other families of rules: deadlines are computed, but neither shown nor warned of. */
export const policyWithoutTerms: Policy = {
  ...shippedPolicy,
  clock: {
    ...shippedPolicy.clock,
    shown: { ticket: {}, issue: {} },
    note: { ...shippedPolicy.clock.note, shares: [] },
  },
};

import type { Policy } from '../../src/domain/decide.ts';
import { loadPolicy } from '../../src/policy/load.ts';

/** The shipped mappings. */
export const shippedPolicy: Policy = await loadPolicy('mappings');

/** The shipped lists of items under the reading that a number of the external system is mandatory (R37: `external_number: block`). */
export const demandingNumbers: Policy['completeness'] = {
  ...shippedPolicy.completeness,
  rules: shippedPolicy.completeness.rules.map((rule) => ({
    ...rule,
    items: rule.items.map((item) => (item.name === 'external-number' ? { ...item, isMandatory: true } : item)),
  })),
};

const { owner: _, returns, ...assignments } = shippedPolicy.assignments;
const { field: __, ...uncounted } = returns;

/**
 * The shipped mappings for tests of other families of rules: deadlines are neither shown nor warned of, no letter is drafted,
 * and owners and returns are not shown.
 */
export const quietPolicy: Policy = {
  ...shippedPolicy,
  assignments: { ...assignments, returns: { ...uncounted, newsFor: 0 } },
  completeness: {
    ...shippedPolicy.completeness,
    rules: shippedPolicy.completeness.rules.map((rule) => ({ ...rule, letter: 'off' })),
  },
  clock: {
    ...shippedPolicy.clock,
    shown: { ticket: {}, issue: {} },
    note: { ...shippedPolicy.clock.note, shares: [] },
  },
};

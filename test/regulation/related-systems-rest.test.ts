import { expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { CHILD, linkedFacts } from '../support/linked.ts';
import { quietPolicy as policy } from '../support/policy.ts';
import { aComment, NOW } from '../support/records.ts';

const SAID = { comments: [aComment({ id: '100', by: 'requester' }), aComment({ id: '101' })] } as const;
const CLOSED = { state: 'Закрыто', phase: 'done' } as const;
const merged = { state: 'merged', phase: 'done', mergedInto: { system: 'otrs', id: '77' } } as const;

const writtenInto = (ticket: Partial<Snapshot>, child: Partial<Snapshot>) =>
  decide(linkedFacts(ticket, child), policy, NOW).actions.filter((each) => 'ref' in each && each.ref === CHILD);

test.each([
  ['archived', { isArchived: true }],
  ['merged', merged],
] as const)('R71: nothing is written into a linked ticket that is %s', (_, child) => {
  expect(writtenInto(SAID, {})).toHaveLength(1);
  expect(writtenInto(SAID, child)).toEqual([]);

  expect(writtenInto(CLOSED, {}).length).toBeGreaterThan(0);
  expect(writtenInto(CLOSED, child)).toEqual([]);
});

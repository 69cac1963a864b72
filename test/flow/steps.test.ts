import { describe, expect, test } from '@jest/globals';
import { type Action, systemOf } from '../../src/domain/action.ts';
import { decide } from '../../src/domain/decide.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Facts } from '../../src/domain/facts.ts';
import { nextCall } from '../../src/domain/join-writes.ts';
import type { Attachment } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import { followSteps } from '../../src/flow/steps.ts';
import { quietPolicy } from '../support/policy.ts';
import { agreedFacts, NOW } from '../support/records.ts';

const NONE: ReadonlySet<string> = new Set();

const file = (id: string, name: string, size = 3): Attachment => ({ id, name, size, contentType: 'text/plain' });

/** Names and sizes of which some are alike, on both sides. */
const facts = agreedFacts(
  {
    attachments: ['экран.txt', 'журнал.txt', 'экран.txt', 'README', 'экран.txt', 'Экран.TXT'].map((name, index) => ({
      ...file(`100/${index + 1}`, name),
      commentId: '100',
    })),
  },
  { attachments: [file('501', 'экран.txt'), file('502', 'экран.txt'), file('503', 'сборка.txt', 4)] },
);

const callOf = (possible: readonly Action[], now: Facts) => nextCall(possible, now, NONE);

describe('the steps of a look', () => {
  test('between files are those that a decision after each of them would take', () => {
    let now = facts;
    let decisions = 0;
    const steps = followSteps({
      decide: () => {
        decisions += 1;
        return decide(now, quietPolicy, NOW);
      },
      isPossible: () => true,
      nextCall: (possible) => callOf(possible, now),
    });
    const taken: Action[] = [];
    for (let { action } = steps.next(); action !== undefined; { action } = steps.next()) {
      const effect = { system: systemOf(action), id: `copy-${taken.length}` };
      expect(action).toEqual(callOf(decide(now, quietPolicy, NOW).actions, now));
      taken.push(action);
      now = evolve(now, action, effect, NOW);
      steps.took(action, { outcome: 'done', effect, adopted: 'sent' });
    }

    const files = taken.filter((action) => action.do === 'attach');
    expect(files.map(({ besides }) => besides.length)).toEqual([0, 0, 1, 2, 0, 0, 1, 0]);
    expect(decide(now, quietPolicy, NOW).actions).toEqual([]);
    // One before the files, one after them, and one after each other action.
    expect(decisions).toBe(2 + taken.length - files.length);
  });

  test.each(['refused', 'other records read'] as const)('are decided anew after %s', (what) => {
    let decisions = 0;
    const steps = followSteps({
      decide: () => {
        decisions += 1;
        return decide(facts, quietPolicy, NOW);
      },
      isPossible: (action) => action.do === 'attach',
      nextCall: (possible) => callOf(possible, facts),
    });
    const { action } = steps.next();
    if (action === undefined) {
      throw new Error('there is no file to carry');
    }
    if (what === 'refused') {
      steps.took(action, { outcome: 'refused', error: new BridgeError('FILE_REFUSED', 'no') });
    } else {
      steps.took(action, { outcome: 'done', effect: { system: 'jira', id: '9' }, adopted: 'sent' });
      steps.decideAnew();
    }
    steps.next();

    expect(decisions).toBe(2);
  });
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Clock, readClock } from '../../src/domain/clock/clock.ts';
import { timelineOf } from '../../src/domain/timeline.ts';
import { shippedPolicy } from '../support/policy.ts';
import { type RandomHistory, randomHistories } from '../support/random-history.ts';
import { type SteppedClock, stepHistory } from './history-stepper.ts';

function read({ ticket, complete, now }: RandomHistory): Clock {
  return readClock(ticket, timelineOf(ticket), {
    policy: shippedPolicy.clock,
    completed: complete && { at: complete.at, position: complete.index + 1, evidence: 'the last piece of information' },
    isOurs: (name) => name.startsWith('NTTM'),
    now,
  });
}

function simplified({ stages, breaches }: Clock): SteppedClock {
  return {
    deadlines: stages.map(({ deadline }) => deadline?.at),
    done: stages.map(({ done }) => done?.at),
    breaches: breaches.map(({ priority, deadline: { name, at } }) => `${priority} ${name} ${at}`).sort(),
  };
}

test('R28a, R29: the fold over a history and a walk through it from step to step agree', () => {
  fc.assert(
    fc.property(randomHistories, (history) => {
      const { ticket, complete, now } = history;

      expect(simplified(read(history))).toEqual(stepHistory(ticket, complete, now));
    }),
    { numRuns: 10_000 },
  );
}, 300_000);

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Clock, readClock } from '../../src/domain/clock/clock.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { timelineOf } from '../../src/domain/timeline.ts';
import { before } from '../support/history.ts';
import { shippedPolicy } from '../support/policy.ts';
import { type RandomHistory, randomHistories } from '../support/random-history.ts';

function read({ ticket, complete, now }: RandomHistory): Clock {
  return readClock(ticket, timelineOf(ticket), {
    policy: shippedPolicy.clock,
    completed: complete && { at: complete.at, position: complete.index + 1, evidence: 'the last piece of information' },
    isOurs: (name) => name.startsWith('NTTM'),
    now,
  });
}

/** Entries that the registration consists of. */
const OPENING = 5;

const lateStages = ({ breaches }: Clock) =>
  new Set(breaches.map(({ deadline: { name } }) => (name === 'resolutionIfWorkaround' ? 'resolution' : name)));

const isCorrected = ({ ticket }: RandomHistory) =>
  ticket.comments.some(({ subject = '' }) => subject.startsWith('Приоритет ошибочен'));

test('I5: what was late at some moment stays a breach of its stage, whatever happens afterwards', () => {
  fc.assert(
    fc.property(
      randomHistories.filter((history) => !isCorrected(history)),
      (history) => {
        const { ticket, complete } = history;
        const late = lateStages(read(history));
        for (let index = OPENING; index < ticket.history.length; index += 1) {
          const then = read({
            ticket: before(index, ticket),
            complete: complete !== undefined && complete.index < index ? complete : undefined,
            now: ticket.history[index]?.at.toMillis() ?? 0,
          });
          expect([...lateStages(then)].filter((stage) => !late.has(stage))).toEqual([]);
        }
      },
    ),
    { numRuns: 1_500 },
  );
}, 120_000);

describe('I6: nothing stops the clock without evidence', () => {
  const evidenceOf = (begunBy: string, ticket: Snapshot) => {
    const [, id] = /^article (\d+) /.exec(begunBy) ?? [];
    const [, property, to] = /^(state|service) became «(.*)» \(user 21\)$/.exec(begunBy) ?? [];
    return {
      article: ticket.comments.find((comment) => comment.id === id),
      change: ticket.history.find(({ changes = [] }) =>
        changes.some((one) => one.property === property && one.to === to),
      ),
    };
  };

  test('each suspension names an article of an agent to the requester, or a change that the history tells', () => {
    fc.assert(
      fc.property(randomHistories, (history) => {
        for (const { why, begunBy, from } of read(history).suspensions) {
          const { article, change } = evidenceOf(begunBy, history.ticket);
          if (why === 'requester') {
            expect(article).toMatchObject({ by: 'agent', visibility: 'public' });
            expect(article?.at.toMillis()).toBe(from);
          } else {
            expect(change).toBeDefined();
          }
        }
      }),
      { numRuns: 2_000 },
    );
  }, 120_000);
});

describe('I10: the same history gives the same terms', () => {
  const later = fc.integer({ min: 1, max: 20_000 }).map((minutes) => minutes * 60_000);

  test('however late it is read: what is done does not move, nor does what no open pause holds', () => {
    fc.assert(
      fc.property(randomHistories, later, (history, length) => {
        const [soon, late] = [read(history), read({ ...history, now: history.now + length })];
        const isHeld = soon.suspensions.some(({ to }) => to === undefined);
        const firm = ({ stages }: Clock) =>
          stages.map(({ stage, deadline, done }) => [stage, done, done === undefined && isHeld ? '' : deadline?.at]);

        expect(firm(late)).toEqual(firm(soon));
        expect(late.suspensions).toEqual(soon.suspensions);
        expect([...lateStages(soon)].filter((stage) => !lateStages(late).has(stage))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  }, 120_000);

  test('in whatever order comments are listed that the history does not place', () => {
    const untold = randomHistories.map((history): RandomHistory => {
      const entries = history.ticket.history.map(({ commentId: _, ...entry }) => entry);
      return {
        ...history,
        complete: { at: history.ticket.createdAt.toMillis(), index: -1 },
        ticket: { ...history.ticket, history: entries },
      };
    });
    fc.assert(
      fc.property(untold, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (history, random) => {
        const keyed = history.ticket.comments.map((comment) => ({ comment, key: random.next().value }));
        const comments = keyed.toSorted((left, right) => left.key - right.key).map(({ comment }) => comment);
        const shuffled = { ...history, ticket: { ...history.ticket, comments } };

        expect({ ...read(shuffled), doubts: [] }).toEqual({ ...read(history), doubts: [] });
      }),
      { numRuns: 1_000 },
    );
  }, 120_000);

  test('a closed ticket keeps its result, whatever is done to it while it stays closed (R29)', () => {
    fc.assert(
      fc.property(randomHistories, (history) => {
        const { history: entries } = history.ticket;
        const isState = ({ changes = [] }: (typeof entries)[number]) =>
          changes.some(({ property }) => property === 'state');
        const closing = entries.findLastIndex(isState) + 1;
        fc.pre(history.ticket.state === 'Закрыто' && (history.complete?.index ?? 0) < closing);
        const [kept, whole] = [read({ ...history, ticket: before(closing, history.ticket) }), read(history)];

        expect([whole.stages, whole.breaches]).toEqual([kept.stages, kept.breaches]);
      }),
      { numRuns: 300 },
    );
  }, 120_000);
});

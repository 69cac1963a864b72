import { subjectOf } from '../../src/domain/action.ts';
import type { Words } from './people.ts';
import type { Simulation } from './simulation.ts';

/** The longest time in ms from when public words could be carried, for their ticket had its issue, until they were. */
export function longestWaitOf({ ledger, world }: Simulation, words: readonly Words[]): number {
  const waits = words.map(({ system, ticket, commentId, ms }) => {
    const key = `comment:${system === 'otrs' ? 'jira' : 'otrs'}:${commentId}`;
    const opened = ledger.effects.find(({ call, at }) => call === 'open' && at === ticket);
    const carried = ledger.effects.find((effect) => subjectOf(effect.key) === key);
    const isConcerned = ticket !== world.poisoned && opened !== undefined && carried !== undefined;
    return isConcerned ? carried.ms - Math.max(ms, opened.ms) : 0;
  });
  return Math.max(0, ...waits);
}

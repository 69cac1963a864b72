import { isSameText } from '../condition.ts';
import type { Facts, RelatedRecord } from '../facts.ts';
import type { Snapshot } from '../ticket.ts';
import type { RelatedPolicy, RelatedSystem } from './policy.ts';

/** A linked ticket of an adjacent system under the name that people know the system by. */
export interface LinkedTicket extends RelatedRecord {
  readonly title: string;
  readonly clause: string;
  /** Absent where the mapping does not know the system any more: the ticket stays linked. */
  readonly system?: RelatedSystem;
}

/** One that is shown now. */
export type ShownTicket = LinkedTicket & { readonly record: Snapshot };

/** The tickets that were opened for this one, in adjacent systems and on other lines, in the order of opening. */
export function linkedTickets({ related = [] }: Facts, { systems }: RelatedPolicy): readonly LinkedTicket[] {
  return related.map((each) => {
    const system = systems.find(({ key }) => key === each.name);
    return {
      ...each,
      title: system?.title ?? each.name,
      clause: system?.clause ?? (each.role === 'task' ? 'R65' : 'R71'),
      ...(system === undefined ? {} : { system }),
    };
  });
}

export function isShownNow(ticket: LinkedTicket): ticket is ShownTicket {
  return ticket.record !== undefined;
}

/** One that was merged or archived rests: nothing is written into it, as into any such ticket. */
export function isAtRest({ mergedInto, isArchived }: Snapshot): boolean {
  return mergedInto !== undefined || isArchived === true;
}

/** Whether it is told what is said elsewhere. */
export function isListening(record: Snapshot): boolean {
  return record.phase !== 'done' && !isAtRest(record);
}

/**
 * Numbers the stay of a record in its present state: 1 for the first time that it came into it. By its history, so that a
 * lost memory counts alike; a change that the history does not tell yet is counted too. A system without a history knows
 * the first time only.
 */
export function stayIn({ state, history }: Snapshot): number {
  const states = history
    .flatMap(({ changes = [] }) => changes)
    .flatMap(({ property, to }) => (property === 'state' ? (to ?? '') : []));
  const times = states.filter((each) => isSameText(each, state)).length;
  const last = states.at(-1);
  return last !== undefined && isSameText(last, state) ? times : times + 1;
}

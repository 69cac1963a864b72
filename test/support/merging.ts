import type { Comment, Ref, Snapshot } from '../../src/domain/ticket.ts';
import type { MemoryDesk } from './memory-desk.ts';

/** What a merge does to two tickets of a help desk: the comments and files move, the merged one is left with a notice. */
export function mergeIn(otrs: MemoryDesk, merged: string, main: string): void {
  const gone = recordOf(otrs, merged);
  const heir = recordOf(otrs, main);
  const inOrder = (comments: readonly Comment[]) =>
    comments.toSorted((one, other) => Number(one.id) - Number(other.id));
  otrs.change(main, ({ comments, attachments, mergedFrom = [] }) => ({
    comments: inOrder([...comments, ...gone.comments.map((comment) => ({ ...comment, isMergedIn: true }) as const)]),
    attachments: [...attachments, ...gone.attachments],
    mergedFrom: [...mergedFrom, nameable(gone.ref)],
  }));
  otrs.change(merged, () => ({
    state: 'merged',
    phase: 'done',
    text: 'Объединена заявка',
    textCommentId: `${merged}99`,
    comments: [
      {
        id: `${merged}99`,
        author: '',
        at: gone.changedAt,
        text: 'Объединена заявка',
        visibility: 'public',
        by: 'agent',
      },
    ],
    attachments: [],
    mergedInto: nameable(heir.ref),
  }));
}

function recordOf(otrs: MemoryDesk, id: string): Snapshot {
  const record = otrs.records.get(id);
  if (record === undefined) {
    throw new Error(`there is no ticket ${id}`);
  }
  return record;
}

function nameable({ system, id, key }: Ref): Ref {
  return { system, id, ...(key === undefined ? {} : { key }) };
}

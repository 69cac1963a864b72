import type { Ref } from '../../src/domain/ticket.ts';

/** An issue by its id, which survives a move to another project; its key does not. */
export function pathOf({ id }: Pick<Ref, 'id'>): string {
  return `/issue/${encodeURIComponent(id)}`;
}

import type { Transaction } from 'kysely';
import { BridgeError } from '../errors.ts';
import { momentOf } from './rows.ts';
import type { LetterJobTable, Schema } from './schema.ts';

const IN_HAND = ['todo', 'waiting'] as const;

type Rival = Pick<LetterJobTable, 'id' | 'act' | 'created_by' | 'created_at'> & { readonly letters: number };

/**
 * Throws `LETTER_TAKEN` if a running job still has letters to do, or waits for what came of them, that this one wants to do
 * too. Whoever calls holds the lock of the jobs, so of two at once one sees the other.
 */
export async function demandNoRival(transaction: Transaction<Schema>, job: string): Promise<void> {
  const rival = await transaction
    .selectFrom('letter_job as rival')
    .innerJoin('letter_job_item as theirs', 'theirs.job', 'rival.id')
    .innerJoin('letter_job_item as ours', 'ours.letter', 'theirs.letter')
    .select(['rival.id', 'rival.act', 'rival.created_by', 'rival.created_at'])
    .select(({ fn }) => fn.countAll<number>().as('letters'))
    .where('rival.state', '=', 'running')
    .where('rival.id', '<>', job)
    .where('theirs.state', 'in', IN_HAND)
    .where('ours.job', '=', job)
    .where('ours.state', 'in', IN_HAND)
    .groupBy(['rival.id', 'rival.act', 'rival.created_by', 'rival.created_at'])
    .orderBy('rival.created_at')
    .limit(1)
    .executeTakeFirst();
  if (rival !== undefined) {
    throw inHandOf(rival);
  }
}

function inHandOf({ id, act, created_by: by, created_at: at, letters }: Rival): BridgeError {
  const short = id.slice(0, 8);
  const begun = `${act}, begun by ${by} at ${momentOf(at).toISO()}`;
  return new BridgeError(
    'LETTER_TAKEN',
    `job ${id} (${begun}) has ${letters} of these letters in hand: \`bridge dead-letters jobs --watch ${short}\` shows how it gets on, \`bridge dead-letters jobs --stop ${short}\` stops it, and then these may be begun`,
    { details: { job: id, act, by } },
  );
}

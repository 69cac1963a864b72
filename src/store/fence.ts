import type { Transaction } from 'kysely';
import { nameOf } from '../domain/ticket.ts';
import { BridgeError } from '../errors.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import type { Claim } from './store.ts';

/**
 * Runs writes that only the holder of the claim may make. The ticket's row stays locked until they are durable, so a
 * later claim cannot come between. Throws `LEASE_LOST` before the first write if the fence is stale.
 */
export function underClaim<Result>(
  database: Database,
  claim: Claim,
  writes: (transaction: Transaction<Schema>) => Promise<Result>,
): Promise<Result> {
  return database.queries.transaction().execute(async (transaction) => {
    const held = await database
      .lockRows(
        transaction
          .selectFrom('work')
          .select('ticket')
          .where('ticket', '=', claim.ticket.id)
          .where('fence', '=', claim.fence)
          .where('lease_until', 'is not', null),
      )
      .executeTakeFirst();

    if (held === undefined) {
      throw new BridgeError('LEASE_LOST', `the lease on ticket ${nameOf(claim.ticket)} was lost`);
    }

    return writes(transaction);
  });
}

import type { Transaction } from 'kysely';
import { fingerprintOf, systemOfLetter } from '../fingerprint.ts';
import { wordsOfLetter } from '../letter-rows.ts';
import type { Schema } from '../schema.ts';

const PAGE = 500;

/** Letters from before get what SQL cannot work out: where the fault lies, its fingerprint, and the words to find them by. */
export async function describeOldLetters(transaction: Transaction<Schema>, ticketSystem: string): Promise<void> {
  for (let after = ''; ; ) {
    const rows = await transaction
      .selectFrom('dead_letter')
      .select(['id', 'ticket', 'ticket_key', 'action', 'action_key', 'code', 'message'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    for (const { id, ticket, ticket_key, action, action_key, code, message } of rows) {
      const letter = {
        code,
        message,
        ...(ticket === null ? {} : { ticket: { system: ticketSystem, id: ticket } }),
        ...(action === null ? {} : { action: JSON.parse(action) }),
      };
      await transaction
        .updateTable('dead_letter')
        .set({
          system: systemOfLetter(letter) ?? null,
          fingerprint: fingerprintOf(letter),
          words: wordsOfLetter({ code, message, ticket_key, action_key }),
        })
        .where('id', '=', id)
        .execute();
    }
    const last = rows.at(-1);
    if (last === undefined) {
      return;
    }
    after = last.id;
  }
}

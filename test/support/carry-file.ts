import type { Desk } from '../../src/connector.ts';
import type { Action } from '../../src/domain/action.ts';
import type { Facts } from '../../src/domain/facts.ts';
import { createAllowance } from '../../src/files/allowance.ts';
import { packLuggage } from '../../src/flow/luggage.ts';
import { deliver, type LoadContext, load } from '../../src/flow/transfer.ts';
import { aLink, aTicket } from './records.ts';

/** Carries one file as a look does; the desks know no more of its record than they find out. */
export async function carryFile(
  action: Extract<Action, { do: 'attach' }>,
  desks: Readonly<Record<string, Desk>>,
  options: { readonly folder?: string; readonly content?: LoadContext['content'] } = {},
) {
  const { folder, content = 'checked' } = options;
  const { signal } = new AbortController();
  const facts: Facts = { ticket: aTicket({ ref: { system: 'nowhere', id: '1' } }), link: aLink() };
  await using luggage = packLuggage({ desks, folder, ahead: createAllowance(), signal });
  const cargo = await load(action, { luggage, facts, later: [], content });
  try {
    return await deliver(action, cargo, desks[action.ref.system] as Desk, signal);
  } finally {
    await cargo.close();
  }
}

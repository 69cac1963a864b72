import { createHash } from 'node:crypto';
import type { Reason } from '../domain/reason.ts';
import type { Claim } from '../store/store.ts';
import type { SynchroniseContext } from './synchronise.ts';

/**
 * Writes notable reasons into the ticket's audit trail, once per change of what they say, an empty list when they are gone
 * (R31: a disagreement is never silently overridden). Answers with the digest to remember.
 */
export async function noteDisagreements(
  claim: Claim,
  because: readonly Reason[],
  known: string | undefined,
  rules: string,
  { store, now }: Pick<SynchroniseContext, 'store' | 'now'>,
): Promise<string | undefined> {
  const notable = because
    .filter((reason) => reason.notable === true)
    .map(({ rule, clause, evidence }) => ({ rule, clause, evidence }));
  const digest = notable.length === 0 ? undefined : digestOf(notable);
  if (digest !== known) {
    await store.audit({
      at: now(),
      who: 'bridge',
      what: 'noted',
      ticket: claim.ticket,
      detail: { rules, because: notable },
    });
  }
  return digest;
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

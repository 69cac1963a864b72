import type { Facts } from '../domain/facts.ts';
import { nameOf } from '../domain/ticket.ts';
import { toBridgeError } from '../errors.ts';
import type { Claim } from '../store/store.ts';
import type { SynchroniseContext } from './synchronise.ts';

/** Keeps the facts that the look ended with. A convenience for replays: that it fails must not fail the look. */
export async function keepFacts(
  claim: Claim,
  facts: Facts,
  rules: string,
  { store, now, log, writeFacts }: Pick<SynchroniseContext, 'store' | 'now' | 'log' | 'writeFacts'>,
): Promise<void> {
  try {
    const isDone = facts.ticket.phase === 'done';
    const written = writeFacts === undefined ? {} : { facts: writeFacts(facts) };
    await store.keepSnapshot(claim, { at: now(), isDone, rules, ...written });
  } catch (thrown) {
    log.warn({ ticket: nameOf(claim.ticket), error: toBridgeError(thrown).message }, 'snapshot not kept');
  }
}

import type { KeptExchange } from '../domain/attempt.ts';
import { clockSeen, type LookRecord } from '../domain/look-record.ts';
import type { EndedLook } from './worker.ts';

/** Reads that failed are alike, so a few of them say all. */
const MOST_CALLS = 3;
const LONGEST_MESSAGE = 300;

/** What a look came to, as it is kept. `calls` are the reads that failed. */
export function lookRecordOf(
  { release, look, error, ms }: Omit<EndedLook, 'claim'>,
  calls: readonly KeptExchange[],
): LookRecord {
  const held = [...(error === undefined ? [] : [error]), ...(look?.gone === undefined ? [] : [look.gone])].concat(
    look?.held ?? [],
  );
  const [first] = held;
  return {
    ms,
    outcome: release.outcome,
    rules: look?.rules ?? '',
    actions: look?.performed.map(({ action }) => action.key) ?? [],
    held: [...new Set(held.map(({ code }) => code))].toSorted(),
    ...(first === undefined ? {} : { message: first.message.slice(0, LONGEST_MESSAGE).toWellFormed() }),
    ...(look === undefined ? {} : { clock: clockSeen(look.decision.clock) }),
    ...(release.nextLookAt === undefined ? {} : { nextLookAt: release.nextLookAt }),
    exchanges: calls.slice(0, MOST_CALLS),
  };
}

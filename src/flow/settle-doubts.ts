import { type Action, type ActionKey, systemOf, type UpdateAction } from '../domain/action.ts';
import { leftUndone, wordsOf } from '../domain/join-writes.ts';
import type { Reason } from '../domain/reason.ts';
import { isSameRecord, nameOf, type Ref, type SystemName } from '../domain/ticket.ts';
import { type BridgeError, toBridgeError } from '../errors.ts';
import type { Claim, Store } from '../store/store.ts';
import type { Doubts } from './doubts.ts';
import type { Performed } from './perform.ts';
import { changeOf, type Progress } from './progress.ts';
import { type NewsContext, newsOfEffect } from './tell-news.ts';

/** What is left of the calls of earlier looks. */
export interface SettledDoubts {
  /** They are over: those that nobody wants any more can be forgotten. */
  readonly idle: readonly ActionKey[];
  readonly unsettled: Doubts['unsettled'];
  /** What finishing one of them failed with for now, by system. */
  readonly failed: ReadonlyMap<SystemName, BridgeError>;
}

/** Finishes what calls without an answer have left undone, and remembers the effects of those that had one. */
export async function settleDoubts(
  doubts: Doubts,
  claim: Claim,
  progress: Progress,
  carry: (action: Action) => Promise<Performed>,
  context: NewsContext,
): Promise<SettledDoubts> {
  const unsettled = new Map(doubts.unsettled);
  const failed = new Map<SystemName, BridgeError>();
  // While they are remembered their tries add up, and come to an end.
  const unfinished: ActionKey[] = [];
  const finish = async (action: Action) => {
    const rest = leftUndone(action, progress.facts());
    if (rest === undefined) {
      return;
    }

    try {
      await progress.take(rest, await carry(rest), [finishing(rest)]);
    } catch (thrown) {
      unfinished.push(action.key, rest.key);
      throw thrown;
    }
  };
  for (const each of doubts.present) {
    await finish(each.action)
      .then(() => adopt(each, claim, progress, context))
      .catch((thrown: unknown) => {
        unsettled.set(each.action.key, { action: each.action, error: toBridgeError(thrown) });
      });
  }
  for (const action of doubts.repeatable) {
    await finish(action).catch((thrown: unknown) => failed.set(systemOf(action), toBridgeError(thrown)));
  }

  const over = [...doubts.absent, ...doubts.repeatable.map(({ key }) => key)];
  return { idle: over.filter((key) => !unfinished.includes(key)), unsettled, failed };
}

/** Remembers the effect of a call that was never answered. */
async function adopt(
  { action, effect }: Doubts['present'][number],
  claim: Claim,
  progress: Progress,
  context: NewsContext,
): Promise<void> {
  const { store, now } = context;
  const words = wordsOf(action);
  const facts = progress.facts();
  if (await isHeldByMain(words, effect, progress, store)) {
    await store.complete(claim, words, effect.id, {}, now());
    return;
  }

  const change = { ...changeOf(words, facts, effect, now()), ...newsOfEffect(words, facts, effect, context) };
  await store.complete(claim, words, effect.id, change, now());
  await progress.take(words, { outcome: 'done', effect, adopted: 'adopted' }, [adoption(words, effect)]);
}

/** Whether the ticket was merged into another one, and that has found the new record first and has it now. */
async function isHeldByMain(action: Action, effect: Ref, progress: Progress, store: Store): Promise<boolean> {
  const { mergedInto } = progress.facts().ticket;
  if (action.do !== 'open' || mergedInto === undefined) {
    return false;
  }

  const { issue, related } = await store.link(mergedInto);
  return [issue, ...related.map(({ ref }) => ref)].some((ref) => ref !== undefined && isSameRecord(ref, effect));
}

function adoption({ key }: Action, effect: Ref): Reason {
  const evidence = `${nameOf(effect)} carries the mark of an earlier call that was never answered`;
  return { rule: 'unanswered-call-took-effect', clause: '', evidence, action: key };
}

function finishing({ key, ref, fields }: UpdateAction): Reason {
  const evidence = `a call that was never answered has ended ${nameOf(ref)} without ${Object.keys(fields).join(', ')}`;
  return { rule: 'unanswered-call-is-finished', clause: 'R54', evidence, action: key };
}

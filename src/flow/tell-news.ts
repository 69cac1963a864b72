import type { DateTime } from 'luxon';
import type { Action } from '../domain/action.ts';
import type { Decision } from '../domain/decide.ts';
import type { Facts } from '../domain/facts.ts';
import { deadlineNews, issueOpened, ticketClosed } from '../domain/news.ts';
import type { Ref } from '../domain/ticket.ts';
import type { Claim, LinkChange, Store } from '../store/store.ts';

export interface NewsContext {
  readonly store: Store;
  readonly now: () => DateTime;
  /** Since when anybody listens; absent where no news are wanted. */
  readonly newsSince?: DateTime;
}

/** Writes down what a look found that other programs are to be told: deadlines, and that the ticket is closed. */
export async function tellNews(
  claim: Claim,
  facts: Facts,
  { clock }: Decision,
  { store, now, newsSince }: NewsContext,
): Promise<void> {
  if (newsSince === undefined) {
    return;
  }

  const moment = now();
  const before = facts.ticket.phase === 'done' ? await store.lastSeen(claim.ticket) : undefined;
  const closed = before?.isDone === false ? [ticketClosed(facts, clock, before.at, moment)] : [];
  await store.outbox.tell(claim, [...deadlineNews(facts, clock, newsSince, moment), ...closed]);
}

/** What is told in the transaction that remembers the effect of an action. */
export function newsOfEffect(
  action: Action,
  facts: Facts,
  effect: Ref,
  { now, newsSince }: NewsContext,
): Pick<LinkChange, 'news'> {
  return newsSince !== undefined && action.do === 'open' && action.role === 'issue'
    ? { news: [issueOpened(facts, effect, now())] }
    : {};
}

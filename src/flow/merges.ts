import type { DateTime } from 'luxon';
import type { TicketEvent } from '../domain/event.ts';
import type { Facts } from '../domain/facts.ts';
import { inheritanceOf } from '../domain/inheritance.ts';
import { isSameRecord, nameOf, type Ref, type Snapshot } from '../domain/ticket.ts';
import { BridgeError } from '../errors.ts';
import type { Claim, Store } from '../store/store.ts';
import { type Desks, readUnlessGone } from './gather.ts';

interface MergeContext {
  readonly desks: Desks;
  readonly store: Store;
  readonly now: () => DateTime;
}

/** Whether something was taken over: then the records have to be read anew. */
export type Taken = 'nothing' | 'something';

/** When to ask again whether nobody looks at the merged ticket any more. */
const RETRY_MS = 2_000;

/**
 * Lets a main ticket take over the memory of every ticket that was merged into it, before anything is decided: the comments
 * have moved, and what was carried from there must not be carried again. Throws `EFFECT_SETTLING` while one of them is
 * looked at or about to be.
 */
export async function takeOver(
  claim: Claim,
  { ticket, link: before }: Facts,
  { desks, store, now }: MergeContext,
  signal: AbortSignal,
): Promise<Taken> {
  let link = before;
  for (const from of ticket.mergedFrom ?? []) {
    const merged = await store.link(from);
    const issue = link.issue === undefined ? await readIssue(merged.issue, desks, signal) : undefined;
    const doubts = await store.doubtful(from);
    const keys = doubts.map(({ key }) => key);
    const inheritance = inheritanceOf({ ticket, link }, merged, issue, keys);
    if (inheritance === undefined) {
      continue;
    }

    if (!(await store.inherit(claim, from, inheritance, now()))) {
      throw busy(from);
    }

    link = await store.link(claim.ticket);
    const detail = {
      from: nameOf(from),
      ...(inheritance.issue === undefined ? {} : { issue: nameOf(inheritance.issue) }),
    };
    await store.audit({ at: now(), who: 'bridge', what: 'took over', ticket: claim.ticket, detail });
  }
  return link === before ? 'nothing' : 'something';
}

/** Absent where there is none, and where its system does not show it: it stays where it is then. */
async function readIssue(ref: Ref | undefined, desks: Desks, signal: AbortSignal): Promise<Snapshot | undefined> {
  const read = ref === undefined ? undefined : await readUnlessGone(ref, desks, signal);
  return read instanceof BridgeError ? undefined : read;
}

function busy(from: Ref): BridgeError {
  return new BridgeError(
    'EFFECT_SETTLING',
    `${nameOf(from)} was merged into this ticket and is being looked at; what is known of it is taken over after that`,
    { retryAfterMs: RETRY_MS },
  );
}

/**
 * A ticket that was merged into one that had been opened for it leaves that alone: its events lead to the main ticket itself
 * from now on, or nobody would look at that. Answers with the facts that are left.
 */
export async function partFromMain(claim: Claim, facts: Facts, { store, now }: Pick<MergeContext, 'store' | 'now'>) {
  const { ticket, link, related, ...others } = facts;
  const main = link.related.find(({ ref }) => ticket.mergedInto !== undefined && isSameRecord(ref, ticket.mergedInto));
  if (main === undefined) {
    return facts;
  }

  await store.unlink(claim, main.ref);
  await store.accept([wakeUp(ticket, main.ref, now())], now());
  const isOther = ({ name }: { readonly name: string }) => name !== main.name;
  const left = related?.filter(isOther) ?? [];
  return {
    ...others,
    ticket,
    link: { ...link, related: link.related.filter(isOther) },
    ...(left.length === 0 ? {} : { related: left }),
  };
}

/**
 * Makes the main ticket of a merged one due where something waits for it: an issue, or what the merged ticket has itself
 * taken over from another one.
 */
export async function wakeMain(
  { ticket, main, link, issue }: Facts,
  taken: Taken,
  { store, now }: MergeContext,
): Promise<void> {
  const isAwaited =
    link.issue !== undefined && main?.issue === undefined && issue !== undefined && issue.phase !== 'done';
  if (main === undefined || main.isHidden === true || !(isAwaited || taken === 'something')) {
    return;
  }

  await store.accept([wakeUp(ticket, main.ref, now())], now());
}

function wakeUp({ ref }: Snapshot, main: Ref, at: DateTime): TicketEvent {
  const id = `merged:${ref.system}:${ref.id}>${main.id}:${at.toMillis()}`;
  return { id, ref: main, kind: 'changed', channel: 'sweep', at, isOfItself: true };
}

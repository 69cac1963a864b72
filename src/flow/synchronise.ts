import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { type Action, type ActionKey, subjectOf, systemOf } from '../domain/action.ts';
import { type Decision, decide, type Policy } from '../domain/decide.ts';
import type { Facts } from '../domain/facts.ts';
import { contentRuleFor } from '../domain/file-standing.ts';
import { nextCall } from '../domain/join-writes.ts';
import type { Agreed } from '../domain/link.ts';
import type { Ref, SystemName } from '../domain/ticket.ts';
import { urgencyOf } from '../domain/urgency.ts';
import { type BridgeError, toBridgeError } from '../errors.ts';
import type { Allowance } from '../files/allowance.ts';
import type { Claim, Store } from '../store/store.ts';
import type { WatchCalls } from './attempt.ts';
import { type Doubts, examineDoubts } from './doubts.ts';
import { findForgottenIssue } from './forgotten-issue.ts';
import { type Desks, deskOf, type Gathered, gather } from './gather.ts';
import { forgetAbsence } from './gone-ticket.ts';
import { keepFacts } from './keep-facts.ts';
import { carryOrders } from './letters/carry-orders.ts';
import { packLuggage } from './luggage.ts';
import { partFromMain, takeOver, wakeMain } from './merges.ts';
import { noteDisagreements } from './note-disagreements.ts';
import { perform } from './perform.ts';
import { changeOf, type PerformedAction, trackProgress } from './progress.ts';
import { type SettledDoubts, settleDoubts } from './settle-doubts.ts';
import { followSteps } from './steps.ts';
import { wakeStrays } from './strays.ts';
import { newsOfEffect, tellNews } from './tell-news.ts';
import type { LoadContext } from './transfer.ts';

export interface SynchroniseContext {
  readonly desks: Desks;
  readonly store: Store;
  /** The policy in force now; a reload changes it between two looks, never within one. */
  readonly policy: () => Policy;
  readonly now: () => DateTime;
  readonly maxAttempts: number;
  /** When this process started: it can have forgotten nothing about tickets that are younger. */
  readonly startedAt: DateTime;
  /** Where files wait on their way; absent: the folder of the operating system for temporary files. */
  readonly filesFolder?: string | undefined;
  /** What files of all looks may wait there ahead of their turn. */
  readonly filesAhead: Allowance;
  readonly log: Logger;
  /** Absent: what was said in calls is kept nowhere. */
  readonly watchCalls?: WatchCalls | undefined;
  readonly onEffect: (effect: PerformedAction) => void;
  /** Since when other programs listen for news; absent where none are wanted. */
  readonly newsSince?: DateTime;
  /** The facts as text, to be kept for replays; absent where the administrator does not want them kept. */
  readonly writeFacts?: (facts: Facts) => string;
}

/** Files that are carried before the records are read again. */
const FILES_BETWEEN_READS = 20;

/** How far the clocks of OTRS and of the bridge may lie apart. */
const CLOCK_SKEW = { minutes: 2 };

/** What a look came to. `held` are the actions that failed for now, with the error that decides when to try again. */
export interface Look {
  /** Version of the rules that it went by. */
  readonly rules: string;
  readonly facts: Facts;
  readonly decision: Decision;
  readonly performed: readonly PerformedAction[];
  readonly held: readonly BridgeError[];
  /** Its place among tickets that wait, see `urgencyOf`. */
  readonly urgency: number;
  /** Why the issue of a ticket that is not over could not be seen. */
  readonly gone?: BridgeError;
}

/**
 * One look at one ticket: gather, settle doubts, then decide, perform, remember, until nothing is left. An action that
 * fails for now holds back the later ones to the same system, for the order of comments must stay; those to the other
 * system go on. Files come last and take long, so a look that has come to them steps aside, and reads anew from time to
 * time: what people wrote meanwhile does not wait for all of them.
 */
export async function synchronise(
  claim: Claim,
  context: SynchroniseContext,
  signal: AbortSignal,
  stepAside: () => void = () => {},
): Promise<Look> {
  const { desks, store, now } = context;
  const policy = context.policy();
  const { filesFolder: folder, filesAhead: ahead } = context;
  await using luggage = packLuggage({ desks, folder, ahead, signal });
  let { facts: read, gone, unread, missed } = await readWhole(claim, context, signal);
  const held = new Map<SystemName, BridgeError>(unread);
  const doubts = await examineDoubts(claim.ticket, goneRecords(read), context, signal);
  const progress = trackProgress(claim, read, policy.version, context, signal);
  const carry = (action: Action, later: readonly Action[] = [], isOrdered = false) => {
    const facts = progress.facts();
    const content = contentRuleFor(action, facts, policy.attachments);
    const files = { luggage, facts, later, content };
    return carryOut(action, { files, isOrdered }, claim, policy.version, context, signal);
  };
  const { idle, unsettled, failed } = await settleDoubts(doubts, claim, progress, carry, context);
  for (const [system, error] of failed) {
    held.set(system, error);
  }
  const refuseRival = ({ key }: Action) => refuseDoubt(key, unsettled);
  const carryOrdered = (action: Action) => carry(action, [], true);
  const orders = await carryOrders(claim.ticket, { store, progress, carry: carryOrdered, refuseRival, held, signal });

  const steps = followSteps({
    decide: () => decide(progress.facts(), policy, now()),
    isPossible: (each) => !held.has(systemOf(each)),
    nextCall: (possible) => nextCall(possible, progress.facts(), new Set([...progress.parted, ...unsettled.keys()])),
  });
  for (;;) {
    const { decision, possible, action } = steps.next();
    const facts = progress.facts();
    if (action === undefined) {
      await dropUnwanted(claim, decision, { idle: orders.without(idle), unsettled }, held, store);
      const heldBack = [...held.keys()].filter((system) => isParty(system, facts, policy)).length;
      const agreed = await agree(claim, facts, decision, heldBack, policy.version, context);
      await tellNews(claim, facts, decision, context);
      await keepFacts(claim, { ...facts, link: { ...facts.link, agreed } }, policy.version, context);
      await progress.written();
      const hidden = facts.ticket.phase === 'done' ? undefined : gone;
      if (held.size + missed.length === 0) {
        await orders.settle(claim, hidden === undefined ? 'unwanted' : 'in-vain', now());
      }
      const { performed } = progress;
      const urgency = urgencyOf(facts.ticket, decision.clock, policy.priority.names);
      const look = { rules: policy.version, facts, decision, performed, held: [...held.values(), ...missed], urgency };
      return hidden === undefined ? look : { ...look, gone: hidden };
    }

    signal.throwIfAborted();
    try {
      refuseDoubt(action.key, unsettled);
      if (action.do === 'attach') {
        stepAside();
      }
      const result = await carry(action, possible);
      await progress.take(action, result, decision.because);
      steps.took(action, result);
    } catch (thrown) {
      held.set(systemOf(action), toBridgeError(thrown));
      steps.decideAnew();
    }

    if (progress.files() >= FILES_BETWEEN_READS) {
      ({ facts: read, gone, unread, missed } = await readWhole(claim, context, signal));
      for (const [system, error] of unread) {
        held.set(system, error);
      }
      progress.goOnWith(read);
      steps.decideAnew();
    }
  }
}

/** All that the look rests on, with what comes along from tickets that were merged into this one. */
async function readWhole(claim: Claim, context: SynchroniseContext, signal: AbortSignal): Promise<Gathered> {
  const { desks, store } = context;
  const first = await gather(claim.ticket, desks, store, signal);
  const taken = await takeOver(claim, first.facts, context, signal);
  // What is known of the ticket changed, and not the ticket.
  const known = { ...context, issueSystem: context.policy().escalation.issueSystem, forgettable: forgettable(context) };
  const forgotten = await findForgottenIssue(claim, first.facts, known, signal);
  const gathered =
    taken === 'nothing' && forgotten === undefined
      ? first
      : await gather(claim.ticket, desks, store, signal, { known: first.facts.ticket });
  const left = await partFromMain(claim, gathered.facts, context);
  await wakeMain(left, taken, context);
  await wakeStrays(left, context.policy().scope, context);
  const facts = await forgetAbsence(claim, left, store);
  return { ...gathered, facts: await rememberKeys(claim, facts, store) };
}

/** Tickets that were registered before that may be known to an earlier life of the bridge. */
function forgettable({ startedAt }: SynchroniseContext): DateTime {
  return startedAt.plus(CLOCK_SKEW);
}

/** Another version of what is in doubt would be told twice if the doubtful one turned up after all. */
function refuseDoubt(key: ActionKey, unsettled: Doubts['unsettled']): void {
  const rival = [...unsettled].find(([each]) => subjectOf(each) === subjectOf(key));
  if (rival !== undefined) {
    throw rival[1].error;
  }
}

/** Records that are linked with the ticket and that their systems do not show. */
function goneRecords({ link, isIssueGone, related = [] }: Facts): readonly Ref[] {
  const gone = related.filter((each) => each.isGone === true).map(({ ref }) => ref);
  return isIssueGone === true && link.issue !== undefined ? [link.issue, ...gone] : gone;
}

/** What ticket and issue agree on does not wait for the system of a linked record. */
function isParty(system: SystemName, { ticket, link }: Facts, { escalation }: Policy): boolean {
  return system === ticket.ref.system || system === (link.issue?.system ?? escalation.issueSystem);
}

/** Keys can change (an issue is moved), and people read them in letters. Mostly there is nothing to write. */
async function rememberKeys(claim: Claim, facts: Facts, store: Store): Promise<Facts> {
  const { link, ticket, issue, related = [] } = facts;
  const isIssueRenamed = issue !== undefined && link.issue?.key !== issue.ref.key;
  const present = new Map(related.map(({ name, ref }) => [name, ref]));
  const isRelatedRenamed = link.related.some(({ name, ref }) => (present.get(name) ?? ref).key !== ref.key);
  const renamed = link.related.map((each) => ({ ...each, ref: present.get(each.name) ?? each.ref }));
  if (link.ticket.key !== ticket.ref.key || isIssueRenamed || isRelatedRenamed) {
    await store.remember(claim, {
      ticket: ticket.ref,
      ...(issue === undefined ? {} : { issue: issue.ref }),
      ...(isRelatedRenamed ? { related: renamed } : {}),
    });
  }
  // Whatever the look remembers from here on goes by the new keys.
  const refs = { ...(isIssueRenamed ? { issue: issue.ref } : {}), ...(isRelatedRenamed ? { related: renamed } : {}) };
  return isIssueRenamed || isRelatedRenamed ? { ...facts, link: { ...link, ...refs } } : facts;
}

/** Calls that nobody wants any more: those that are over (`idle`) are forgotten, the others are looked at again. */
async function dropUnwanted(
  claim: Claim,
  decision: Decision,
  { idle, unsettled }: Pick<SettledDoubts, 'idle' | 'unsettled'>,
  held: Map<SystemName, BridgeError>,
  store: Store,
): Promise<void> {
  const wanted = new Set(decision.actions.map(({ key }) => key));
  for (const key of idle) {
    if (!wanted.has(key)) {
      await store.forget(claim, key);
    }
  }
  for (const { action, error } of unsettled.values()) {
    if (!held.has(systemOf(action))) {
      held.set(systemOf(action), error);
    }
  }
}

/** What the rules decide on rests on the marks of the records; what a person ordered as recorded asks for them. */
function carryOut(
  action: Action,
  { files, isOrdered }: { readonly files: LoadContext & { readonly facts: Facts }; readonly isOrdered: boolean },
  claim: Claim,
  rules: string,
  context: SynchroniseContext,
  signal: AbortSignal,
) {
  const { facts } = files;
  const { mergedFrom: heirOf = [] } = facts.ticket;
  const isOld = heirOf.length > 0 || facts.ticket.createdAt < forgettable(context);
  return perform(action, {
    claim,
    ticket: facts.ticket.ref,
    store: context.store,
    desk: deskOf(context.desks, systemOf(action)),
    now: context.now,
    watchCalls: context.watchCalls,
    signal,
    maxAttempts: context.maxAttempts,
    rules,
    files,
    mayBeForgotten: isOrdered || (action.do === 'open' && isOld),
    heirOf,
    changeAfter: (effect, told) => ({
      ...changeOf(action, facts, effect, context.now(), told),
      ...newsOfEffect(action, facts, effect, context),
    }),
  });
}

/** What both sides now have in common is remembered once nothing is left to do, and disagreements in any case. */
async function agree(
  claim: Claim,
  { link, ticket }: Facts,
  decision: Decision,
  heldBack: number,
  rules: string,
  context: SynchroniseContext,
): Promise<Agreed> {
  const { noted: known, ...reached } = heldBack === 0 ? decision.agreed : link.agreed;
  const noted =
    ticket.phase === 'done'
      ? known
      : await noteDisagreements(claim, decision.because, link.agreed.noted, rules, context);
  const agreed = noted === undefined ? reached : { ...reached, noted };
  if (JSON.stringify(agreed) !== JSON.stringify(link.agreed)) {
    await context.store.remember(claim, { agreed });
  }
  return agreed;
}

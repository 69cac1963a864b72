import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { type Action, type ActionKey, subjectOf, systemOf } from '../domain/action.ts';
import { type Decision, decide, type Policy } from '../domain/decide.ts';
import { evolve, evolveRefused, type Told } from '../domain/evolve.ts';
import type { Facts } from '../domain/facts.ts';
import { contentRuleFor } from '../domain/file-standing.ts';
import type { Agreed } from '../domain/link.ts';
import type { Reason } from '../domain/reason.ts';
import { nameOf, type Ref, type SystemName } from '../domain/ticket.ts';
import { type BridgeError, toBridgeError } from '../errors.ts';
import type { Claim, Store } from '../store/store.ts';
import { type Doubts, examineDoubts } from './doubts.ts';
import { type Desks, deskOf, gather } from './gather.ts';
import { keepFacts } from './keep-facts.ts';
import { noteDisagreements } from './note-disagreements.ts';
import { describeAction, type Performed, perform } from './perform.ts';

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
  readonly log: Logger;
  readonly onEffect: (effect: PerformedAction) => void;
  /** The facts as text, to be kept for replays; absent where the administrator does not want them kept. */
  readonly writeFacts?: (facts: Facts) => string;
}

/** How far the clocks of OTRS and of the bridge may lie apart. */
const CLOCK_SKEW = { minutes: 2 };

export interface PerformedAction {
  readonly facts: Facts;
  readonly action: Action;
  readonly result: Performed;
  readonly reasons: readonly Reason[];
}

/** What a look came to. `held` are the actions that failed for now, with the error that decides when to try again. */
export interface Look {
  /** Version of the rules that it went by. */
  readonly rules: string;
  readonly facts: Facts;
  readonly decision: Decision;
  readonly performed: readonly PerformedAction[];
  readonly held: readonly BridgeError[];
  /** Why the issue of a ticket that is not over could not be seen. */
  readonly gone?: BridgeError;
}

/**
 * One look at one ticket: gather, settle doubts, then decide, perform, remember, until nothing is left. An action that
 * fails for now holds back the later ones to the same system, for the order of comments must stay; those to the other
 * system go on. Files come last and take long, so a look that has come to them steps aside.
 */
export async function synchronise(
  claim: Claim,
  context: SynchroniseContext,
  signal: AbortSignal,
  stepAside: () => void = () => {},
): Promise<Look> {
  const { desks, store, now } = context;
  const policy = context.policy();
  const performed: PerformedAction[] = [];
  const held = new Map<SystemName, BridgeError>();
  const { facts: gathered, gone } = await gather(claim.ticket, desks, store, signal);
  let facts = await rememberKeys(claim, gathered, store);

  const take = async (step: PerformedAction) => {
    performed.push(step);
    await record(claim, step, policy.version, context);
    facts = await follow(step, context, signal);
  };
  const goneIssue = gone === undefined ? undefined : facts.link.issue;
  const doubts = await examineDoubts(claim.ticket, goneIssue, context, signal);
  for (const { action, effect } of doubts.present) {
    await store.complete(claim, action, effect.id, changeOf(action, facts, effect, now()), now());
    await take({ facts, action, result: { outcome: 'done', effect, adopted: 'adopted' }, reasons: [adoption(effect)] });
  }

  for (;;) {
    const decision = decide(facts, policy, now());
    const action = decision.actions.find((each) => !held.has(systemOf(each)));
    if (action === undefined) {
      await dropUnwanted(claim, decision, doubts, held, store);
      const agreed = await agree(claim, facts, decision, held.size, policy.version, context);
      await keepFacts(claim, { ...facts, link: { ...facts.link, agreed } }, policy.version, context);
      const look = { rules: policy.version, facts, decision, performed, held: [...held.values()] };
      return gone === undefined || facts.ticket.phase === 'done' ? look : { ...look, gone };
    }

    signal.throwIfAborted();
    try {
      const doubt = doubtAbout(action.key, doubts);
      if (doubt !== undefined) {
        throw doubt.error;
      }

      if (action.do === 'attach') {
        stepAside();
      }
      const result = await carryOut(action, facts, claim, policy, context, signal);
      const reasons = decision.because.filter((reason) => reason.action === action.key);
      await take({ facts, action, result, reasons });
    } catch (thrown) {
      held.set(systemOf(action), toBridgeError(thrown));
    }
  }
}

/** Another version of what is in doubt would be told twice if the doubtful one turned up after all. */
function doubtAbout(key: ActionKey, { unsettled }: Doubts): { readonly error: BridgeError } | undefined {
  const rival = [...unsettled.keys()].find((each) => subjectOf(each) === subjectOf(key));
  return rival === undefined ? undefined : unsettled.get(rival);
}

/** Keys can change (an issue is moved), and people read them in letters. Mostly there is nothing to write. */
async function rememberKeys(claim: Claim, facts: Facts, store: Store): Promise<Facts> {
  const { link, ticket, issue } = facts;
  const isIssueRenamed = issue !== undefined && link.issue?.key !== issue.ref.key;
  if (link.ticket.key !== ticket.ref.key || isIssueRenamed) {
    await store.remember(claim, { ticket: ticket.ref, ...(issue === undefined ? {} : { issue: issue.ref }) });
  }
  // Whatever the look remembers from here on goes by the new key.
  return isIssueRenamed ? { ...facts, link: { ...link, issue: issue.ref } } : facts;
}

function adoption(effect: Ref): Reason {
  const evidence = `${nameOf(effect)} carries the mark of an earlier call that was never answered`;
  return { rule: 'unanswered-call-took-effect', clause: '', evidence };
}

/** Doubts about actions that nobody wants any more: those that are over are forgotten, the others are looked at again. */
async function dropUnwanted(
  claim: Claim,
  decision: Decision,
  doubts: Doubts,
  held: Map<SystemName, BridgeError>,
  store: Store,
): Promise<void> {
  const wanted = new Set(decision.actions.map(({ key }) => key));
  for (const key of doubts.absent) {
    if (!wanted.has(key)) {
      await store.forget(claim, key);
    }
  }
  for (const { action, error } of doubts.unsettled.values()) {
    if (!held.has(systemOf(action))) {
      held.set(systemOf(action), error);
    }
  }
}

function carryOut(
  action: Action,
  facts: Facts,
  claim: Claim,
  policy: Policy,
  context: SynchroniseContext,
  signal: AbortSignal,
) {
  return perform(action, {
    claim,
    ticket: facts.ticket.ref,
    store: context.store,
    desk: deskOf(context.desks, systemOf(action)),
    now: context.now,
    signal,
    maxAttempts: context.maxAttempts,
    desks: context.desks,
    files: { content: contentRuleFor(action, facts, policy.attachments), folder: context.filesFolder },
    mayBeForgotten: facts.ticket.createdAt < context.startedAt.plus(CLOCK_SKEW),
    changeAfter: (effect, told) => changeOf(action, facts, effect, context.now(), told),
  });
}

/** What to remember together with the effect. */
function changeOf(action: Action, facts: Facts, effect: Ref, at: DateTime, told?: Told) {
  const { link } = evolve(facts, action, effect, at, told);
  return {
    agreed: link.agreed,
    ...(link.issue === undefined ? {} : { issue: link.issue }),
    ...(link.related === facts.link.related ? {} : { related: link.related }),
  };
}

/** The facts after the action. A new record is read once, unless its desk tells it: state and address are not ours to say. */
async function follow(
  { facts, action, result }: PerformedAction,
  { desks, now }: SynchroniseContext,
  signal: AbortSignal,
): Promise<Facts> {
  if (result.outcome === 'refused') {
    return evolveRefused(facts, action, result.error, now());
  }

  const evolved = evolve(facts, action, result.effect, now(), result.told);
  if (action.do !== 'open' || result.told?.snapshot !== undefined) {
    return evolved;
  }

  const snapshot = await deskOf(desks, action.system).read(result.effect, signal);
  return evolve(facts, action, result.effect, now(), { ...result.told, snapshot });
}

async function record(
  claim: Claim,
  step: PerformedAction,
  rules: string,
  { store, now, onEffect }: SynchroniseContext,
): Promise<void> {
  const { action, result, reasons } = step;
  onEffect(step);
  await store.audit({
    at: now(),
    who: 'bridge',
    what: result.outcome === 'refused' ? 'refused' : result.adopted === 'adopted' ? 'adopted' : action.do,
    ticket: claim.ticket,
    detail: {
      rules,
      key: action.key,
      action: describeAction(action),
      because: reasons.map(({ rule, clause, evidence }) => ({ rule, clause, evidence })),
      ...(result.outcome === 'refused'
        ? { code: result.error.code, message: result.error.message }
        : { effect: nameOf(result.effect), ...result.told?.detail }),
    },
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

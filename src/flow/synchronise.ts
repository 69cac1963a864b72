import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { type Action, systemOf } from '../domain/action.ts';
import { type Decision, decide, type Policy } from '../domain/decide.ts';
import { evolve, evolveRefused } from '../domain/evolve.ts';
import type { Facts } from '../domain/facts.ts';
import type { Reason } from '../domain/reason.ts';
import { nameOf, type SystemName } from '../domain/ticket.ts';
import { type BridgeError, toBridgeError } from '../errors.ts';
import type { Claim, Store } from '../store/store.ts';
import { type Desks, deskOf, gather } from './gather.ts';
import { describeAction, type Performed, perform } from './perform.ts';

export interface SynchroniseContext {
  readonly desks: Desks;
  readonly store: Store;
  /** The policy in force now; a reload changes it between two looks, never within one. */
  readonly policy: () => Policy;
  readonly now: () => DateTime;
  readonly maxAttempts: number;
  readonly log: Logger;
  readonly onEffect: (effect: PerformedAction) => void;
}

export interface PerformedAction {
  readonly facts: Facts;
  readonly action: Action;
  readonly result: Performed;
  readonly reasons: readonly Reason[];
}

/** What a look came to. `held` are the actions that failed for now, with the error that decides when to try again. */
export interface Look {
  readonly facts: Facts;
  readonly decision: Decision;
  readonly performed: readonly PerformedAction[];
  readonly held: readonly BridgeError[];
}

/**
 * One look at one ticket: gather, decide, perform, remember, until nothing is left. An action that fails for now holds
 * back the later ones to the same system, for the order of comments must stay; those to the other system go on.
 */
export async function synchronise(claim: Claim, context: SynchroniseContext, signal: AbortSignal): Promise<Look> {
  const { desks, store, now } = context;
  const policy = context.policy();
  const performed: PerformedAction[] = [];
  const held = new Map<SystemName, BridgeError>();
  let facts = await gather(claim.ticket, desks, store, signal);
  await store.remember(claim, { ticket: facts.ticket.ref });

  for (;;) {
    const decision = decide(facts, policy, now());
    const action = decision.actions.find((each) => !held.has(systemOf(each)));
    if (action === undefined) {
      await agree(claim, facts, decision, held.size, store);
      return { facts, decision, performed, held: [...held.values()] };
    }

    signal.throwIfAborted();
    try {
      const result = await carryOut(action, facts, claim, context, signal);
      const reasons = decision.because.filter((reason) => reason.action === action.key);
      const step = { facts, action, result, reasons };
      performed.push(step);
      await record(claim, step, context);
      facts = await follow(step, desks, signal);
    } catch (thrown) {
      held.set(systemOf(action), toBridgeError(thrown));
    }
  }
}

function carryOut(action: Action, facts: Facts, claim: Claim, context: SynchroniseContext, signal: AbortSignal) {
  return perform(action, {
    claim,
    store: context.store,
    desk: deskOf(context.desks, systemOf(action)),
    now: context.now,
    signal,
    maxAttempts: context.maxAttempts,
    changeAfter: (effect) => {
      const { link } = evolve(facts, action, effect);
      return { agreed: link.agreed, ...(link.issue === undefined ? {} : { issue: link.issue }) };
    },
  });
}

/** The facts after the action. A new issue is read once: its status and address are the system's to say. */
async function follow({ facts, action, result }: PerformedAction, desks: Desks, signal: AbortSignal): Promise<Facts> {
  if (result.outcome === 'refused') {
    return evolveRefused(facts, action, result.error.code);
  }

  const evolved = evolve(facts, action, result.effect);
  return action.do === 'open'
    ? { ...evolved, issue: await deskOf(desks, action.system).read(result.effect, signal) }
    : evolved;
}

async function record(
  claim: Claim,
  step: PerformedAction,
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
      key: action.key,
      action: describeAction(action),
      because: reasons.map(({ rule, clause, evidence }) => ({ rule, clause, evidence })),
      ...(result.outcome === 'refused'
        ? { code: result.error.code, message: result.error.message }
        : { effect: nameOf(result.effect) }),
    },
  });
}

/** What both sides now have in common is remembered once nothing is left to do. */
async function agree(claim: Claim, { link }: Facts, decision: Decision, heldBack: number, store: Store): Promise<void> {
  if (heldBack === 0 && JSON.stringify(decision.agreed) !== JSON.stringify(link.agreed)) {
    await store.remember(claim, { agreed: decision.agreed });
  }
}

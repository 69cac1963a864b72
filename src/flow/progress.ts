import type { DateTime } from 'luxon';
import { type Action, type ActionKey, partsOf } from '../domain/action.ts';
import { evolve, evolveRefused, type Told } from '../domain/evolve.ts';
import type { Facts } from '../domain/facts.ts';
import type { Reason } from '../domain/reason.ts';
import { nameOf, type Ref } from '../domain/ticket.ts';
import type { Claim, LinkChange, Store } from '../store/store.ts';
import { type Desks, deskOf, lackOf } from './gather.ts';
import { describeAction, type Performed } from './perform.ts';

export interface PerformedAction {
  readonly facts: Facts;
  readonly action: Action;
  readonly result: Exclude<Performed, { outcome: 'parted' }>;
  readonly reasons: readonly Reason[];
}

export interface ProgressContext {
  readonly desks: Desks;
  readonly store: Store;
  readonly now: () => DateTime;
  readonly onEffect: (effect: PerformedAction) => void;
}

/** What a look has done so far, and the facts as that has changed them. */
export interface Progress {
  facts(): Facts;
  readonly performed: readonly PerformedAction[];
  /** Files that were carried since the records were read. */
  files(): number;
  /** The records were read again. */
  goOnWith(facts: Facts): void;
  /** Keys of what was refused in company: it travels alone from here on. */
  readonly parted: ReadonlySet<ActionKey>;
  /** Writes down what an action came to, each part of it by itself, and follows with the facts. */
  take(action: Action, result: Performed, because: readonly Reason[]): Promise<void>;
  /** Resolves when all of it is in the audit. Throws what kept it from there. */
  written(): Promise<void>;
}

export function trackProgress(
  claim: Claim,
  start: Facts,
  rules: string,
  context: ProgressContext,
  signal: AbortSignal,
): Progress {
  let facts = start;
  let files = 0;
  let written: Promise<void> = Promise.resolve();
  const performed: PerformedAction[] = [];
  const parted = new Set<ActionKey>();

  return {
    facts: () => facts,
    files: () => files,
    goOnWith: (read) => {
      facts = read;
      files = 0;
    },
    performed,
    parted,
    take: async (action, result, because) => {
      const parts = partsOf(action);
      if (result.outcome === 'parted') {
        for (const { key } of parts) {
          parted.add(key);
        }
        return;
      }

      for (const part of result.outcome === 'done' ? parts : [action]) {
        const step = stepOf(part, result, facts, because);
        performed.push(step);
        files += part.do === 'attach' ? 1 : 0;
        await written;
        // It becomes durable together with the next intent, and nobody waits twice for the disk.
        written = record(claim, step, rules, context);
        written.catch(() => undefined);
        facts = await follow(step, context, signal);
      }
    },
    written: () => written,
  };
}

/** What one part of an action came to: a change has no effect of its own but on its record. */
function stepOf(
  action: Action,
  result: PerformedAction['result'],
  facts: Facts,
  because: readonly Reason[],
): PerformedAction {
  const isChange = action.do === 'move' || action.do === 'update';
  return {
    facts,
    action,
    result: isChange && result.outcome === 'done' ? { ...result, effect: action.ref, told: {} } : result,
    reasons: because.filter((reason) => reason.action === action.key),
  };
}

/** The facts after the action. A new record is read once, unless its desk tells it: state and address are not ours to say. */
async function follow(
  { facts, action, result }: PerformedAction,
  { desks, now }: ProgressContext,
  signal: AbortSignal,
): Promise<Facts> {
  if (result.outcome === 'refused') {
    return evolveRefused(facts, action, result.error, now());
  }

  if (action.do !== 'open') {
    return evolve(facts, action, result.effect, now(), result.told);
  }

  const desk = deskOf(desks, action.system);
  const snapshot = result.told?.snapshot ?? (await desk.read(result.effect, signal));
  return evolve(facts, action, result.effect, now(), { ...result.told, ...lackOf(desk), snapshot });
}

async function record(
  claim: Claim,
  step: PerformedAction,
  rules: string,
  { store, now, onEffect }: ProgressContext,
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
      ...(claim.correlation === undefined ? {} : { correlation: claim.correlation }),
      key: action.key,
      action: describeAction(action),
      because: reasons.map(({ rule, clause, evidence }) => ({ rule, clause, evidence })),
      ...(result.outcome === 'refused'
        ? { code: result.error.code, message: result.error.message }
        : { effect: nameOf(result.effect), ...result.told?.detail }),
    },
  });
}

/** What to remember together with the effect: mostly nothing but that it happened. */
export function changeOf(action: Action, facts: Facts, effect: Ref, at: DateTime, told?: Told): LinkChange {
  const { link: known } = facts;
  const { link } = evolve(facts, action, effect, at, told);
  return {
    ...(link.agreed === known.agreed ? {} : { agreed: link.agreed }),
    ...(link.issue === undefined || link.issue === known.issue ? {} : { issue: link.issue }),
    ...(link.related === known.related ? {} : { related: link.related }),
  };
}

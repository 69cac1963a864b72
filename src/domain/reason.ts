import type { Action, ActionKey } from './action.ts';

/** Why something was decided: the rule of the mappings, the clause of the regulation, and the facts it rests on. */
export interface Reason {
  /** Name of the rule, as in the mappings. */
  readonly rule: string;
  /** Clause of the regulation, e.g. `R50`; empty for rules of the bridge itself. */
  readonly clause: string;
  /** One sentence with the values that decided. */
  readonly evidence: string;
  /** The action that follows; absent where the rule decided that nothing is to be done. */
  readonly action?: ActionKey;
  /** Belongs into the ticket's audit trail although nothing is done: a person and the rules disagree (R31). */
  readonly notable?: true;
}

/** What one family of rules has to say about a ticket. */
export interface Judgement {
  readonly actions: readonly Action[];
  readonly because: readonly Reason[];
}

export const nothing: Judgement = { actions: [], because: [] };

/** One action and its reason. */
export function act(action: Action, reason: Omit<Reason, 'action'>): Judgement {
  return { actions: [action], because: [{ ...reason, action: action.key }] };
}

/** A decision to do nothing, with its reason. */
export function abstain(reason: Omit<Reason, 'action'>): Judgement {
  return { actions: [], because: [reason] };
}

export function combine(judgements: readonly Judgement[]): Judgement {
  return {
    actions: judgements.flatMap((judgement) => judgement.actions),
    because: judgements.flatMap((judgement) => judgement.because),
  };
}

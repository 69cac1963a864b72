import type { Action } from '../domain/action.ts';
import type { Decision } from '../domain/decide.ts';
import { amongCopies, type CarriedFile } from '../domain/files.ts';
import type { Performed } from './perform.ts';

/** What comes next in a look: the action as it is called, those that may come with or after it, and why. */
export interface Step {
  readonly decision: Decision;
  readonly possible: readonly Action[];
  /** Absent when nothing is left to do. */
  readonly action: Action | undefined;
}

export interface StepsContext {
  readonly decide: () => Decision;
  /** Whether the action can be carried out in this look. */
  readonly isPossible: (action: Action) => boolean;
  /** The first of the possible actions as it is called. */
  readonly nextCall: (possible: readonly Action[]) => Action | undefined;
}

/** The steps of one look. */
export interface Steps {
  next(): Step;
  /** What the action of the last step came to, if it came to anything. */
  took(action: Action, result: Performed): void;
  /** The facts have changed by more than the last action. */
  decideAnew(): void;
}

/**
 * A look decides anew after each of its actions, except between files: one that was carried changes nothing for the others
 * but that there is one copy more to tell theirs from. Deciding after each would cost the square of their number.
 */
export function followSteps({ decide, isPossible, nextCall }: StepsContext): Steps {
  let known: Decision | undefined;
  let carried: readonly CarriedFile[] = [];

  const forget = () => {
    known = undefined;
    carried = [];
  };
  const stepOf = (decision: Decision): Step => {
    const done = new Set(carried.map(({ action }) => action.key));
    const possible = decision.actions.filter((each) => !done.has(each.key) && isPossible(each));
    return { decision, possible, action: nextCall(possible) };
  };

  return {
    next: () => {
      const step = known === undefined ? undefined : stepOf(known);
      if (step?.action?.do === 'attach') {
        return { ...step, action: amongCopies(step.action, carried) };
      }

      forget();
      known = decide();
      return stepOf(known);
    },
    took: (action, result) => {
      if (action.do === 'attach' && result.outcome === 'done') {
        carried = [...carried, { action, as: result.effect.id }];
      } else {
        forget();
      }
    },
    decideAnew: forget,
  };
}

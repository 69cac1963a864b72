import type { Action, ActionKey } from './action.ts';
import type { Judgement } from './reason.ts';
import { isSameRecord } from './ticket.ts';

type Move = Extract<Action, { do: 'move' }>;
type Update = Extract<Action, { do: 'update' }>;

/**
 * Lets updates of a record travel with its move: one call instead of several. Reasons follow their action. A move that
 * was refused travels alone, so that its refusal does not take the updates with it.
 */
export function joinWrites({ actions, because }: Judgement, isRefused: (key: ActionKey) => boolean): Judgement {
  const joined = new Map<ActionKey, ActionKey>();
  const moves = actions.filter((action) => action.do === 'move').filter(({ key }) => !isRefused(key));
  for (const update of actions.filter((action) => action.do === 'update')) {
    const move = moves.find(({ ref }) => isSameRecord(ref, update.ref));
    if (move !== undefined && !isRefused(update.key)) {
      joined.set(update.key, move.key);
    }
  }

  return {
    actions: actions
      .filter(({ key }) => !joined.has(key))
      .map((action) => (action.do === 'move' ? carry(action) : action)),
    because: because.map((reason) => {
      const carrier = reason.action === undefined ? undefined : joined.get(reason.action);
      return carrier === undefined ? reason : { ...reason, action: carrier };
    }),
  };

  function carry(move: Move): Move {
    const updates = actions.filter(
      (action): action is Update => action.do === 'update' && joined.get(action.key) === move.key,
    );
    return { ...move, fields: Object.assign({}, ...updates.map(({ fields }) => fields), move.fields) };
  }
}

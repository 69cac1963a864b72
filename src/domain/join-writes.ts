import type { Action, ActionKey } from './action.ts';
import type { Judgement } from './reason.ts';
import { isSameRecord } from './ticket.ts';

type Move = Extract<Action, { do: 'move' }>;
type Update = Extract<Action, { do: 'update' }>;

/**
 * Lets the updates of a record travel with its move or, without one, with the first of them: one call instead of several.
 * Reasons follow their action. What was refused travels alone, so that its refusal does not take the others with it.
 */
export function joinWrites({ actions, because }: Judgement, isRefused: (key: ActionKey) => boolean): Judgement {
  const joined = new Map<ActionKey, ActionKey>();
  const sound = actions.filter(({ key }) => !isRefused(key));
  const moves = sound.filter((action) => action.do === 'move');
  const updates = sound.filter((action) => action.do === 'update');
  for (const update of updates) {
    const carrier = [...moves, ...updates].find(({ ref }) => isSameRecord(ref, update.ref));
    if (carrier !== undefined && carrier.key !== update.key) {
      joined.set(update.key, carrier.key);
    }
  }

  return {
    actions: actions
      .filter(({ key }) => !joined.has(key))
      .map((action) => (action.do === 'move' || action.do === 'update' ? carry(action) : action)),
    because: because.map((reason) => {
      const carrier = reason.action === undefined ? undefined : joined.get(reason.action);
      return carrier === undefined ? reason : { ...reason, action: carrier };
    }),
  };

  function carry(carrier: Move | Update): Move | Update {
    const carried = actions.filter(
      (action): action is Update => action.do === 'update' && joined.get(action.key) === carrier.key,
    );
    return { ...carrier, fields: Object.assign({}, ...carried.map(({ fields }) => fields), carrier.fields) };
  }
}

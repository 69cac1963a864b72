import { type Action, type ActionKey, type RecordChange, systemOf, type UpdateAction } from './action.ts';
import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import type { Judgement } from './reason.ts';
import { isSameRecord, type Ref } from './ticket.ts';

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
    actions: actions.filter(({ key }) => !joined.has(key)).map((action) => (isChange(action) ? carry(action) : action)),
    because: because.map((reason) => {
      const carrier = reason.action === undefined ? undefined : joined.get(reason.action);
      return carrier === undefined ? reason : { ...reason, action: carrier };
    }),
  };

  function carry(carrier: RecordChange): RecordChange {
    const carried = actions.filter(
      (action): action is UpdateAction => action.do === 'update' && joined.get(action.key) === carrier.key,
    );
    return { ...carrier, fields: Object.assign({}, ...carried.map(({ fields }) => fields), carrier.fields) };
  }
}

type Words = Extract<Action, { do: 'comment' }>;

/**
 * The first of the actions as it is called. The system of the ticket writes words, a state and fields in one call, so words
 * take the change of their record along that follows them, and a change takes the next words behind it. A letter goes
 * with the move that owes it and with nothing else. What was refused before travels alone, and so do the keys in `alone`.
 */
export function nextCall(
  actions: readonly Action[],
  { link, ticket }: Pick<Facts, 'link' | 'ticket'>,
  alone: ReadonlySet<ActionKey>,
): Action | undefined {
  const [first, ...later] = actions;
  // What is said of files waits for them: it may change with what becomes of them.
  const files = later.findIndex((action) => action.do === 'attach');
  const others = files < 0 ? later : later.slice(0, files);
  const isFree = ({ key }: Action) => link.refused[key] === undefined && !alone.has(key);
  if (first === undefined || systemOf(first) !== ticket.ref.system || !isFree(first)) {
    return first;
  }

  if (first.do === 'comment') {
    const next = others.find((other) => isOfRecord(other, first.ref));
    return next !== undefined && isChange(next) && isFree(next) && belong(first, next)
      ? { ...first, along: next }
      : first;
  }

  if (!isChange(first)) {
    return first;
  }

  const words = others.find(
    (other): other is Words => other.do === 'comment' && isOfRecord(other, first.ref) && belong(other, first),
  );
  return words !== undefined && isFree(words) ? { ...words, along: first } : first;

  function belong({ key }: Words, change: RecordChange): boolean {
    const debtor = actions.find((action) => action.do === 'move' && action.owes === key);
    return debtor === undefined ? change.do === 'update' || change.owes === undefined : debtor === change;
  }
}

/** The words of a comment without what changes with them; other actions as they are. */
export function wordsOf(action: Action): Action {
  if (action.do !== 'comment') {
    return action;
  }

  const { along: _, ...words } = action;
  return words;
}

/**
 * What a call that was never answered left undone. One that broke off has set the state and written the words, but may
 * lack fields, and nobody would notice once the work has ended: what the ticket lacks of them is set again.
 */
export function leftUndone(action: Action, { ticket }: Pick<Facts, 'ticket'>): UpdateAction | undefined {
  const along = action.do === 'comment' ? action.along : action;
  const isHere =
    along?.do === 'move' &&
    along.phase === 'done' &&
    isSameRecord(along.ref, ticket.ref) &&
    isSameText(along.to, ticket.state);
  const lacking = Object.entries(isHere ? along.fields : {}).filter(
    ([name, value]) => value.length > 0 && ticket.fields[name] === undefined,
  );
  return !isHere || lacking.length === 0
    ? undefined
    : { do: 'update', key: `update:rest:${along.key}`, ref: along.ref, fields: Object.fromEntries(lacking) };
}

function isOfRecord(action: Action, ref: Ref): boolean {
  return (action.do === 'comment' || isChange(action)) && isSameRecord(action.ref, ref);
}

function isChange(action: Action): action is RecordChange {
  return action.do === 'move' || action.do === 'update';
}

import type { DateTime } from 'luxon';
import type { TicketEvent } from '../../domain/event.ts';
import { BridgeError } from '../../errors.ts';
import type { Operator } from '../../store/letters.ts';
import type { DeadLetter, ReplayAs, Store } from '../../store/store.ts';
import { checkEdited } from './action-schema.ts';
import type { Rehearsal } from './rehearse.ts';

/** Reads the body of a message, as the intake does. */
export type ReadMessage = (
  body: Buffer,
  at: DateTime,
) =>
  | { readonly outcome: 'event'; readonly event: TicketEvent }
  | { readonly outcome: 'unreadable'; readonly reason: string };

/** Where people deal with dead letters: straight on the store, whether the bridge runs or not. */
export interface LetterOffice {
  readonly store: Omit<Store, 'claim' | 'release' | 'migrate' | 'close'>;
  readonly now: () => DateTime;
  readonly readMessage: ReadMessage;
  /** The calls that a replay would make. Reads the systems and writes nothing anywhere. */
  readonly rehearse: (letter: DeadLetter, as: ReplayAs, signal: AbortSignal) => Promise<Rehearsal>;
}

/** The letter whose id begins so. Throws `LETTER_UNKNOWN` where there is none, or more than one. */
export async function findLetter({ store }: Pick<LetterOffice, 'store'>, beginning: string): Promise<DeadLetter> {
  const [first, second] = await store.lettersLike(beginning.trim().toLowerCase(), 2);
  if (first === undefined || beginning.trim() === '') {
    throw new BridgeError('LETTER_UNKNOWN', `no letter has an id that begins with «${beginning}»`);
  }
  if (second !== undefined) {
    throw new BridgeError('LETTER_UNKNOWN', `more than one letter has an id that begins with «${beginning}»`);
  }
  return first;
}

export type Replayed =
  /** The ticket is due; the next look carries the order out. */
  | { readonly outcome: 'ordered'; readonly letter: DeadLetter }
  /** The message was taken in: `foreign` is what leads to no ticket that the bridge knows. */
  | { readonly outcome: 'delivered'; readonly accepted: number; readonly foreign: number };

/** How a letter is replayed where nobody says: an edited one as it was edited, any other as things are now. */
export function usualReplay({ revisionOf, action }: DeadLetter): ReplayAs {
  return revisionOf !== undefined && action !== undefined ? 'recorded' : 'now';
}

/** Replays the letter as it was seen. A message is read again. Throws `LETTER_TAKEN` and `LETTER_UNUSABLE`. */
export async function replayLetter(
  { store, readMessage }: Pick<LetterOffice, 'store' | 'readMessage'>,
  letter: DeadLetter,
  as: ReplayAs,
  by: Operator,
): Promise<Replayed> {
  if (letter.ticket !== undefined) {
    return { outcome: 'ordered', letter: await store.orderReplay(letter, as, by) };
  }

  const read = readMessage(bodyOf(letter), by.now);
  if (read.outcome === 'unreadable') {
    throw new BridgeError('LETTER_UNUSABLE', `letter ${letter.id} still cannot be understood: ${read.reason}`);
  }
  return { outcome: 'delivered', ...(await store.deliverLetter(letter, [read.event], by)) };
}

/** Puts an edited revision in the letter's place. `edited` is an action, or the body of a message. */
export async function editLetter(
  { store, readMessage }: Pick<LetterOffice, 'store' | 'readMessage'>,
  letter: DeadLetter,
  edited: { readonly action: unknown } | { readonly body: string },
  by: Operator,
): Promise<DeadLetter> {
  if ('action' in edited) {
    return store.reviseLetter(letter, { action: checkEdited(edited.action, actionOf(letter)) }, by);
  }

  const read = readMessage(Buffer.from(edited.body), by.now);
  if (read.outcome === 'unreadable') {
    throw new BridgeError('LETTER_UNUSABLE', `the edited message cannot be understood: ${read.reason}`);
  }
  return store.reviseLetter(letter, { body: edited.body }, by);
}

/** What an editor shows of a letter, and what comes back is read as. */
export function editableOf(letter: DeadLetter): { readonly kind: 'action' | 'body'; readonly text: string } {
  return letter.action === undefined && letter.ticket === undefined
    ? { kind: 'body', text: bodyOf(letter).toString('utf8') }
    : { kind: 'action', text: `${JSON.stringify(actionOf(letter), null, 2)}\n` };
}

function actionOf({ id, action }: DeadLetter) {
  if (action === undefined) {
    const why = 'it holds no action that could be edited: the ticket as a whole could not be looked at';
    throw new BridgeError('LETTER_UNUSABLE', `letter ${id}: ${why}`);
  }
  return action;
}

const CUT = /… \(cut: \d+ characters in all\)$/;

function bodyOf({ id, details }: DeadLetter): Buffer {
  const { body, body_base64: base64 } = details;
  if (typeof body === 'string' && !CUT.test(body)) {
    return Buffer.from(body);
  }
  if (typeof base64 === 'string' && !CUT.test(base64)) {
    return Buffer.from(base64, 'base64');
  }
  throw new BridgeError('LETTER_UNUSABLE', `letter ${id}: the message was too long to be kept whole`);
}

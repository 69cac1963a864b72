import { createHash } from 'node:crypto';
import { systemOf } from '../domain/action.ts';
import type { NewDeadLetter } from './store.ts';

/**
 * Twelve hexadecimal digits that are the same for the same fault on many tickets: of the code, what was to be done, where,
 * and the message without what differs from one ticket to the next.
 */
export function fingerprintOf(
  letter: Pick<NewDeadLetter, 'code' | 'message' | 'ticket' | 'action' | 'system'>,
): string {
  const { code, message, action } = letter;
  const parts = [code, action?.do ?? '', systemOfLetter(letter) ?? '', normalise(message)];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
}

/** Where the fault lies, as far as the letter tells: the system of the action, else of what it is about. */
export function systemOfLetter({
  system,
  action,
  ticket,
}: Pick<NewDeadLetter, 'system' | 'action' | 'ticket'>): string | undefined {
  return system ?? (action === undefined ? ticket?.system : systemOf(action));
}

/** Characters of a message that tell faults apart; what follows is the answer in full. */
const TELLING = 2_000;

/** A message without names, keys, times and numbers of the one case that it is about. */
export function normalise(message: string): string {
  return message
    .slice(0, TELLING)
    .replace(/«[^»]*»|„[^“”]*[“”]|“[^”]*”|"[^"\n]*"|`[^`\n]*`|(?<![\p{L}\d])'[^'\n]*'(?![\p{L}\d])/gu, '«»')
    .replace(/\bhttps?:\/\/\S+/g, '#')
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '#')
    .replace(/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d\S*)?/g, '#')
    .replace(/\b[A-Z][A-Z0-9_]*-\d+\b/g, '#')
    .replace(/(?<![\p{L}\d_])\d+(?:[.,:]\d+)*(?![\p{L}\d_])/gu, '#')
    .replace(/\s+/g, ' ')
    .trim();
}

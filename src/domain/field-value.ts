import type { FieldValue } from './ticket.ts';

/** What ends a text that a system could hold only in part. */
export const CUT_MARK = '…';

/** A field's value as one text; undefined where there is none. */
export function textOf(value: FieldValue | undefined): string | undefined {
  const text = [value ?? []].flat().join(', ').trim();
  return text === '' ? undefined : text;
}

/** Characters that no system stores and no person sees, and the sign that some of them become. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const LOST = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffd-\uffff]/g;

/**
 * Whether a record shows the wanted value. Systems trim blanks, change line ends, lose control characters and cut what is too
 * long; a value that came back so is the wanted one, otherwise it would be written again at every look.
 */
export function isShown(found: FieldValue | undefined, wanted: FieldValue): boolean {
  const shown = comparable(found);
  const whole = comparable(wanted);
  return shown === whole || (shown.endsWith(CUT_MARK) && whole.startsWith(shown.slice(0, -CUT_MARK.length).trimEnd()));
}

function comparable(value: FieldValue | undefined): string {
  return (textOf(value) ?? '').replace(/\r\n?/g, '\n').toWellFormed().replaceAll(LOST, '').trim().normalize('NFC');
}

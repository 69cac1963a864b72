import type { FieldValue } from './ticket.ts';

/** What ends a text that a system could hold only in part. */
export const CUT_MARK = '…';

/** A field's value as one text; undefined where there is none. */
export function textOf(value: FieldValue | undefined): string | undefined {
  const text = [value ?? []].flat().join(', ').trim();
  return text === '' ? undefined : text;
}

/**
 * Whether a record shows the wanted value. Systems trim blanks, change line ends and cut what is too long; a value that
 * came back so is the wanted one, otherwise it would be written again at every look.
 */
export function isShown(found: FieldValue | undefined, wanted: FieldValue): boolean {
  const shown = comparable(found);
  const whole = comparable(wanted);
  return shown === whole || (shown.endsWith(CUT_MARK) && whole.startsWith(shown.slice(0, -CUT_MARK.length).trimEnd()));
}

function comparable(value: FieldValue | undefined): string {
  return (textOf(value) ?? '').replace(/\r\n?/g, '\n').normalize('NFC');
}

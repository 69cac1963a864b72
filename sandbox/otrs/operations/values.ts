export type Data = Readonly<Record<string, unknown>>;

/** Perl's truth of a value: `0`, `"0"` and `""` are none. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== '0' && value !== 0 && value !== false;
}

/** An object that is not empty. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}

export function isFilledList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

/** The text of a scalar as it is stored: trimmed, and ended by a NUL. */
export function textOf(value: unknown): string {
  return (typeof value === 'object' || value === undefined ? '' : (String(value).split('\u0000', 1)[0] ?? '')).trim();
}

/** The name that a request means by `Queue` or `QueueID`; the id has precedence. Undefined where there is none such. */
export function nameOf(record: Data, key: string, names: readonly string[]): string | undefined {
  const id = record[`${key}ID`];
  const name = isSet(id) ? names[Number(id) - 1] : textOf(record[key]);
  return name !== undefined && names.includes(name) ? name : undefined;
}

export function isGiven(record: Data, key: string): boolean {
  return isSet(record[key]) || isSet(record[`${key}ID`]);
}

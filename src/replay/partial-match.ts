export interface Difference {
  /** Where, e.g. `draft.priority`; empty for the value as a whole. */
  readonly at: string;
  readonly wanted: unknown;
  readonly is: unknown;
}

/**
 * Where the value is not as wanted. What is not mentioned is not compared, lists are compared entry by entry, and
 * `{ contains: text }` asks for a part of a text.
 */
export function differenceOf(wanted: unknown, is: unknown, at = ''): readonly Difference[] {
  const different = [{ at, wanted, is }];
  if (Array.isArray(wanted)) {
    return Array.isArray(is) && is.length === wanted.length
      ? wanted.flatMap((each, index) => differenceOf(each, is[index], `${at}[${index}]`))
      : different;
  }

  if (!isSection(wanted)) {
    return String(wanted) === String(is) && is !== undefined ? [] : different;
  }

  if (typeof wanted.contains === 'string' && Object.keys(wanted).length === 1) {
    return typeof is === 'string' && is.includes(wanted.contains) ? [] : different;
  }

  return isSection(is)
    ? Object.entries(wanted).flatMap(([key, each]) => differenceOf(each, is[key], at === '' ? key : `${at}.${key}`))
    : different;
}

function isSection(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

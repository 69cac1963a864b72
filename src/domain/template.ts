/** Values for the placeholders of a text: `ticket.key`, `requester.name` and so on. */
export type TemplateValues = Readonly<Record<string, string | undefined>>;

/** What a text shows where the systems know no value. */
export const ABSENT = '—';

const PLACEHOLDER = /\{([a-z_]+(?:\.[a-z0-9_]+)*)\}/g;

/** What its writer meant for a placeholder, a Cyrillic letter in it or a capital included. */
const MEANT = /\{([\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+)*)\}/gu;

/** The placeholders that a text uses, in order, each once; misspelt ones too, which nothing fills. */
export function placeholdersOf(template: string): readonly string[] {
  return [...new Set(Array.from(template.matchAll(MEANT), (match) => match[1] ?? ''))];
}

/**
 * Fills the placeholders of a text. A value is inserted as it is: placeholders inside a value are not filled, so
 * people's own words cannot pull in other data.
 */
export function fill(template: string, values: TemplateValues): string {
  return template.replaceAll(PLACEHOLDER, (_, name: string) => values[name] || ABSENT).trim();
}

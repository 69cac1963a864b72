import type { ChangelogItem, HookEvent } from './hook-payloads.ts';

export type Emit = (event: HookEvent) => void;

/** What changed in one field, as webhooks tell it. */
export function differenceOf(
  field: string,
  before: string | null,
  after: string | null,
  idOf: (name: string) => string | undefined = () => undefined,
): ChangelogItem {
  return {
    field,
    fieldtype: field.startsWith('customfield_') ? 'custom' : 'jira',
    from: before === null ? null : (idOf(before) ?? null),
    fromString: before,
    to: after === null ? null : (idOf(after) ?? null),
    toString: after,
  };
}

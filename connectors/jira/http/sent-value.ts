import { z } from 'zod';

/** Longer texts are told by their length: a message is read on one line. */
const LONGEST_SHOWN = 80;

const sentBody = z.looseObject({ fields: z.record(z.string(), z.unknown()).optional() });
const reference = z.looseObject({
  name: z.string().optional(),
  value: z.string().optional(),
  key: z.string().optional(),
  id: z.string().optional(),
});

/** What a call has sent for a field that JIRA refused, e.g. `«Обычный»`; empty where it sent none. */
export function sentValue(body: unknown, field: string): string {
  const { data } = sentBody.safeParse(body);
  const value = data?.fields !== undefined && Object.hasOwn(data.fields, field) ? data.fields[field] : undefined;
  return value === undefined ? '' : show(value);
}

function show(value: unknown): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) {
    return '(cleared)';
  }

  if (Array.isArray(value)) {
    return value.map(show).join(', ');
  }

  if (typeof value === 'string') {
    const isShort = value.length <= LONGEST_SHOWN && !value.includes('\n');
    return isShort ? `«${value}»` : `(${value.length} characters)`;
  }

  const { data } = reference.safeParse(value);
  const name = data?.name ?? data?.value ?? data?.key ?? data?.id;
  return name === undefined ? '' : `«${name}»`;
}

import { z } from 'zod';
import type { WireFields } from '../fields.ts';
import { carrierOf } from '../marker.ts';
import type { JiraOptions } from '../options.ts';
import type { Drafted } from './draft.ts';
import type { Allowed, CreateScreen } from './screens.ts';
import { isEmpty, judgeFields, nameField, type Unsuitable } from './unsuitable.ts';

/** The fields of a draft as its create screen takes them. */
export interface Fitted {
  readonly fields: WireFields;
  /** What the screen does not show. */
  readonly leftOut: readonly { readonly id: string; readonly field: string }[];
  /** Why nothing can be sent; none if it can. */
  readonly faults: readonly Unsuitable[];
}

const reference = z.record(z.string(), z.string());

/** Without these there is no issue. `pid` is how some versions call the project in a refusal. */
export const NEVER_LEFT_OUT: readonly string[] = ['project', 'pid', 'issuetype', 'summary'];

/**
 * Leaves out what the screen does not show, and the optional fields that JIRA has refused by name. The marker stays in
 * any case. An unknown screen shows everything but the extras.
 */
export function fitToScreen(
  { fields: drafted, extras }: Drafted,
  screen: CreateScreen | undefined,
  refused: readonly string[],
  options: JiraOptions,
): Fitted {
  const stays = [...NEVER_LEFT_OUT, carrierOf(options)];
  const isShown = (id: string) => !refused.includes(id) && (screen === undefined || screen.fields.has(id));
  const entries = Object.entries(drafted);
  const kept = Object.fromEntries(entries.filter(([id]) => stays.includes(id) || isShown(id)));
  const lost = entries.filter(([id, value]) => !Object.hasOwn(kept, id) && !isEmpty(value));
  const along = Object.entries(extras).filter(([id]) => screen !== undefined && isShown(id));
  const fields = { ...Object.fromEntries(along), ...kept };
  const leftOut = lost.map(([id]) => ({ id, field: nameField(id, screen?.fields.get(id)?.name) }));
  const unwanted = options.fields_not_on_screen === 'refuse' ? leftOut : [];
  return {
    fields,
    leftOut,
    faults: [
      ...(screen === undefined ? [] : judgeFields(fields, screen, options)),
      ...unwanted.map((field): Unsuitable => ({ ...field, why: 'not-shown' })),
    ],
  };
}

/**
 * Whether JIRA refuses what the field was set to, and not the field: then a person has to mend the value. The content of
 * an issue is never given up for a refusal either.
 */
export function isRefusedValue(
  id: string,
  value: unknown,
  screen: CreateScreen | undefined,
  options: JiraOptions,
): boolean {
  const field = screen?.fields.get(id);
  if (NEVER_LEFT_OUT.includes(id) || id === carrierOf(options)) {
    return true;
  }

  return (
    field !== undefined && (id === 'description' || ![value].flat().every((each) => isAllowed(each, field.allowed)))
  );
}

/** Values of choices are objects such as `{ name: 'БД' }`; what is none is not limited. */
function isAllowed(value: unknown, allowed: readonly Allowed[] | undefined): boolean {
  const { data } = reference.safeParse(value);
  return (
    allowed === undefined ||
    data === undefined ||
    allowed.some(({ id, name, value: text }) => Object.values(data).every((part) => [id, name, text].includes(part)))
  );
}

import type { DateTime } from 'luxon';
import { z } from 'zod';
import type { BridgeError } from '../../../src/errors.ts';
import { type Catalogue, findCalled } from '../catalogue.ts';
import type { Gateway } from '../http/gateway.ts';
import { FRESH_MS, isNotTold, type Kept, keep } from '../kept.ts';

/** What issues of one type are opened as, and where. Both as the mappings name them. */
export interface Place {
  readonly project: string;
  readonly type: string;
}

export interface ScreenField {
  readonly id: string;
  readonly name: string;
  /** Whether an issue without it is refused. */
  readonly isDemanded: boolean;
  /** What it may be set to, by id or name; absent where that is not limited. */
  readonly allowed?: readonly Allowed[];
}

export interface Allowed {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly value?: string | undefined;
}

/** The screen on which issues of one type are created. */
export interface CreateScreen {
  readonly typeId: string;
  /** By id. */
  readonly fields: ReadonlyMap<string, ScreenField>;
}

/** The create screens, kept for a while. */
export interface Screens {
  /** Undefined where JIRA does not tell: then an issue is opened without asking. Throws while JIRA is away. */
  look(place: Place, signal: AbortSignal, youngerThanMs?: number): Promise<CreateScreen | undefined>;
  /** JIRA has refused what the screen promised. */
  drop(place: Place): void;
}

/** JIRA fills these by itself, whatever it says about them. */
const FILLED_BY_JIRA = ['project', 'issuetype', 'reporter'];

const PAGE_SIZE = 100;

const identifier = z.union([z.string(), z.number()]).transform(String);

const issueType = z.object({ id: identifier, name: z.string() });

const allowedValue = z.object({ id: identifier.optional(), name: z.string().optional(), value: z.string().optional() });

const field = z
  .object({
    fieldId: z.string().optional(),
    key: z.string().optional(),
    name: z.string().optional(),
    required: z.boolean().default(false),
    hasDefaultValue: z.boolean().nullish(),
    allowedValues: z.array(allowedValue).nullish().catch(null),
  })
  .transform(({ fieldId, key, name, required, hasDefaultValue, allowedValues }): ScreenField => {
    const id = fieldId ?? key ?? '';
    return {
      id,
      name: name ?? id,
      isDemanded: required && hasDefaultValue !== true && !FILLED_BY_JIRA.includes(id),
      ...(allowedValues ? { allowed: allowedValues } : {}),
    };
  });

/** Data Center names its pages `values`, Cloud after their content. */
function pageOf<Item extends z.ZodType>(item: Item) {
  const items = z.array(item).optional();
  return z
    .object({
      total: z.number().nullish(),
      isLast: z.boolean().nullish(),
      values: items,
      issueTypes: items,
      fields: items,
    })
    .transform(({ total, isLast, values, issueTypes, fields }) => ({
      total: total ?? undefined,
      isLast: isLast ?? undefined,
      items: values ?? issueTypes ?? fields ?? [],
    }));
}

export function createScreens(gateway: Gateway, catalogue: Catalogue, now: () => DateTime): Screens {
  const readAll = async <Item extends z.ZodType>(path: string, item: Item, signal: AbortSignal) => {
    const all: z.output<Item>[] = [];
    for (;;) {
      const query = { startAt: all.length, maxResults: PAGE_SIZE };
      const shape = pageOf(item);
      const { items, total, isLast } = await gateway.send({
        method: 'GET',
        path,
        query,
        effect: 'none',
        shape,
        signal,
      });
      all.push(...items);
      const isFull = total === undefined ? items.length === PAGE_SIZE : all.length < total;
      if (items.length === 0 || isLast === true || !isFull) {
        return all;
      }
    }
  };

  const readTypeId = async ({ project, type }: Place, signal: AbortSignal) => {
    const types = await readAll(pathOf(project), issueType, signal);
    const called = findCalled(types, type)?.id;
    const translated = called === undefined ? await catalogue.find('issueType', type, signal) : undefined;
    return called ?? types.find(({ id }) => id === translated?.id)?.id;
  };

  const kept = new Map<
    string,
    { readonly typeId: Kept<string | undefined>; readonly screen: Kept<CreateScreen | undefined> }
  >();
  const of = (place: Place) => {
    const name = nameOfPlace(place);
    const known = kept.get(name);
    if (known !== undefined) {
      return known;
    }

    const typeId = keep({ read: (signal) => readTypeId(place, signal), now });
    const screen = keep({
      read: async (signal) => {
        const id = await typeId.get(signal);
        if (id === undefined) {
          return undefined;
        }

        const fields = await readAll(`${pathOf(place.project)}/${encodeURIComponent(id)}`, field, signal);
        return { typeId: id, fields: new Map(fields.map((each) => [each.id, each])) };
      },
      now,
    });
    kept.set(name, { typeId, screen });
    return { typeId, screen };
  };

  return {
    look: (place, signal, youngerThanMs = FRESH_MS) =>
      of(place)
        .screen.get(signal, youngerThanMs)
        .catch((error: BridgeError) => {
          if (isNotTold(error)) {
            return undefined;
          }
          throw error;
        }),
    drop: (place) => {
      const { typeId, screen } = of(place);
      typeId.drop();
      screen.drop();
    },
  };
}

/** Tells places apart. */
export function nameOfPlace({ project, type }: Place): string {
  return JSON.stringify([project, type]);
}

function pathOf(project: string): string {
  return `/issue/createmeta/${encodeURIComponent(project)}/issuetypes`;
}

import type { DateTime } from 'luxon';
import { z } from 'zod';
import { isSameText } from '../../src/domain/condition.ts';
import type { Aliases, Snapshot } from '../../src/domain/ticket.ts';
import type { BridgeError } from '../../src/errors.ts';
import type { Gateway } from './http/gateway.ts';
import { isNotTold, type Kept, keep } from './kept.ts';

/** Something that JIRA has a name for in each language. */
export interface Entry {
  readonly id: string;
  /** As JIRA shows it to the account. */
  readonly name: string;
  /** All names that are known, the account's first. */
  readonly names: readonly string[];
}

const paths = {
  priority: '/priority',
  status: '/status',
  resolution: '/resolution',
  issueType: '/issuetype',
  linkType: '/issueLinkType',
  field: '/field',
} as const;

export type EntryKind = keyof typeof paths;

/** What JIRA has of each kind, kept for a while. Mappings name an entry by its id or by any of its names. */
export interface Catalogue {
  /** The entry that is meant; undefined where there is none, or JIRA does not tell. Throws while JIRA is away. */
  find(kind: EntryKind, wanted: string, signal: AbortSignal): Promise<Entry | undefined>;
  /** Throws what JIRA answers. */
  list(kind: EntryKind, signal: AbortSignal): Promise<readonly Entry[]>;
  /** Everything may have changed: JIRA has refused a name. */
  drop(): void;
}

/** Besides the account's own: the languages that mappings are written in. */
const LANGUAGES = ['ru-RU', 'en-US'] as const;

const named = z.looseObject({
  id: z.union([z.string(), z.number()]).transform(String),
  name: z.string(),
  untranslatedName: z.string().nullish(),
});

const list = z.union([
  z.array(named),
  z.looseObject({ issueLinkTypes: z.array(named) }).transform(({ issueLinkTypes }) => issueLinkTypes),
  z.looseObject({ values: z.array(named) }).transform(({ values }) => values),
]);

export function createCatalogue(gateway: Gateway, now: () => DateTime): Catalogue {
  const kinds = new Map<EntryKind, Kept<readonly Entry[]>>();
  const of = (kind: EntryKind) => {
    const known = kinds.get(kind);
    if (known !== undefined) {
      return known;
    }

    const kept = keep({ read: (signal) => readEntries(kind, gateway, signal), now });
    kinds.set(kind, kept);
    return kept;
  };

  return {
    find: async (kind, wanted, signal) => {
      const entries = await of(kind)
        .get(signal)
        .catch((error: BridgeError) => {
          if (isNotTold(error)) {
            return [];
          }
          throw error;
        });
      return findCalled(entries, wanted);
    },
    list: (kind, signal) => of(kind).get(signal),
    drop: () => {
      for (const kept of kinds.values()) {
        kept.drop();
      }
    },
  };
}

/** The account's own names count before ids, and both before names in other languages. */
export function findCalled<Named extends { readonly id: string; readonly name: string }>(
  entries: readonly (Named & { readonly names?: readonly string[] })[],
  wanted: string,
): Named | undefined {
  return (
    entries.find(({ name }) => name === wanted) ??
    entries.find(({ name }) => isSameText(name, wanted)) ??
    entries.find(({ id }) => id === wanted.trim()) ??
    entries.find(({ names }) => names?.some((name) => isSameText(name, wanted)))
  );
}

/** A server that knows no languages answers with the same names again; one that refuses them is believed without. */
async function readEntries(kind: EntryKind, gateway: Gateway, signal: AbortSignal): Promise<readonly Entry[]> {
  const read = (language?: string) =>
    gateway.send({
      method: 'GET',
      path: paths[kind],
      ...(language === undefined ? {} : { language }),
      effect: 'none',
      shape: list,
      signal,
    });
  // One after the other: the names are needed seldom, and JIRA's attention all the time.
  const own = await read();
  const translated: (typeof own)[number][] = [];
  for (const language of LANGUAGES) {
    translated.push(...(await read(language).catch(() => [])));
  }
  return own.map((entry) => {
    const { id, name } = entry;
    const others = [entry, ...translated.filter((each) => each.id === id)];
    const names = others.flatMap((each) => [each.name, each.untranslatedName ?? []].flat());
    return { id, name, names: [...new Set(names)] };
  });
}

/** The snapshot with the other names of what it shows. Without a catalogue it stays as it is. */
export async function withAliases(snapshot: Snapshot, catalogue: Catalogue, signal: AbortSignal): Promise<Snapshot> {
  const { state, priority, resolution } = snapshot;
  const others = async (kind: EntryKind, name: string | undefined) => {
    const isShown = name !== undefined && name !== '';
    const entry = isShown ? await catalogue.find(kind, name, signal).catch(() => undefined) : undefined;
    return entry === undefined ? [] : [entry.id, ...entry.names.filter((each) => each !== name)];
  };
  const states = await others('status', state);
  const priorities = await others('priority', priority);
  const resolutions = await others('resolution', resolution);
  const aliases: Aliases = {
    ...(states.length === 0 ? {} : { state: states }),
    ...(priorities.length === 0 ? {} : { priority: priorities }),
    ...(resolutions.length === 0 ? {} : { resolution: resolutions }),
  };
  return Object.keys(aliases).length === 0 ? snapshot : { ...snapshot, aliases };
}

import type { At, Use } from './names-in-use.ts';
import type { Mappings } from './schema.ts';

/** Values of OTRS that rules of the clock wait for, by property. */
export function clockNames({ clock }: Mappings, property: string, at: At): readonly Use[] {
  return rowsOf({ clock }).flatMap(({ path, row: { on, to = [] } }) =>
    on === property ? to.map((name, index) => ({ name, at: at('clock', [...path, 'to', index]) })) : [],
  );
}

/** Fields of the ticket that rules of the clock watch, and those that show the deadlines. */
export function clockFields(mappings: Mappings, at: At): readonly Use[] {
  const watched = rowsOf(mappings).flatMap(({ path, row: { on } }) =>
    on.startsWith('fields.') ? [{ name: on.slice('fields.'.length), at: at('clock', [...path, 'on']) }] : [],
  );
  return [...watched, ...shownFields(mappings, 'ticket', at)];
}

export function clockFieldValues(mappings: Mappings, at: At): readonly (Use & { readonly field: string })[] {
  return rowsOf(mappings).flatMap(({ path, row: { on, to = [] } }) =>
    on.startsWith('fields.')
      ? to.map((name, index) => ({
          field: on.slice('fields.'.length),
          name,
          at: at('clock', [...path, 'to', index]),
        }))
      : [],
  );
}

export function shownFields({ clock }: Mappings, side: 'ticket' | 'issue', at: At): readonly Use[] {
  return Object.entries(clock.shown[side]).flatMap(([key, name]: [string, string | undefined]) =>
    name === undefined ? [] : [{ name, at: at('clock', ['shown', side, key]) }],
  );
}

function rowsOf({ clock }: Pick<Mappings, 'clock'>) {
  const list = (
    group: 'stages' | 'workaround',
    lists: Readonly<Record<string, Mappings['clock']['stages']['reaction']>>,
  ) => Object.entries(lists).flatMap(([name, rows]) => rows.map((row, index) => ({ path: [group, name, index], row })));
  return [...list('stages', clock.stages), ...list('workaround', clock.workaround)];
}

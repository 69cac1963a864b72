import type { ExpectedAdjacent } from '../connector.ts';
import { PARENT_TICKET, RELATED_TICKETS } from '../domain/related/policy.ts';
import { placeholdersOf } from '../domain/template.ts';
import type { Placed, Use } from './names-in-use.ts';
import type { Mappings } from './schema.ts';

type Mapping = Mappings['related-systems'];
type Path = readonly (string | number)[];
type At = (path: Path) => string;

/** Where the support of adjacent systems takes tickets in OTRS, what these are like, and the fields that they need. */
export function relatedNames(mapping: Mapping, at: At) {
  const { decided_by, systems, takes_back } = mapping;
  const inOtrs = systems.flatMap((system, index) => (system.system === 'otrs' ? [{ system, index }] : []));
  const rows = (key: 'service' | 'ticket_queue') =>
    inOtrs.map(({ system, index }) => ({ name: system[key], at: at(['systems', index, key]) }));
  const mandatory = systems.flatMap(({ mandatory }, system) =>
    mandatory.map(({ field }, row) => ({ name: field, at: at(['systems', system, 'mandatory', row, 'field']) })),
  );
  return {
    services: rows('service'),
    ticketQueues: rows('ticket_queue'),
    types: draftsInOtrs(mapping).map(([name, { type }]) => ({ name: type, at: at(['drafts', name, 'type']) })),
    states: draftsInOtrs(mapping).map(([name, { state }]) => ({ name: state, at: at(['drafts', name, 'state']) })),
    links: inOtrs.flatMap(({ system: { link }, index }) =>
      link === undefined ? [] : [{ name: link, at: at(['systems', index, 'link']) }],
    ),
    fields: [
      { name: decided_by, at: at(['decided_by']) },
      { name: RELATED_TICKETS, at: at(['shown', 'in_ticket']) },
      ...(inOtrs.length === 0 ? [] : [{ name: PARENT_TICKET, at: at(['shown', 'in_related']) }]),
      ...takes_back.map((name, row) => ({ name, at: at(['takes_back', row]) })),
      ...mandatory,
      ...fieldsOfDrafts(mapping, at),
    ],
    fieldValues: systems.map(({ key }, index) => ({ name: key, at: at(['systems', index, 'key']), field: decided_by })),
  };
}

/** Where linked tickets are opened outside of OTRS, and what they are like there. */
export function adjacentPlaces({ systems, drafts, takes_back }: Mapping, at: At): readonly ExpectedAdjacent[] {
  return systems.flatMap(({ system, title, service, ticket_queue: name, open }, index) => {
    const draft = system === 'otrs' ? undefined : drafts[open];
    return draft === undefined
      ? []
      : [
          {
            system,
            name,
            at: at(['systems', index, 'ticket_queue']),
            title,
            service,
            type: draft.type,
            state: draft.state,
            fields: [...new Set([PARENT_TICKET, ...Object.keys(draft.fields), ...takes_back])],
          },
        ];
  });
}

/** The conditions under which a linked ticket is opened although no agent chose its system. */
export function relatedConditions({ systems }: Mapping): readonly Omit<Placed, 'file'>[] {
  return systems.flatMap(({ when }, system) =>
    when.map((condition, row) => ({ path: ['systems', system, 'when', row], condition })),
  );
}

function draftsInOtrs({ systems, drafts }: Mapping) {
  const opened = new Set(systems.filter(({ system }) => system === 'otrs').map(({ open }) => open));
  return Object.entries(drafts).filter(([name]) => opened.has(name));
}

/** Fields that drafts fill in OTRS, and those of the ticket that they show or demand. */
function fieldsOfDrafts(mapping: Mapping, at: At): readonly Use[] {
  const filled = draftsInOtrs(mapping).flatMap(([draft, { fields }]) =>
    Object.keys(fields).map((name) => ({ name, at: at(['drafts', draft, 'fields', name]) })),
  );
  const asked = Object.entries(mapping.drafts).flatMap(([draft, { title, text, fields, requires }]) => [
    ...Object.entries({ title, text }).flatMap(([key, template]) => shownIn(template, at(['drafts', draft, key]))),
    ...Object.entries(fields).flatMap(([name, template]) => shownIn(template, at(['drafts', draft, 'fields', name]))),
    ...requires.flatMap(({ part }, row) =>
      part.startsWith('fields.') ? [{ name: part, at: at(['drafts', draft, 'requires', row, 'part']) }] : [],
    ),
  ]);
  return [...filled, ...asked.map(({ name, at }) => ({ name: name.slice('fields.'.length), at }))];
}

function shownIn(template: string, at: string): readonly Use[] {
  return placeholdersOf(template)
    .filter((name) => name.startsWith('fields.'))
    .map((name) => ({ name, at }));
}

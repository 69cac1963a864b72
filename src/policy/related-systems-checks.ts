import { filePlaceholders } from '../domain/attachments.ts';
import { isSameText } from '../domain/condition.ts';
import { PARENT_TICKET, RELATED_TICKETS, relatedPlaceholders } from '../domain/related/policy.ts';
import { placeholdersOf } from '../domain/template.ts';
import type { SystemName } from '../domain/ticket.ts';
import { commentPlaceholders, editPlaceholders, ticketPlaceholders } from '../domain/vocabulary.ts';
import type { Fault, YamlFile } from '../yaml.ts';
import { faultOfPhrase } from './phrases.ts';
import { stray, unknownPlaceholders } from './placeholders.ts';
import type { Mappings } from './schema.ts';

type Mapping = Mappings['related-systems'];
type System = Mapping['systems'][number];
type Path = readonly (string | number)[];

/**
 * What the schema of `related-systems.yaml` cannot see: one key twice, broken phrases, routes that lead back to us, drafts
 * that do not exist or that nothing opens, and placeholders that nothing fills.
 */
export function checkRelatedSystems(mappings: Mappings, source: YamlFile): readonly Fault[] {
  const mapping = mappings['related-systems'];
  return [
    ...checkSystems(mappings, source),
    ...checkDrafts(mapping, source),
    ...textsOf(mapping).flatMap(({ path, template, known }) =>
      unknownPlaceholders(template, known).map(({ message, help }) => source.fault(path, 'value', message, help)),
    ),
  ];
}

/** Rows whose system the configuration does not connect; nothing where the configuration is not known. */
export function checkConnected(
  { systems }: Mapping,
  source: YamlFile,
  linked: readonly SystemName[] | undefined,
): readonly Fault[] {
  return systems.flatMap(({ system }, index) =>
    linked === undefined || linked.includes(system)
      ? []
      : [
          source.fault(
            ['systems', index, 'system'],
            'value',
            `no system «${system}» is connected${stray(system)}`,
            `Connect it under \`systems\` of the configuration (docs/adding-a-system.md), or use ${linked
              .map((name) => `«${name}»`)
              .join(' or ')}.`,
          ),
        ],
  );
}

function checkSystems(mappings: Mappings, source: YamlFile): readonly Fault[] {
  const { systems, drafts } = mappings['related-systems'];
  const at = (path: Path, message: string, help: string) => source.fault(path, 'value', message, help);
  return systems.flatMap((system, index) => [
    ...(drafts[system.open] === undefined
      ? [
          at(
            ['systems', index, 'open'],
            `there is no draft «${system.open}»${stray(system.open)}`,
            `Use one of ${Object.keys(drafts)
              .map((name) => `«${name}»`)
              .join(', ')}, or add it under \`drafts\`.`,
          ),
        ]
      : []),
    ...repeated(systems, index).map(([key, first]) =>
      at(
        ['systems', index, key],
        `«${system[key]}» already stands in row ${first + 1} of the list`,
        'Give each system a key and a title of its own: only the first row would ever apply.',
      ),
    ),
    ...repeatedFields(system).map((row) =>
      at(
        ['systems', index, 'mandatory', row, 'field'],
        `the field «${system.mandatory[row]?.field}» already stands further up`,
        'Remove one of the two rows.',
      ),
    ),
    ...system.named_by.flatMap((phrase, row) => {
      const fault = faultOfPhrase(phrase, {});
      return fault === undefined ? [] : [at(['systems', index, 'named_by', row], fault, 'Correct the phrase.')];
    }),
    ...(system.system === 'otrs' &&
    mappings.services.services.some(({ service }) => isSameText(service, system.service))
      ? [
          at(
            ['systems', index, 'service'],
            `«${system.service}» is one of our own services in services.yaml`,
            'Name the service of the adjacent system: the bridge would otherwise look after its own question.',
          ),
        ]
      : []),
  ]);
}

function repeated(systems: readonly System[], index: number): readonly (readonly ['key' | 'title', number])[] {
  return (['key', 'title'] as const).flatMap((key) => {
    const first = systems.findIndex((other) => isSameText(other[key], systems[index]?.[key] ?? ''));
    return first === index ? [] : [[key, first] as const];
  });
}

function repeatedFields({ mandatory }: System): readonly number[] {
  return mandatory.flatMap(({ field }, row) =>
    mandatory.findIndex((other) => other.field === field) === row ? [] : [row],
  );
}

/** Fields that the bridge fills itself, whatever the draft says. */
const OWN_FIELDS: readonly string[] = ['service', PARENT_TICKET, RELATED_TICKETS];

function checkDrafts({ systems, drafts }: Mapping, source: YamlFile): readonly Fault[] {
  return Object.entries(drafts).flatMap(([name, { fields }]) => [
    ...(systems.some(({ open }) => open === name)
      ? []
      : [
          source.fault(
            ['drafts', name],
            'key',
            `no system opens the draft «${name}»`,
            'Name it in `open` of a system, or remove it.',
          ),
        ]),
    ...Object.keys(fields)
      .filter((field) => OWN_FIELDS.includes(field))
      .map((field) =>
        source.fault(
          ['drafts', name, 'fields', field],
          'key',
          `the bridge fills the field «${field}» itself`,
          'Remove the row.',
        ),
      ),
  ]);
}

interface Text {
  readonly path: Path;
  readonly template: string;
  readonly known: readonly string[];
}

function textsOf({ drafts, shown, to_related, to_ticket, notes }: Mapping): readonly Text[] {
  const about = [...ticketPlaceholders, ...relatedPlaceholders];
  const numbered = relatedPlaceholders.filter((name) => name !== 'related.solution');
  const telling = (name: string, { comment, file }: Mapping['to_related']) => {
    const words = [...about, ...commentPlaceholders];
    return [
      ...textsIn([name, 'comment'], { subject: comment.subject, text: comment.text }, words),
      ...textsIn([name, 'comment'], { edited: comment.edited }, [...words, ...editPlaceholders]),
      ...textsIn([name, 'file'], file, [...about, ...filePlaceholders]),
    ];
  };
  return [
    ...Object.entries(drafts).flatMap(([name, { title, text, fields }]) => [
      ...textsIn(['drafts', name], { title, text }, ticketPlaceholders).map(withFields),
      ...textsIn(['drafts', name, 'fields'], fields, ticketPlaceholders).map(withFields),
    ]),
    ...textsIn(['shown'], { in_ticket: shown.in_ticket }, numbered),
    ...textsIn(['shown'], { gone: shown.gone }, ['related.system', 'related.number']),
    ...textsIn(['shown'], { in_related: shown.in_related }, ticketPlaceholders),
    ...telling('to_related', to_related),
    ...telling('to_ticket', to_ticket),
    ...textsIn(['notes', 'missing'], notes.missing, [...ticketPlaceholders, 'related.system', 'missing']),
    ...textsIn(['notes', 'opened'], notes.opened ?? {}, [...ticketPlaceholders, ...numbered]),
    ...textsIn(['notes', 'closed'], notes.closed, about),
    ...textsIn(['notes', 'lacking'], { subject: notes.lacking.subject, text: notes.lacking.text }, [
      ...ticketPlaceholders,
      ...numbered,
      'lacking',
    ]),
    ...textsIn(['notes', 'gone'], notes.gone, [...ticketPlaceholders, 'related.system', 'related.number']),
    ...textsIn(['notes', 'ticket_closed'], notes.ticket_closed ?? {}, [...about, 'ticket.solution']),
  ];
}

function textsIn(path: Path, texts: Readonly<Record<string, string>>, known: readonly string[]): readonly Text[] {
  return Object.entries(texts).map(([key, template]) => ({ path: [...path, key], template, known }));
}

/** Texts of a draft know every field of the ticket by its logical name. */
function withFields({ template, known, ...text }: Text): Text {
  const fields = placeholdersOf(template).filter((name) => /^fields\.[a-z][a-z0-9_]*$/.test(name));
  return { ...text, template, known: [...known, 'fields.<logical name>', ...fields] };
}

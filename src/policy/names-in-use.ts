import type { ExpectedName, ExpectedNames } from '../connector.ts';
import type { Sources } from './load.ts';
import type { MappingName, Mappings } from './schema.ts';

type Path = readonly (string | number)[];

interface Use {
  readonly name: string;
  readonly at: string;
}

type At = (file: MappingName, path: Path) => string;

/** Every name of OTRS and JIRA that the mappings use, with the places where they do; each name once. */
export function namesInUse(mappings: Mappings, sources: Sources): ExpectedNames {
  const at: At = (file, path) => {
    const { file: shown, line, column } = sources[file].fault(path, 'value', '', '');
    return `${shown}:${line}:${column}`;
  };
  const questions = questionsOf(mappings, at);
  const asked = (property: string) => questions.filter((question) => question.property === property);
  const values = questions.flatMap(({ property, name, at }) =>
    name !== '' && property.startsWith('fields.') ? [{ field: property.slice('fields.'.length), name, at }] : [],
  );

  const related = relatedNames(mappings, at);
  return {
    ...issueNames(mappings, at),
    services: once([
      ...column(mappings.services.services, 'service', 'services', 'services', at),
      ...related.services,
      ...asked('service'),
    ]),
    ticketQueues: once([...related.ticketQueues, ...asked('ticket_queue')]),
    ticketTypes: once([...column(mappings.services.services, 'type', 'services', 'services', at), ...asked('type')]),
    ticketStates: once([...ticketStates(mappings, at), ...asked('state')]),
    ticketPriorities: once([
      ...column(mappings.priority.priorities, 'ticket', 'priority', 'priorities', at),
      ...asked('priority'),
    ]),
    ticketOwners: once([...column(mappings.people.people, 'agent', 'people', 'people', at), ...asked('owner')]),
    ticketFields: once([...ticketFields(mappings, at), ...fieldsWritten(at), ...related.fields]),
    ticketFieldValues: onceEach(
      [...values, ...closingValues(mappings, at), ...related.fieldValues],
      ({ field }) => field,
    ),
  };
}

function issueNames({ priority, status, closure, escalation }: Mappings, at: At) {
  const drafts = Object.entries(escalation.drafts).map(([draft, { project, type }]) => ({
    project: { name: project, at: at('escalation', ['drafts', draft, 'project']) },
    type: { name: type, project, at: at('escalation', ['drafts', draft, 'type']) },
  }));
  return {
    projects: once(drafts.map(({ project }) => project)),
    issueTypes: onceEach(
      drafts.map(({ type }) => type),
      ({ project }) => project,
    ),
    issuePriorities: once(column(priority.priorities, 'issue', 'priority', 'priorities', at)),
    issueStatuses: once(column(status.statuses, 'issue_status', 'status', 'statuses', at)),
    resolutions: once(column(closure.codes, 'resolution', 'closure', 'codes', at)),
    issueFields: [
      { name: 'solution', at: at('closure', ['solution_from_comment']) },
      { name: 'configuration_item', at: at('closure', ['configuration_items']) },
    ],
    issueFieldValues: onceEach(
      column(closure.configuration_items, 'issue', 'closure', 'configuration_items', at).map((use) => ({
        ...use,
        field: 'configuration_item',
      })),
      ({ field }) => field,
    ),
  };
}

/** The values that the conditions of the rules ask for. */
function questionsOf(mappings: Mappings, at: At): readonly (Use & { readonly property: string })[] {
  return conditionsOf(mappings).flatMap(({ file, path, condition: { property, is, is_not } }) => {
    const test = is === undefined ? 'is_not' : 'is';
    return (is ?? is_not ?? []).map((name, index) => ({ property, name, at: at(file, [...path, test, index]) }));
  });
}

interface Placed {
  readonly file: MappingName;
  readonly path: Path;
  readonly condition: {
    readonly property: string;
    readonly is?: readonly string[] | undefined;
    readonly is_not?: readonly string[] | undefined;
  };
}

/** Every condition on a property of the ticket, of the rules of escalation and of the priorities. */
function conditionsOf({ escalation, priority }: Mappings): readonly Placed[] {
  const escalations = escalation.rules.flatMap(({ when }, rule) =>
    when.map((condition, row): Placed => ({ file: 'escalation', path: ['rules', rule, 'when', row], condition })),
  );
  const criteria = priority.criteria.flatMap((criterion, index) =>
    (['when', 'unless'] as const).flatMap((list) =>
      criterion[list].flatMap(({ property, ...tests }, row): readonly Placed[] =>
        property === undefined
          ? []
          : [{ file: 'priority', path: ['criteria', index, list, row], condition: { property, ...tests } }],
      ),
    ),
  );
  const defaults = priority.defaults.flatMap(({ when }, index) =>
    when.map((condition, row): Placed => ({ file: 'priority', path: ['defaults', index, 'when', row], condition })),
  );
  return [...escalations, ...criteria, ...defaults];
}

function ticketStates({ status, closure }: Mappings, at: At): readonly Use[] {
  return [
    ...column(status.states, 'state', 'status', 'states', at),
    ...column(status.statuses, 'ticket_state', 'status', 'statuses', at),
    { name: closure.closed_state, at: at('closure', ['closed_state']) },
    { name: closure.waiting_state, at: at('closure', ['waiting_state']) },
  ];
}

function ticketFields(mappings: Mappings, at: At): readonly Use[] {
  return conditionsOf(mappings).flatMap(({ file, path, condition: { property } }) =>
    property.startsWith('fields.')
      ? [{ name: property.slice('fields.'.length), at: at(file, [...path, 'property']) }]
      : [],
  );
}

/** Fields of the ticket that the bridge writes by itself: the way to the issue, and the closing block. */
function fieldsWritten(at: At): readonly Use[] {
  return [
    ...['issue_key', 'issue_url', 'issue_status'].map((name) => ({ name, at: at('escalation', ['reference']) })),
    { name: 'closure_code', at: at('closure', ['codes']) },
    { name: 'solution', at: at('closure', ['solution_from_comment']) },
    { name: 'configuration_item', at: at('closure', ['configuration_items']) },
  ];
}

function closingValues({ closure }: Mappings, at: At) {
  const codes = [
    ...column(closure.codes, 'code', 'closure', 'codes', at),
    { name: closure.otherwise.code, at: at('closure', ['otherwise', 'code']) },
  ];
  const items = column(closure.configuration_items, 'ticket', 'closure', 'configuration_items', at);
  return [
    ...codes.map((use) => ({ ...use, field: 'closure_code' })),
    ...items.map((use) => ({ ...use, field: 'configuration_item' })),
  ];
}

/** Where the support of adjacent systems takes tickets, and the fields that it asks for. */
function relatedNames({ 'related-systems': { decided_by, systems } }: Mappings, at: At) {
  const rows = (key: 'service' | 'ticket_queue' | 'key') => column(systems, key, 'related-systems', 'systems', at);
  const mandatory = systems.flatMap(({ mandatory }, system) =>
    mandatory.map(({ field }, row) => ({
      name: field,
      at: at('related-systems', ['systems', system, 'mandatory', row, 'field']),
    })),
  );
  return {
    services: rows('service'),
    ticketQueues: rows('ticket_queue'),
    fields: [{ name: decided_by, at: at('related-systems', ['decided_by']) }, ...mandatory],
    fieldValues: rows('key').map((use) => ({ ...use, field: decided_by })),
  };
}

/** One column of a list of rows. */
function column<Key extends string>(
  rows: readonly Readonly<Record<Key, string>>[],
  key: Key,
  file: MappingName,
  list: string,
  at: At,
): readonly Use[] {
  return rows.map((row, index) => ({ name: row[key], at: at(file, [list, index, key]) }));
}

function once(uses: readonly Use[]): readonly ExpectedName[] {
  return onceEach(uses, () => '');
}

function onceEach<Found extends Use>(uses: readonly Found[], within: (use: Found) => string): readonly Found[] {
  const groups = Map.groupBy(uses, (use) => JSON.stringify([within(use), use.name]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, at: [...new Set(group.map(({ at }) => at))].join(', ') }];
  });
}

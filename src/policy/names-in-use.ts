import type { ExpectedName, ExpectedNames } from '../connector.ts';
import { accessNames } from './access-names.ts';
import { assignmentNames } from './assignments-names.ts';
import { clockFields, clockFieldValues, clockNames, shownFields } from './clock-names.ts';
import { completenessConditions, completenessNames } from './completeness-names.ts';
import type { Sources } from './load.ts';
import { adjacentPlaces, relatedConditions, relatedNames } from './related-systems-names.ts';
import type { MappingName, Mappings } from './schema.ts';
import { fieldsOfTheBridge, ticketsOpened, withMeaning } from './set-up-names.ts';

type Path = readonly (string | number)[];

export interface Use {
  readonly name: string;
  readonly at: string;
}

export type At = (file: MappingName, path: Path) => string;

/** Every name of OTRS and JIRA that the mappings use, with the places where they do; each name once. */
export function namesInUse(mappings: Mappings, sources: Sources): ExpectedNames {
  const at: At = (file, path) => {
    const { file: shown, line, column } = sources[file].fault(path, 'value', '', '');
    return `${shown}:${line}:${column}`;
  };
  const questions = questionsOf(mappings, at);
  const asked = (property: string) => questions.filter((question) => question.property === property);
  const own = completenessNames(mappings.completeness, (path) => at('completeness', path));
  const values = questions.flatMap(({ property, name, at }) =>
    name !== '' && property.startsWith('fields.') ? [{ field: property.slice('fields.'.length), name, at }] : [],
  );

  const related = relatedNames(mappings['related-systems'], (path) => at('related-systems', path));
  const access = accessNames(mappings.access, (path) => at('access', path));
  const assigned = assignmentNames(mappings, at);
  return {
    ...issueNames(mappings, at),
    ticketLinks: once([...related.links, ...access.links]),
    ...ticketNames(mappings, { completeness: own, related, access, assigned }, asked, at),
    ticketFieldsShown: once(fieldsOfTheBridge(mappings, at)),
    tickets: ticketsOpened(mappings, at),
    adjacent: adjacentPlaces(mappings['related-systems'], (path) => at('related-systems', path)),
    ticketFieldValues: onceEach(
      [
        ...values,
        ...closingValues(mappings, at),
        ...own.fieldValues,
        ...related.fieldValues,
        ...clockFieldValues(mappings, at),
        ...assigned.ticketFieldValues,
      ],
      ({ field }) => field,
    ),
  };
}

interface OwnNames {
  readonly completeness: ReturnType<typeof completenessNames>;
  readonly related: ReturnType<typeof relatedNames>;
  readonly access: ReturnType<typeof accessNames>;
  readonly assigned: ReturnType<typeof assignmentNames>;
}

function ticketNames(
  mappings: Mappings,
  { completeness, related, access, assigned }: OwnNames,
  asked: (property: string) => readonly Use[],
  at: At,
) {
  const { services, priority, people, closure, escalation } = mappings;
  return {
    services: once([
      ...column(services.services, 'service', 'services', 'services', at),
      ...related.services,
      ...access.services,
      ...asked('service'),
      ...list(closure.closing_letter?.services, 'closure', ['closing_letter', 'services'], at),
    ]),
    ticketQueues: once([
      ...related.ticketQueues,
      ...access.ticketQueues,
      ...asked('ticket_queue'),
      ...clockNames(mappings, 'ticket_queue', at),
      ...assigned.ticketQueues,
    ]),
    ticketTypes: once([
      ...column(services.services, 'type', 'services', 'services', at),
      ...asked('type'),
      ...completeness.types,
      ...related.types,
      ...access.types,
    ]),
    ticketStates: withMeaning(
      once([
        ...ticketStates(mappings, at),
        ...completeness.states,
        ...related.states,
        ...access.states,
        ...assigned.ticketStates,
        ...asked('state'),
      ]),
      mappings,
    ),
    ticketPriorities: once([
      ...column(priority.priorities, 'ticket', 'priority', 'priorities', at),
      ...completeness.priorities,
      ...asked('priority'),
    ]),
    ticketOwners: once([
      ...column(people.people, 'agent', 'people', 'people', at),
      ...assigned.ticketOwners,
      ...asked('owner'),
    ]),
    ticketFields: once([
      ...ticketFields(mappings, at),
      ...fieldsWritten(at),
      ...completeness.fields,
      ...related.fields,
      ...clockFields(mappings, at),
      ...closingFields(mappings, at),
      ...access.fields,
      ...assigned.ticketFields,
      ...(escalation.related_issues === undefined
        ? []
        : [{ name: escalation.related_issues.field, at: at('escalation', ['related_issues', 'field']) }]),
    ]),
  };
}

function issueNames(mappings: Mappings, at: At) {
  const { priority, status, closure, escalation } = mappings;
  const { related_issues: related } = escalation;
  const assigned = assignmentNames(mappings, at);
  const filled = Object.entries(escalation.drafts).flatMap(([draft, { project, type, fields }]) =>
    Object.keys(fields).map((name) => ({
      name,
      project,
      type,
      at: at('escalation', ['drafts', draft, 'fields', name]),
    })),
  );
  const drafts = Object.entries(escalation.drafts).map(([draft, { project, type }]) => ({
    project: { name: project, at: at('escalation', ['drafts', draft, 'project']) },
    type: { name: type, project, at: at('escalation', ['drafts', draft, 'type']) },
  }));
  const merged = mergedNames(mappings, at);
  return {
    projects: once(drafts.map(({ project }) => project)),
    issueTypes: onceEach(
      drafts.map(({ type }) => type),
      ({ project }) => project,
    ),
    issuePriorities: once(column(priority.priorities, 'issue', 'priority', 'priorities', at)),
    issueStatuses: once([...issueStatuses(status, at), ...assigned.issueStatuses, ...merged.statuses]),
    resolutions: once([
      ...merged.resolutions,
      ...column(closure.codes, 'resolution', 'closure', 'codes', at),
      ...list(closure.ships_in_update?.unless_resolution, 'closure', ['ships_in_update', 'unless_resolution'], at),
      ...assigned.resolutions,
    ]),
    linkTypes: once([
      ...(related === undefined ? [] : [{ name: related.type, at: at('escalation', ['related_issues', 'type']) }]),
      { name: merged.link, at: at('endings', ['merged', 'stays', 'link']) },
    ]),
    draftFields: onceEach(filled, ({ project, type }) => JSON.stringify([project, type])),
    issueFields: [
      ...filled.map(({ name, at }) => ({ name, at })),
      { name: 'solution', at: at('closure', ['solution_from_comment']) },
      { name: 'configuration_item', at: at('closure', ['configuration_items']) },
      ...shownFields(mappings, 'issue', at),
      ...assigned.issueFields,
      ...(closure.ships_in_update === undefined
        ? []
        : [{ name: closure.ships_in_update.field, at: at('closure', ['ships_in_update', 'field']) }]),
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

function issueStatuses({ statuses, to_issue, on_answer, paths }: Mappings['status'], at: At): readonly Use[] {
  const froms = (row: { readonly from_issue_status: readonly string[] }, path: Path) =>
    row.from_issue_status.map((name, index) => ({ name, at: at('status', [...path, 'from_issue_status', index]) }));
  return [
    ...column(statuses, 'issue_status', 'status', 'statuses', at),
    ...to_issue.flatMap((row, index) => froms(row, ['to_issue', index])),
    ...column(to_issue, 'issue_status', 'status', 'to_issue', at),
    ...column(paths, 'to', 'status', 'paths', at),
    ...paths.flatMap(({ from, through }, index) => [
      ...list(from, 'status', ['paths', index, 'from'], at),
      ...list(through, 'status', ['paths', index, 'through'], at),
    ]),
    ...(on_answer === undefined
      ? []
      : [
          ...froms(on_answer, ['on_answer']),
          { name: on_answer.issue_status, at: at('status', ['on_answer', 'issue_status']) },
        ]),
  ];
}

/** The values that the conditions of the rules ask for. */
function questionsOf(mappings: Mappings, at: At): readonly (Use & { readonly property: string })[] {
  return conditionsOf(mappings).flatMap(({ file, path, condition: { property, is, is_not } }) => {
    const test = is === undefined ? 'is_not' : 'is';
    return (is ?? is_not ?? []).map((name, index) => ({ property, name, at: at(file, [...path, test, index]) }));
  });
}

export interface Placed {
  readonly file: MappingName;
  readonly path: Path;
  readonly condition: {
    readonly property: string;
    readonly is?: readonly string[] | undefined;
    readonly is_not?: readonly string[] | undefined;
  };
}

/** Every condition on a property of the ticket that the rules ask for. */
function conditionsOf({ access, escalation, priority, completeness, ...mappings }: Mappings): readonly Placed[] {
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
  const asked = completenessConditions(completeness).map((placed): Placed => ({ file: 'completeness', ...placed }));
  const related = relatedConditions(mappings['related-systems']).map(
    (placed): Placed => ({ file: 'related-systems', ...placed }),
  );
  const tasks = (access.task?.when ?? []).map(
    (condition, row): Placed => ({ file: 'access', path: ['task', 'when', row], condition }),
  );
  return [...escalations, ...criteria, ...defaults, ...asked, ...related, ...tasks];
}

function ticketStates({ status, closure }: Mappings, at: At): readonly Use[] {
  return [
    ...column(status.states, 'state', 'status', 'states', at),
    ...column(status.statuses, 'ticket_state', 'status', 'statuses', at),
    ...status.statuses.flatMap((row, index) =>
      row.unless_state.map((name, place) => ({
        name,
        at: at('status', ['statuses', index, 'unless_state', place]),
      })),
    ),
    ...column(status.to_issue, 'ticket_state', 'status', 'to_issue', at),
    { name: closure.closed_state, at: at('closure', ['closed_state']) },
    { name: closure.waiting_state, at: at('closure', ['waiting_state']) },
    ...(closure.ships_in_update === undefined
      ? []
      : [{ name: closure.ships_in_update.state, at: at('closure', ['ships_in_update', 'state']) }]),
  ];
}

function ticketFields(mappings: Mappings, at: At): readonly Use[] {
  const asked = conditionsOf(mappings).map(({ file, path, condition: { property } }) => ({
    name: property,
    at: at(file, [...path, 'property']),
  }));
  const parts = Object.entries(mappings.escalation.drafts).flatMap(([draft, lists]) =>
    (['requires', 'recommends'] as const).flatMap((list) =>
      column(lists[list], 'part', 'escalation', list, (file, path) => at(file, ['drafts', draft, ...path])),
    ),
  );
  return [...asked, ...parts]
    .filter(({ name }) => name.startsWith('fields.'))
    .map(({ name, at }) => ({ name: name.slice('fields.'.length), at }));
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

/** Fields of the ticket that the closing gate waits for besides the block. */
function closingFields({ closure }: Mappings, at: At): readonly Use[] {
  const { ships_in_update } = closure;
  return [
    ...(ships_in_update === undefined
      ? []
      : [{ name: ships_in_update.installed, at: at('closure', ['ships_in_update', 'installed']) }]),
    ...column(closure.checks, 'field', 'closure', 'checks', at),
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

/** A list of plain names. */
function list(names: readonly string[] | undefined, file: MappingName, path: Path, at: At): readonly Use[] {
  return (names ?? []).map((name, index) => ({ name, at: at(file, [...path, index]) }));
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

/** What the issue of a merged ticket is closed with. */
function mergedNames({ endings: { merged } }: Mappings, at: At) {
  const { link, close } = merged.stays;
  const use = (name: string | undefined, key: string) =>
    name === undefined ? [] : [{ name, at: at('endings', ['merged', 'stays', 'close', key]) }];
  return { link, statuses: use(close?.status, 'status'), resolutions: use(close?.resolution, 'resolution') };
}

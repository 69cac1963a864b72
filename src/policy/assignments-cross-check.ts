import { isSameText } from '../domain/condition.ts';
import { issuePlaceholders, returnPlaceholders, ticketPlaceholders } from '../domain/vocabulary.ts';
import type { Fault } from '../yaml.ts';
import type { Sources } from './load.ts';
import { unknownPlaceholders } from './placeholders.ts';
import type { Mappings } from './schema.ts';
import { unknownState } from './status-cross-check.ts';

type Path = readonly (string | number)[];
type Source = Sources['assignments'];

/** What the schema of `assignments.yaml` cannot see: states that nobody knows, rules that never apply, fields with two meanings. */
export function crossCheckAssignments(mappings: Mappings, sources: Sources): readonly Fault[] {
  const { assignments: source } = sources;
  return [
    ...sharedQueues(mappings, source),
    ...mappings.assignments.returns.rules.flatMap((_, index) => faultsOfRule(index, mappings, source)),
    ...repeatedFields(mappings, source),
    ...misroutedStatuses(mappings, source),
    ...brokenTexts(mappings, source),
    ...returnsWithoutRules(mappings, sources),
  ];
}

/** A ticket is with one group at a time. */
function sharedQueues({ assignments: { groups } }: Mappings, source: Source): readonly Fault[] {
  const names = groups.map(({ name }, index) => ({ name, path: ['groups', index, 'name'] as Path }));
  const queues = groups.flatMap(({ ticket_queues }, index) =>
    ticket_queues.map((name, place) => ({ name, path: ['groups', index, 'ticket_queues', place] as Path })),
  );
  return [...repeated(names, 'the group', source), ...repeated(queues, 'the ticket queue', source)];
}

function repeated(
  rows: readonly { readonly name: string; readonly path: Path }[],
  what: string,
  source: Source,
): readonly Fault[] {
  return rows.flatMap(({ name, path }, index) =>
    rows.slice(0, index).some((other) => isSameText(other.name, name))
      ? [source.fault(path, 'value', `${what} «${name}» already stands further up`, 'Remove one of the two.')]
      : [],
  );
}

function faultsOfRule(index: number, { assignments, status }: Mappings, source: Source): readonly Fault[] {
  const { rules } = assignments.returns;
  const rule = rules[index];
  if (rule === undefined) {
    return [];
  }

  const { name, on, from = [], to = [] } = rule;
  const path = ['returns', 'rules', index];
  const first = rules.findIndex((other) => other.name === name);
  const isUnexplained = (value: string, place: Path) =>
    on === 'state' ? unknownState(value, [...path, ...place], status, source) : [];
  return [
    ...(first === index
      ? []
      : [
          source.fault(
            [...path, 'name'],
            'value',
            `«${name}» already stands in row ${first + 1} of the list`,
            'Explanations name rules: give each rule a name of its own.',
          ),
        ]),
    ...from.flatMap((value, place) => isUnexplained(value, ['from', place])),
    ...to.flatMap((value, place) => isUnexplained(value, ['to', place])),
    ...to.flatMap((value, place) => movedByTheBridge(on, value, [...path, 'to', place], status, source)),
    ...(to.length > 0 && from.length > 0 && from.every((value) => to.some((other) => isSameText(other, value)))
      ? [
          source.fault(
            [...path, 'from'],
            'key',
            'the rule never applies: a property does not change from a value to itself',
            'Name other values, or leave `from` out.',
          ),
        ]
      : []),
  ];
}

/** The bridge's own moves are no returns of a person. */
function movedByTheBridge(
  on: string,
  state: string,
  path: Path,
  { statuses }: Mappings['status'],
  source: Source,
): readonly Fault[] {
  const row = on === 'state' ? statuses.find(({ ticket_state }) => isSameText(ticket_state, state)) : undefined;
  return row === undefined
    ? []
    : [
        source.fault(
          path,
          'value',
          `the bridge itself moves tickets into «${state}» when their issue becomes «${row.issue_status}», and each would count as a return`,
          'Name another state here, or another one in `statuses` of status.yaml.',
        ),
      ];
}

/** The bridge would write over what it shows, or over an agent's own words. */
function repeatedFields({ assignments, clock }: Mappings, source: Source): readonly Fault[] {
  const { owner, returns } = assignments;
  const fault = (path: Path, field: string, what: string) =>
    source.fault(path, 'value', `the field «${field}» ${what}`, 'Give it a field of its own.');
  const onTicket = Object.values(clock.shown.ticket);
  const onIssue = Object.values(clock.shown.issue);
  return [
    ...(returns.shown !== undefined && returns.shown === returns.reason.field
      ? [fault(['returns', 'shown'], returns.shown, 'holds the reason that an agent gives')]
      : []),
    ...(returns.shown !== undefined && onTicket.includes(returns.shown)
      ? [fault(['returns', 'shown'], returns.shown, 'shows a deadline already (`shown` in clock.yaml)')]
      : []),
    ...(owner !== undefined && onIssue.includes(owner.field)
      ? [fault(['owner', 'field'], owner.field, 'shows a deadline already (`shown` in clock.yaml)')]
      : []),
  ];
}

/** Closing and bringing back are two ways, and neither leads to where it begins. */
function misroutedStatuses({ assignments: { misrouted }, status }: Mappings, source: Source): readonly Fault[] {
  if (misrouted === undefined) {
    return [];
  }

  const { issue_status: ended, back } = misrouted;
  const open = status.statuses.find(({ issue_status }) => isSameText(issue_status, ended));
  return [
    ...(open === undefined
      ? []
      : [
          source.fault(
            ['misrouted', 'issue_status'],
            'value',
            `an issue in «${ended}» is at work: status.yaml keeps its ticket in «${open.ticket_state}»`,
            'Name a status that ends the issue.',
          ),
        ]),
    ...(back.issue_status !== undefined && isSameText(back.issue_status, ended)
      ? [
          source.fault(
            ['misrouted', 'back', 'issue_status'],
            'value',
            `an issue in «${ended}» is there already`,
            'Name the status in which work goes on, or leave it out: then only the note is written.',
          ),
        ]
      : []),
  ];
}

function brokenTexts({ assignments: { owner, returns, misrouted } }: Mappings, source: Source): readonly Fault[] {
  const ticket: readonly string[] = ticketPlaceholders;
  const both = [...ticket, ...issuePlaceholders];
  const asking = [...ticket, ...returnPlaceholders];
  const texts: readonly (readonly [Path, string | undefined, readonly string[]])[] = [
    [['owner', 'text'], owner?.text, ticket],
    [['returns', 'note', 'subject'], returns.note.subject, asking],
    [['returns', 'note', 'text'], returns.note.text, asking],
    [['misrouted', 'comment'], misrouted?.comment, both],
    [['misrouted', 'back', 'comment'], misrouted?.back.comment, both],
    [['misrouted', 'back', 'note', 'subject'], misrouted?.back.note.subject, both],
    [['misrouted', 'back', 'note', 'text'], misrouted?.back.note.text, both],
  ];
  return texts.flatMap(([path, text = '', known]) =>
    unknownPlaceholders(text, known).map(({ message, help }) => source.fault(path, 'value', message, help)),
  );
}

/** A stage that only a return ends would never end by one. */
function returnsWithoutRules({ assignments, clock }: Mappings, { clock: source }: Sources): readonly Fault[] {
  if (assignments.returns.rules.length > 0) {
    return [];
  }

  return Object.entries(clock.stages).flatMap(([stage, rows]) =>
    rows.flatMap(({ on }, index) =>
      on === 'return'
        ? [
            source.fault(
              ['stages', stage, index, 'on'],
              'value',
              'assignments.yaml has no rule for what a return is',
              'Add one under `returns.rules` there, or remove this row.',
            ),
          ]
        : [],
    ),
  );
}

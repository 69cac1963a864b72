import { isSameText } from '../domain/condition.ts';
import type { Fault } from '../yaml.ts';
import type { Sources } from './load.ts';
import type { Mappings } from './schema.ts';
import { crossCheckPaths } from './status-paths-check.ts';

type Path = readonly (string | number)[];
type StatusMapping = Mappings['status'];
type Source = Sources['status'];

/** States that are not explained, rows that end the work behind the closing gate's back, and rows that never apply. */
export function crossCheckStatus({ status, assignments }: Mappings, { status: source }: Sources): readonly Fault[] {
  const { statuses, to_issue, on_answer } = status;
  const { misrouted } = assignments;
  const known = (name: string, path: Path) => unknownState(name, path, status, source);
  return [
    ...statuses.flatMap((row, index) => [
      ...known(row.ticket_state, ['statuses', index, 'ticket_state']),
      ...row.unless_state.flatMap((name, place) => known(name, ['statuses', index, 'unless_state', place])),
      ...endsTheWork(index, status, source),
    ]),
    ...to_issue.flatMap((row, index) => [
      ...known(row.ticket_state, ['to_issue', index, 'ticket_state']),
      ...endedTicket(row.ticket_state, index, status, source),
      ...standsStill(row, ['to_issue', index], source),
      ...repeated(index, to_issue, source),
    ]),
    ...crossCheckPaths(status, [misrouted?.issue_status, misrouted?.back.issue_status], source),
    ...(on_answer === undefined
      ? []
      : [...standsStill(on_answer, ['on_answer'], source), ...withoutRow(on_answer.issue_status, status, source)]),
  ];
}

/** A fault for a state that `states` does not explain, wherever it stands. */
export function unknownState(
  name: string,
  path: Path,
  { states }: StatusMapping,
  source: Sources[keyof Sources],
): readonly Fault[] {
  return states.some(({ state }) => isSameText(state, name))
    ? []
    : [
        source.fault(
          path,
          'value',
          `status.yaml explains no state «${name}»`,
          `Use one of ${states.map(({ state }) => `«${state}»`).join(', ')}, or add it under \`states\`.`,
        ),
      ];
}

function endsTheWork(index: number, { statuses, states }: StatusMapping, source: Source): readonly Fault[] {
  const wanted = statuses[index]?.ticket_state ?? '';
  return states.some(({ state, phase }) => phase === 'done' && isSameText(state, wanted))
    ? [
        source.fault(
          ['statuses', index, 'ticket_state'],
          'value',
          'a status may not close the ticket: it would close without its closing block',
          'Name a state of another phase; closing is the business of closure.yaml (R54).',
        ),
      ]
    : [];
}

/** An ended ticket asks nothing of its issue any more. */
function endedTicket(wanted: string, index: number, { states }: StatusMapping, source: Source): readonly Fault[] {
  return states.some(({ state, phase }) => phase === 'done' && isSameText(state, wanted))
    ? [
        source.fault(
          ['to_issue', index, 'ticket_state'],
          'value',
          `a ticket in «${wanted}» is over and moves no issue`,
          'Remove the row: line 3 ends its issue itself.',
        ),
      ]
    : [];
}

/** Of several rows for one change only the first would ever apply. */
function repeated(index: number, rows: StatusMapping['to_issue'], source: Source): readonly Fault[] {
  const { ticket_state = '', from_issue_status = [] } = rows[index] ?? {};
  const rivals = rows.slice(0, index).filter((other) => isSameText(other.ticket_state, ticket_state));
  return from_issue_status.flatMap((from, place) => {
    const earlier = rivals.find((other) => other.from_issue_status.some((name) => isSameText(name, from)));
    return earlier === undefined
      ? []
      : [
          source.fault(
            ['to_issue', index, 'from_issue_status', place],
            'value',
            `row ${rows.indexOf(earlier) + 1} already says what becomes of an issue in «${from}»`,
            'Remove one of the two: only the first one would ever apply.',
          ),
        ];
  });
}

function standsStill(
  row: { readonly from_issue_status: readonly string[]; readonly issue_status: string },
  path: Path,
  source: Source,
): readonly Fault[] {
  return row.from_issue_status.flatMap((from, place) =>
    isSameText(from, row.issue_status)
      ? [
          source.fault(
            [...path, 'from_issue_status', place],
            'value',
            `an issue in «${from}» is there already`,
            'Remove it, or name another `issue_status`.',
          ),
        ]
      : [],
  );
}

/** The ticket leaves its waiting for the state of the issue's new status, so there must be one. */
function withoutRow(status: string, { statuses }: StatusMapping, source: Source): readonly Fault[] {
  return statuses.some((row) => isSameText(row.issue_status, status))
    ? []
    : [
        source.fault(
          ['on_answer', 'issue_status'],
          'value',
          `\`statuses\` has no row for «${status}», so the ticket would go on waiting`,
          'Add a row for it under `statuses`, or name another status.',
        ),
      ];
}

import { isSameText } from '../domain/condition.ts';
import type { Fault } from '../yaml.ts';
import type { Sources } from './load.ts';
import type { Mappings } from './schema.ts';

type StatusMapping = Mappings['status'];
type StatusPathRow = StatusMapping['paths'][number];
type Source = Sources['status'];

/** Ways that nobody asks for, that go in circles, or that begin where another one does. */
export function crossCheckPaths(
  status: StatusMapping,
  /** Where assignments.yaml brings issues. */
  others: readonly (string | undefined)[],
  source: Source,
): readonly Fault[] {
  return status.paths.flatMap((path, index) => [
    ...unasked(path, index, status, others, source),
    ...circles(path, index, source),
    ...repeated(path, index, status.paths, source),
  ]);
}

/** A misspelt target would silently leave the issue where it is. */
function unasked(
  { to }: StatusPathRow,
  index: number,
  status: StatusMapping,
  others: readonly (string | undefined)[],
  source: Source,
): readonly Fault[] {
  const rows = [...status.to_issue, ...(status.on_answer === undefined ? [] : [status.on_answer])];
  const targets = [...rows.map(({ issue_status }) => issue_status), ...others.filter((name) => name !== undefined)];
  return targets.some((each) => isSameText(each, to))
    ? []
    : [
        source.fault(
          ['paths', index, 'to'],
          'value',
          `no row brings an issue into «${to}»`,
          targets.length === 0
            ? 'Add a row under `to_issue`, or remove the path.'
            : `Use one of ${[...new Set(targets)].map((name) => `«${name}»`).join(', ')}, or remove the path.`,
        ),
      ];
}

function circles({ to, from, through }: StatusPathRow, index: number, source: Source): readonly Fault[] {
  const fault = (list: 'from' | 'through', place: number, message: string) =>
    source.fault(['paths', index, list, place], 'value', message, 'Remove it from the path.');
  return [
    ...from.flatMap((name, place) =>
      isSameText(name, to) ? [fault('from', place, `an issue in «${name}» is there already`)] : [],
    ),
    ...through.flatMap((name, place) => {
      const before = [to, ...from, ...through.slice(0, place)];
      return before.some((other) => isSameText(other, name))
        ? [fault('through', place, `the path comes to «${name}» more than once`)]
        : [];
    }),
  ];
}

/** Of several ways between two statuses only the first would ever be taken. */
function repeated(
  { to, from }: StatusPathRow,
  index: number,
  paths: StatusMapping['paths'],
  source: Source,
): readonly Fault[] {
  const rivals = paths.slice(0, index).filter((other) => isSameText(other.to, to));
  return from.flatMap((name, place) =>
    rivals.some((other) => other.from.some((each) => isSameText(each, name)))
      ? [
          source.fault(
            ['paths', index, 'from', place],
            'value',
            `a path further up already leads from «${name}» to «${to}»`,
            'Remove one of the two: only the first one would ever be taken.',
          ),
        ]
      : [],
  );
}

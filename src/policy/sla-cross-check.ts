import { isSameText } from '../domain/condition.ts';
import type { Fault, YamlFile } from '../yaml.ts';
import type { Mappings } from './schema.ts';
import { timeOfDay } from './sla-compile.ts';

type Target = Mappings['sla']['targets'][number];

const termKeys = ['reaction', 'diagnosis', 'workaround', 'resolution', 'resolution_if_workaround'] as const;
const astronomical = ['minutes', 'hours', 'days'] as const;

/** What the schema of `sla.yaml` cannot see: priorities without targets, terms that do not fit their hours. */
export function crossCheckSla(
  mappings: Mappings,
  sources: Readonly<Record<'sla' | 'priority', YamlFile>>,
): readonly Fault[] {
  return [
    ...unmatchedPriorities(mappings, sources),
    ...mappings.sla.targets.flatMap((row, index) => unfittingTerms(row, index, sources.sla)),
    ...impossibleHours(mappings.sla, sources.sla),
  ];
}

function unmatchedPriorities(
  { sla, priority }: Mappings,
  sources: Readonly<Record<'sla' | 'priority', YamlFile>>,
): readonly Fault[] {
  const without = priority.priorities.flatMap(({ ticket }, index) =>
    sla.targets.some((row) => isSameText(row.priority, ticket))
      ? []
      : [
          sources.priority.fault(
            ['priorities', index, 'ticket'],
            'value',
            `priority «${ticket}» has no targets in sla.yaml`,
            'Add a row to `targets` there.',
          ),
        ],
  );
  const known = priority.priorities.map(({ ticket }) => ticket);
  const rows = sla.targets.flatMap((row, index) => {
    const path = ['targets', index] as const;
    const isFirst = sla.targets.findIndex((other) => isSameText(other.priority, row.priority)) === index;
    const isFirstNumber = sla.targets.findIndex((other) => other.number === row.number) === index;
    return [
      ...(known.some((name) => isSameText(name, row.priority))
        ? []
        : [
            sources.sla.fault(
              [...path, 'priority'],
              'value',
              `priority.yaml knows no priority «${row.priority}»`,
              `It knows ${known.map((name) => `«${name}»`).join(', ')}.`,
            ),
          ]),
      ...(isFirst && isFirstNumber
        ? []
        : [
            sources.sla.fault(
              [...path, isFirst ? 'number' : 'priority'],
              'value',
              'the priority already has a row',
              'Remove one of the two rows.',
            ),
          ]),
    ];
  });
  return [...without, ...rows];
}

function unfittingTerms(row: Target, index: number, source: YamlFile): readonly Fault[] {
  return termKeys.flatMap((key) => {
    const [unit] = Object.entries(row[key] ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    if (unit === undefined) {
      return [];
    }

    const isAstronomical = astronomical.some((name) => name === unit);
    const path = ['targets', index, key, unit];
    if (isAstronomical !== (row.hours === 'round_the_clock')) {
      const units = isAstronomical ? 'working_hours, working_days or months' : astronomical.join(', ');
      const message = `\`${unit}\` does not fit \`hours: ${row.hours}\``;
      return [source.fault(path, 'key', message, `Use ${units}, or change \`hours\` of the row.`)];
    }

    return row.terms === 'added' && (unit === 'months' || unit === 'working_days')
      ? [source.fault(path, 'key', `\`${unit}\` cannot be added up`, 'Use `terms: from_start`, or hours.')]
      : [];
  });
}

function impossibleHours({ hours: { working_hours: hours }, warn_at }: Mappings['sla'], source: YamlFile) {
  const isOrdered = timeOfDay(hours.from) < timeOfDay(hours.to);
  const isRising = warn_at.every((share, index) => index === 0 || share > (warn_at[index - 1] ?? 0));
  return [
    ...(isOrdered
      ? []
      : [
          source.fault(
            ['hours', 'working_hours', 'to'],
            'value',
            'the window closes before it opens',
            'Write a later time of the same day.',
          ),
        ]),
    ...(isRising ? [] : [source.fault(['warn_at'], 'value', 'the percentages do not rise', 'Order them, each once.')]),
  ];
}

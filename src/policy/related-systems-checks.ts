import { isSameText } from '../domain/condition.ts';
import type { Fault, YamlFile } from '../yaml.ts';
import { faultOfPhrase } from './phrases.ts';
import type { Mappings } from './schema.ts';

type System = Mappings['related-systems']['systems'][number];
type Path = readonly (string | number)[];

/** What the schema of `related-systems.yaml` cannot see: one key twice, broken phrases, routes that lead back to us. */
export function checkRelatedSystems(mappings: Mappings, source: YamlFile): readonly Fault[] {
  const { systems } = mappings['related-systems'];
  const at = (path: Path, message: string, help: string) => source.fault(path, 'value', message, help);
  return systems.flatMap((system, index) => [
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
    ...(mappings.services.services.some(({ service }) => isSameText(service, system.service))
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

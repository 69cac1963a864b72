import { refusalPlaceholders } from '../domain/attachments.ts';
import type { Fault, YamlFile } from '../yaml.ts';
import { unknownPlaceholders } from './placeholders.ts';
import type { Mappings } from './schema.ts';

/** What the schema of `attachments.yaml` cannot see: an extension in two lists, placeholders that no file has. */
export function checkAttachments({ lists, refusals }: Mappings['attachments'], source: YamlFile): readonly Fault[] {
  const rows = Object.entries(lists).flatMap(([list, { extensions }]) =>
    extensions.map((extension, index) => ({ list, extension, path: ['lists', list, 'extensions', index] })),
  );
  const repeated = rows.flatMap(({ extension, path }, index) => {
    const first = rows.slice(0, index).find((other) => other.extension === extension);
    return first === undefined
      ? []
      : [
          source.fault(
            path,
            'value',
            `the extension «${extension}» already stands in the list «${first.list}»`,
            'Leave it in one list: only the first one would ever apply.',
          ),
        ];
  });
  const unknown = Object.entries(refusals).flatMap(([rule, text]) =>
    unknownPlaceholders(text, refusalPlaceholders).map(({ message, help }) =>
      source.fault(['refusals', rule], 'value', message, help),
    ),
  );
  return [...repeated, ...unknown];
}

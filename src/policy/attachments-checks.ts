import { refusalPlaceholders } from '../domain/attachments.ts';
import { placeholdersOf } from '../domain/template.ts';
import type { Fault, YamlFile } from '../yaml.ts';
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
  const known: readonly string[] = refusalPlaceholders;
  const unknown = Object.entries(refusals).flatMap(([rule, text]) =>
    placeholdersOf(text)
      .filter((name) => !known.includes(name))
      .map((name) =>
        source.fault(
          ['refusals', rule],
          'value',
          `unknown placeholder {${name}}`,
          `This text knows ${known.map((each) => `{${each}}`).join(' ')}.`,
        ),
      ),
  );
  return [...repeated, ...unknown];
}

import { filePlaceholders, refusalPlaceholders } from '../domain/attachments.ts';
import { placeholdersOf } from '../domain/template.ts';
import { issuePlaceholders, ticketPlaceholders } from '../domain/vocabulary.ts';
import type { Fault, YamlFile } from '../yaml.ts';
import { unknownPlaceholders } from './placeholders.ts';
import type { Mappings } from './schema.ts';

type Attachments = Mappings['attachments'];

/**
 * What the schema of `attachments.yaml` cannot see: an extension in two lists, placeholders that nothing fills, a note
 * that leaves the refusals out, and texts of several comments in one file name.
 */
export function checkAttachments(mapping: Attachments, source: YamlFile): readonly Fault[] {
  return [
    ...repeatedExtensions(mapping, source),
    ...unknownInTexts(mapping, source),
    ...missing(mapping.refusal_note.text, 'refusals', ['refusal_note', 'text'], source),
    ...missing(mapping.whole_text.comment, 'comment.id', ['whole_text', 'comment'], source),
  ];
}

function repeatedExtensions({ lists }: Attachments, source: YamlFile): readonly Fault[] {
  const rows = Object.entries(lists).flatMap(([list, { extensions }]) =>
    extensions.map((extension, index) => ({ list, extension, path: ['lists', list, 'extensions', index] })),
  );
  return rows.flatMap(({ extension, path }, index) => {
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
}

function unknownInTexts({ refusals, refusal_note, to_ticket, whole_text }: Attachments, source: YamlFile) {
  const records = [...ticketPlaceholders, ...issuePlaceholders];
  const texts: readonly (readonly [readonly string[], string, readonly string[]])[] = [
    ...Object.entries(refusals).map(([rule, text]) => [['refusals', rule], text, refusalPlaceholders] as const),
    [['refusal_note', 'subject'], refusal_note.subject, records],
    [['refusal_note', 'text'], refusal_note.text, [...records, 'refusals']],
    [['to_ticket', 'subject'], to_ticket.subject, [...records, ...filePlaceholders]],
    [['to_ticket', 'text'], to_ticket.text, [...records, ...filePlaceholders]],
    [['whole_text', 'ticket'], whole_text.ticket, ['ticket.key', 'issue.key']],
    [['whole_text', 'comment'], whole_text.comment, ['ticket.key', 'issue.key', 'comment.id']],
  ];
  return texts.flatMap(([path, text, known]) =>
    unknownPlaceholders(text, known).map(({ message, help }) => source.fault(path, 'value', message, help)),
  );
}

function missing(text: string, placeholder: string, path: readonly string[], source: YamlFile): readonly Fault[] {
  return placeholdersOf(text).includes(placeholder)
    ? []
    : [
        source.fault(
          path,
          'value',
          `the placeholder {${placeholder}} is missing`,
          placeholder === 'comment.id'
            ? 'Add it: without it the whole texts of all comments would be taken for one file.'
            : 'Add it: without it nobody would read which files are not carried, and why.',
        ),
      ];
}

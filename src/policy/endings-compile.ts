import type { Policy } from '../domain/decide.ts';
import { goneTicketPlaceholders } from '../domain/gone-ticket.ts';
import { mergePlaceholders } from '../domain/merged.ts';
import { issuePlaceholders, ticketPlaceholders, type Wording } from '../domain/vocabulary.ts';
import type { Fault, YamlFile } from '../yaml.ts';
import { unknownPlaceholders } from './placeholders.ts';
import type { Mappings } from './schema.ts';

const HOUR_MS = 3_600_000;

export function compileEndings({ merged, gone, archived }: Mappings['endings'], wording: Wording): Policy['endings'] {
  return {
    merged: { ...merged, wording },
    gone: { after: gone.after_hours * HOUR_MS, text: gone.text },
    archived: { ...archived, wording },
  };
}

/** Placeholders that nothing fills. */
export function checkEndings({ merged, gone, archived }: Mappings['endings'], source: YamlFile): readonly Fault[] {
  const both = [...ticketPlaceholders, ...issuePlaceholders];
  const texts: readonly (readonly [readonly string[], string, readonly string[]])[] = [
    [['merged', 'follows'], merged.follows, [...both, ...mergePlaceholders.follows]],
    [['merged', 'stays', 'text'], merged.stays.text, [...both, ...mergePlaceholders.stays]],
    [['merged', 'unseen'], merged.unseen, [...both, ...mergePlaceholders.unseen]],
    [['merged', 'linked', 'subject'], merged.linked.subject, [...ticketPlaceholders, ...mergePlaceholders.linked]],
    [['merged', 'linked', 'text'], merged.linked.text, [...ticketPlaceholders, ...mergePlaceholders.linked]],
    [['gone', 'text'], gone.text, goneTicketPlaceholders],
    [['archived', 'text'], archived.text, both],
  ];
  return texts.flatMap(([path, template, known]) =>
    unknownPlaceholders(template, known).map(({ message, help }) => source.fault(path, 'value', message, help)),
  );
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkYaml, type Fault, readYaml, type YamlFile } from '../yaml.ts';
import { readMappingText, shownName } from './mapping-text.ts';
import { type CalendarFile, calendarSchema } from './sla-schema.ts';

/** A file of `calendars/` that its schema accepts. */
export interface CalendarSource {
  /** Name without folder and `.yaml`. */
  readonly name: string;
  readonly text: string;
  readonly value: CalendarFile;
  readonly source: YamlFile;
}

/** Every `.yaml` of the folder `calendars/`, so that a new year is a new file. Throws nothing. */
export async function readCalendars(
  mappings: string,
): Promise<{ readonly calendars: readonly CalendarSource[]; readonly faults: readonly Fault[] }> {
  const folder = join(mappings, 'calendars');
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) {
    const help = 'Put it there: it holds 24x7.yaml and one file for each year.';
    return { calendars: [], faults: [readYaml('', folder).fault([], 'value', 'the folder cannot be read', help)] };
  }

  const files = names.filter((name) => name.endsWith('.yaml')).sort();
  const read = await Promise.all(files.map((name) => readCalendar(join(folder, name), name.slice(0, -'.yaml'.length))));
  return {
    calendars: read.flatMap(({ calendar }) => calendar ?? []),
    faults: read.flatMap(({ faults }) => faults),
  };
}

async function readCalendar(
  place: string,
  name: string,
): Promise<{ readonly calendar?: CalendarSource; readonly faults: readonly Fault[] }> {
  const read = await readMappingText(place);
  if ('fault' in read) {
    return { faults: [read.fault] };
  }

  const { text } = read;
  const source = readYaml(text, shownName(place));
  const parsed = checkYaml<CalendarFile>(source, calendarSchema);
  return 'faults' in parsed ? parsed : { calendar: { name, text, value: parsed.value, source }, faults: [] };
}

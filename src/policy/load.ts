import { join } from 'node:path';
import type { ExpectedNames } from '../connector.ts';
import type { Policy } from '../domain/decide.ts';
import type { SystemName } from '../domain/ticket.ts';
import { BridgeError } from '../errors.ts';
import { checkYaml, describeFault, type Fault, readYaml, type YamlFile } from '../yaml.ts';
import { crossCheckCalendars } from './calendar-cross-check.ts';
import { readCalendars } from './calendars.ts';
import { crossCheckClock } from './clock-cross-check.ts';
import { compilePolicy } from './compile.ts';
import { crossCheckCompleteness } from './completeness-cross-check.ts';
import { crossCheck } from './cross-check.ts';
import { readMappingText, shownName } from './mapping-text.ts';
import { namesInUse } from './names-in-use.ts';
import { checkConnected } from './related-systems-checks.ts';
import { type MappingName, type Mappings, mappingSchemas } from './schema.ts';
import { crossCheckSla } from './sla-cross-check.ts';
import type { CalendarFile } from './sla-schema.ts';
import { type RulesFile, versionOf } from './version.ts';

/** Positions in the mapping files, for faults that only show when the files are seen together. */
export type Sources = Readonly<Record<MappingName, YamlFile>>;

const names = Object.keys(mappingSchemas) as readonly MappingName[];

/**
 * Reads the folder of mappings and compiles it. `linked` are the systems in which the configuration lets linked tickets be
 * opened; without it they are not compared. Throws `CONFIGURATION_INVALID` with every fault of every file in
 * `details.faults`.
 */
export async function loadPolicy(folder: string, linked?: readonly SystemName[]): Promise<Policy> {
  const { mappings, calendars, files } = await readMappings(folder, linked);
  return { ...compilePolicy(mappings, calendars), version: versionOf(files) };
}

/** The names of both systems that the mappings use, each with its places. Throws as `loadPolicy` does. */
export async function loadNamesInUse(folder: string): Promise<ExpectedNames> {
  const { mappings, sources } = await readMappings(folder);
  return namesInUse(mappings, sources);
}

interface ReadMappings {
  readonly mappings: Mappings;
  readonly sources: Sources;
  readonly calendars: readonly CalendarFile[];
  /** Everything that was read, for the version. */
  readonly files: readonly RulesFile[];
}

async function readMappings(folder: string, linked?: readonly SystemName[]): Promise<ReadMappings> {
  const files = await Promise.all(names.map((name) => readMapping(folder, name)));
  const { calendars, faults: calendarFaults } = await readCalendars(folder);
  const faults = [...files.flatMap((file) => file.faults), ...calendarFaults];
  if (faults.length > 0) {
    throw invalid(faults);
  }

  const mappings = Object.fromEntries(files.map(({ name, value }) => [name, value])) as Mappings;
  const sources = Object.fromEntries(files.map(({ name, source }) => [name, source])) as Sources;
  const contradictions = [
    ...crossCheck(mappings, sources),
    ...crossCheckSla(mappings, sources),
    ...crossCheckClock(mappings, sources.clock),
    ...crossCheckCompleteness(mappings, sources),
    ...crossCheckCalendars(mappings.sla, sources.sla, calendars),
    ...checkConnected(mappings['related-systems'], sources['related-systems'], linked),
  ];
  if (contradictions.length > 0) {
    throw invalid(contradictions);
  }

  return {
    mappings,
    sources,
    calendars: calendars.map(({ value }) => value),
    files: [
      ...files.map(({ name, text }) => ({ name: `${name}.yaml`, text })),
      ...calendars.map(({ name, text }) => ({ name: `calendars/${name}.yaml`, text })),
    ],
  };
}

interface MappingFile {
  readonly name: MappingName;
  readonly text: string;
  readonly source: YamlFile;
  readonly value: unknown;
  readonly faults: readonly Fault[];
}

async function readMapping(folder: string, name: MappingName): Promise<MappingFile> {
  const place = join(folder, `${name}.yaml`);
  const read = await readMappingText(place);
  const text = 'text' in read ? read.text : '';
  const source = readYaml(text, shownName(place));
  if ('fault' in read) {
    return { name, text, source, value: undefined, faults: [read.fault] };
  }

  const parsed = checkYaml<unknown>(source, mappingSchemas[name]);
  return 'faults' in parsed
    ? { name, text, source, value: undefined, faults: parsed.faults }
    : { name, text, source, value: parsed.value, faults: [] };
}

function invalid(faults: readonly Fault[]): BridgeError {
  const shown = faults.map(describeFault).join('\n');
  return new BridgeError('CONFIGURATION_INVALID', `the mappings have ${faults.length} fault(s):\n${shown}`, {
    details: { faults },
  });
}

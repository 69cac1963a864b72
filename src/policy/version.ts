import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readMappingText } from './mapping-text.ts';
import { mappingSchemas } from './schema.ts';

/** A file that the rules are compiled from; `name` counts from the folder of mappings. */
export interface RulesFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Names the rules by what they say: twelve hexadecimal digits over all mappings and calendars. Line ends and the order of
 * the files do not count, everything else does.
 */
export function versionOf(files: readonly RulesFile[]): string {
  const hash = createHash('sha256');
  for (const { name, text } of files.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
    hash.update(`${name}\0${text.replaceAll('\r\n', '\n')}\0`);
  }
  return hash.digest('hex').slice(0, 12);
}

/**
 * What the files on disk amount to now, without compiling them: equal to the version of the policy that they make.
 * Unreadable files count as what is wrong with them, so that a file that breaks or is mended changes the answer.
 */
export async function versionOnDisk(folder: string): Promise<string> {
  const calendars = await readdir(join(folder, 'calendars')).catch(() => []);
  const names = [
    ...Object.keys(mappingSchemas).map((name) => `${name}.yaml`),
    ...calendars.filter((name) => name.endsWith('.yaml')).map((name) => `calendars/${name}`),
  ];
  const files = await Promise.all(
    names.map(async (name) => {
      const read = await readMappingText(join(folder, name));
      return { name, text: 'text' in read ? read.text : `\0${read.fault.message}` };
    }),
  );
  return versionOf(files);
}

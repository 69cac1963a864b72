import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as z from 'zod';
import { alternatives, children, isSecret, type Path, showPath } from '../schema-shape.ts';
import type { Fault, YamlFile } from '../yaml.ts';
import type { Substituted } from './substitute.ts';

export interface WithSecrets extends Substituted {
  /** As `YamlFile.fault`; a fault of a secret that came from a file points at the line that names the file. */
  readonly fault: YamlFile['fault'];
}

interface Reader {
  readonly source: YamlFile;
  readonly folder: string;
  readonly faults: Fault[];
  /** Paths whose value came from a file. */
  readonly fromFile: Set<string>;
}

/**
 * Replaces `x_file` by `x`, the content of that file without its last line break, wherever the schema has a secret
 * option `x`. Where `x` takes a list, each line of the file is one entry.
 */
export async function readSecretFiles(
  { data }: Substituted,
  source: YamlFile,
  schema: z.ZodType,
  folder: string,
): Promise<WithSecrets> {
  const reader: Reader = { source, folder, faults: [], fromFile: new Set() };
  const replaced = await visit(data, [schema], [], reader);

  return {
    data: replaced,
    faults: reader.faults,
    fault: (path, at, message, help) => {
      const last = path.findIndex((_, index) => reader.fromFile.has(showPath(path.slice(0, index + 1))));
      const shown = last === -1 ? path : [...path.slice(0, last), `${String(path[last])}_file`];
      return source.fault(shown, at, message, help);
    },
  };
}

async function visit(data: unknown, schemas: readonly z.core.$ZodType[], path: Path, reader: Reader): Promise<unknown> {
  if (Array.isArray(data)) {
    return Promise.all(
      data.map((entry, index) =>
        visit(
          entry,
          schemas.flatMap((each) => children(each, index)),
          [...path, index],
          reader,
        ),
      ),
    );
  }

  if (typeof data !== 'object' || data === null) {
    return data;
  }

  const entries = Object.entries(data).map(async ([key, value]): Promise<readonly (readonly [string, unknown])[]> => {
    const option = key.endsWith('_file') ? key.slice(0, -'_file'.length) : undefined;
    const targets = option === undefined ? [] : schemas.flatMap((each) => children(each, option)).filter(isSecret);

    if (option === undefined || targets.length === 0) {
      const below = schemas.flatMap((each) => children(each, key));
      return [[key, await visit(value, below, [...path, key], reader)]];
    }

    if (Object.hasOwn(data, option)) {
      const message = `\`${option}\` and \`${key}\` are both given`;
      reader.faults.push(reader.source.fault([...path, key], 'key', message, 'Remove one of the two.'));
      return [];
    }

    const secret = await readSecret(value, [...path, key], targets, reader);
    reader.fromFile.add(showPath([...path, option]));
    return secret === undefined ? [] : [[option, secret]];
  });

  return Object.fromEntries((await Promise.all(entries)).flat());
}

/** Undefined after a fault. */
async function readSecret(
  file: unknown,
  path: Path,
  targets: readonly z.core.$ZodType[],
  { source, folder, faults }: Reader,
): Promise<string | readonly string[] | undefined> {
  const refuse = (message: string, help: string) => {
    faults.push(source.fault(path, 'value', message, help));
    return undefined;
  };

  if (typeof file !== 'string' || file === '') {
    return refuse('expected the name of a file', 'Write the path as text; it counts from the folder of this file.');
  }

  const place = resolve(folder, file);
  const content = await readFile(place, 'utf8').catch((error: NodeJS.ErrnoException) => error);

  if (typeof content !== 'string') {
    const reason = content.code === 'ENOENT' ? 'does not exist' : `cannot be read (${content.code})`;
    return refuse(`the file ${place} ${reason}`, 'Create it, or let the bridge’s account read it.');
  }

  const secret = content.replace(/\r?\n$/, '');

  if (secret === '') {
    return refuse(`the file ${place} is empty`, 'Write the secret into it.');
  }

  const takesList = targets.flatMap(alternatives).some((target) => target instanceof z.ZodArray);
  return takesList ? secret.split(/\r?\n/) : secret;
}

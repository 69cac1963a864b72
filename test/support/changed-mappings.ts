import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Policy } from '../../src/domain/decide.ts';
import { BridgeError } from '../../src/errors.ts';
import { loadPolicy } from '../../src/policy/load.ts';

/** A replacement in one file of the shipped mappings. */
export interface Change {
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
}

/** The policy of the shipped mappings after the changes. */
export async function policyWith(...changes: readonly Change[]): Promise<Policy> {
  return withMappings(changes, loadPolicy);
}

/** The faults of the shipped mappings after the changes, as the administrator reads them. */
export async function faultsWith(...changes: readonly Change[]): Promise<string> {
  return withMappings(changes, async (folder) => {
    const error = await loadPolicy(folder).catch((thrown: unknown) => thrown);
    if (!(error instanceof BridgeError)) {
      throw new Error('the mappings were taken as valid');
    }
    return error.message.replaceAll(`${folder}/`, '');
  });
}

async function withMappings<Result>(changes: readonly Change[], look: (folder: string) => Promise<Result>) {
  const folder = await mkdtemp(join(tmpdir(), 'mappings-'));
  try {
    await cp('mappings', folder, { recursive: true });
    for (const { file, from, to } of changes) {
      const path = join(folder, file);
      const text = await readFile(path, 'utf8');
      const changed = text.replace(from, to);
      if (changed === text) {
        throw new Error(`${file} holds no ${from}`);
      }
      await writeFile(path, changed);
    }
    return await look(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

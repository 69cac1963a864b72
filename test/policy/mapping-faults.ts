import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPolicy } from '../../src/policy/load.ts';

/** The faults of the shipped mappings after one place of one file was changed; empty if there are none. */
export async function faultsAfter(file: string, from: string, to: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mappings-'));
  try {
    await cp('mappings', folder, { recursive: true });
    const path = join(folder, file);
    const text = await readFile(path, 'utf8');
    if (!text.includes(from)) {
      throw new Error(`${file} holds no ${from}`);
    }
    await writeFile(
      path,
      text.replace(from, () => to),
    );
    const message = await loadPolicy(folder).then(
      () => '',
      (thrown: Error) => thrown.message,
    );
    return message.replaceAll(`${folder}/`, '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeFault, parseYaml } from '../../src/yaml.ts';
import { type Clauses, clausesSchema } from './clauses-schema.ts';
import type { SourceFile } from './mentions.ts';

const LIST = 'scripts/regulation/clauses.yaml';

/** Every file of the project that may name clauses. */
export async function readNamingFiles(root: string): Promise<readonly SourceFile[]> {
  const paths = globSync('{src,connectors,mappings,test}/**/*.{ts,yaml,yml}', { cwd: root });
  return Promise.all(
    paths.map(async (path) => ({ path: path.replaceAll('\\', '/'), text: await readFile(join(root, path), 'utf8') })),
  );
}

/** The list of clauses. Throws an error that names every fault of the file. */
export async function readClauses(root: string): Promise<Clauses> {
  const parsed = parseYaml(await readFile(join(root, LIST), 'utf8'), LIST, clausesSchema);
  if ('faults' in parsed) {
    throw new Error(parsed.faults.map(describeFault).join('\n'));
  }

  return parsed.value;
}

import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import type { ZodType } from 'zod';
import { BridgeError } from '../errors.ts';
import { checkYaml, describeFault, type Fault, readYaml } from '../yaml.ts';
import { resolvePaths } from './relative-paths.ts';
import { readSecretFiles } from './secret-files.ts';
import { type Environment, substitute } from './substitute.ts';

/** The program that the user edits texts with. */
export function editorIn(environment: Environment = process.env): string | undefined {
  return environment.VISUAL ?? environment.EDITOR;
}

/**
 * Reads a configuration file: YAML, then `${NAME}` from the environment, then secrets from the files that `…_file`
 * names, then the schema. Options marked `.meta({ path: true })` come out absolute, resolved against the file's folder.
 * Throws `CONFIGURATION_INVALID` whose `details.faults` holds every fault that was found; no message quotes a secret.
 */
export async function loadConfig<Config>(
  file: string,
  schema: ZodType<Config>,
  environment: Environment = process.env,
): Promise<Config> {
  const folder = dirname(resolve(file));
  const shown = relative(process.cwd(), resolve(file));
  const name = shown.startsWith('..') ? resolve(file) : shown;
  const source = readYaml(await readText(file, name), name);
  const substituted = substitute(source, schema, environment);
  const withSecrets = await readSecretFiles(substituted, source, schema, folder);
  const faults = [...substituted.faults, ...withSecrets.faults];
  const checked = checkYaml({ ...source, fault: withSecrets.fault }, schema, withSecrets.data);
  const more = 'faults' in checked ? checked.faults.filter((fault) => !isConsequence(fault, faults)) : [];

  if ('value' in checked && faults.length === 0) {
    return resolvePaths(checked.value, schema, folder);
  }

  throw invalid([...faults, ...more].sort((a, b) => a.line - b.line || a.column - b.column));
}

/** What could not be filled in cannot be judged either, nor a section as a whole that lacks it. */
function isConsequence(fault: Fault, causes: readonly Fault[]): boolean {
  return causes.some(
    ({ path }) => path === fault.path || path === `${fault.path}_file` || path.startsWith(`${fault.path}.`),
  );
}

async function readText(file: string, name: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'the file does not exist' : `the file cannot be read (${error.code})`;
    throw invalid([faultOfFile(name, reason, 'Name another one with --config.')]);
  });

  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid([faultOfFile(name, 'the file is not UTF-8 text', 'Save it as UTF-8.')]);
  }
}

function faultOfFile(file: string, message: string, help: string): Fault {
  return { file, line: 1, column: 1, path: '', message, help };
}

function invalid(faults: readonly Fault[]): BridgeError {
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
  const first = faults[0] === undefined ? '' : `: ${describeFault(faults[0])}`;
  return new BridgeError('CONFIGURATION_INVALID', `the configuration has ${count}${first}`, { details: { faults } });
}

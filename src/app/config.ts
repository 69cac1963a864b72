import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { adjacentConnectors, connectors } from '../../connectors/registry.ts';
import { loadConfig } from '../config/load.ts';
import { type ConfigOf, configSchema } from '../config/schema.ts';
import type { Policy } from '../domain/decide.ts';
import { BridgeError, toBridgeError } from '../errors.ts';
import { loadPolicy } from '../policy/load.ts';
import { describeFault, type Fault, faultsOf, readYaml } from '../yaml.ts';

const connectorOptions = { otrs: connectors.otrs.options, jira: connectors.jira.options };

const kinds = Object.fromEntries(Object.entries(adjacentConnectors).map(([kind, { options }]) => [kind, options]));

/** One source of the configuration's shape: validation, JSON Schema and the reference page. */
export const appConfigSchema = configSchema(connectorOptions, kinds);

export type AppConfig = ConfigOf<typeof connectorOptions>;

/** The configuration and the rules that it leads to, both valid. */
export interface Settings {
  readonly config: AppConfig;
  readonly policy: Policy;
}

/** Reads the configuration file and the mappings. Throws `CONFIGURATION_INVALID` with all faults of both. */
export async function loadSettings(file: string): Promise<Settings> {
  const config = await loadConfig(file, appConfigSchema).catch(toBridgeError);
  if (!(config instanceof BridgeError)) {
    return { config, policy: await loadPolicy(config.mappings, linkedSystemsOf(config)) };
  }

  const faults = [...faultsOf(config), ...(await faultsOfMappings(file))];
  const shown = faults.map(describeFault).join('\n');
  throw new BridgeError(config.code, faults.length === 0 ? config.message : `${faults.length} fault(s):\n${shown}`, {
    cause: config,
    details: { ...config.details, faults },
  });
}

/** Systems in which linked tickets can be opened: that of the tickets themselves, and the connected ones of their own. */
export function linkedSystemsOf({ ticket_system, systems }: Pick<AppConfig, 'ticket_system' | 'systems'>) {
  return [ticket_system, ...Object.keys(systems)];
}

/** The rules of a folder, or else of the one that the configuration names. Throws `CONFIGURATION_INVALID`. */
export async function loadRules(
  file: string,
  mappings: string | undefined,
): Promise<{ readonly folder: string; readonly policy: Policy }> {
  if (mappings !== undefined) {
    return { folder: mappings, policy: await loadPolicy(mappings) };
  }

  const { config, policy } = await loadSettings(file);
  return { folder: config.mappings, policy };
}

/** What is wrong with the mappings, as far as a faulty configuration still tells where they are. */
async function faultsOfMappings(file: string): Promise<readonly Fault[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const { data } = readYaml(text, file);
  const named = data instanceof Object && 'mappings' in data ? data.mappings : '../mappings';
  const systems = data instanceof Object && 'systems' in data && data.systems instanceof Object ? data.systems : {};
  const linked = linkedSystemsOf({ ticket_system: 'otrs', systems: systems as AppConfig['systems'] });
  return typeof named === 'string' && text !== ''
    ? loadPolicy(resolve(dirname(file), named), linked).then(() => [], faultsOf)
    : [];
}

import { connectors } from '../../connectors/registry.ts';
import { loadConfig } from '../config/load.ts';
import { type ConfigOf, configSchema } from '../config/schema.ts';
import type { Policy } from '../domain/decide.ts';
import { loadPolicy } from '../policy/load.ts';

const connectorOptions = { otrs: connectors.otrs.options, jira: connectors.jira.options };

/** One source of the configuration's shape: validation, JSON Schema and the reference page. */
export const appConfigSchema = configSchema(connectorOptions);

export type AppConfig = ConfigOf<typeof connectorOptions>;

/** The configuration and the rules that it leads to, both valid. */
export interface Settings {
  readonly config: AppConfig;
  readonly policy: Policy;
}

/** Reads the configuration file and the mappings. Throws `CONFIGURATION_INVALID` with all faults of either. */
export async function loadSettings(file: string): Promise<Settings> {
  const config = await loadConfig(file, appConfigSchema);
  return { config, policy: await loadPolicy(config.mappings) };
}

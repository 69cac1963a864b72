import type { SlaPolicy } from '../domain/table-4.ts';
import { loadPolicy } from '../policy/load.ts';
import { loadSettings } from './config.ts';

/** Table 4 of a folder of mappings, or else of the one that the configuration names. Throws `CONFIGURATION_INVALID`. */
export async function loadSla(file: string, mappings: string | undefined): Promise<SlaPolicy> {
  const policy = mappings === undefined ? (await loadSettings(file)).policy : await loadPolicy(mappings);
  return policy.sla;
}

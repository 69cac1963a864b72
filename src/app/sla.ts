import type { SlaPolicy } from '../domain/table-4.ts';
import { loadRules } from './config.ts';

/** Table 4 of a folder of mappings, or else of the one that the configuration names. Throws `CONFIGURATION_INVALID`. */
export async function loadSla(file: string, mappings: string | undefined): Promise<SlaPolicy> {
  return (await loadRules(file, mappings)).policy.sla;
}

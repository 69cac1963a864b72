import type { ParkedMapping } from '../connector.ts';
import type { SystemName } from '../domain/ticket.ts';
import type { Metrics } from '../metrics.ts';

/** Mappings that wait for a person, by system. */
export interface ParkedMappings {
  of(system: SystemName): readonly ParkedMapping[];
  /** For the connector of the system to call. */
  note(system: SystemName): (mapping: ParkedMapping) => void;
}

export function keepParked(metrics: Metrics): ParkedMappings {
  const parked = new Map<SystemName, Map<string, ParkedMapping>>();
  return {
    of: (system) => [...(parked.get(system)?.values() ?? [])],
    note: (system) => (mapping) => {
      const { project, type, reason } = mapping;
      const known = parked.get(system) ?? new Map<string, ParkedMapping>();
      parked.set(system, known);
      if (reason === undefined) {
        known.delete(JSON.stringify([project, type]));
        metrics.parkedMappings.remove({ system, project, type });
        return;
      }

      known.set(JSON.stringify([project, type]), mapping);
      metrics.parkedMappings.set({ system, project, type }, 1);
    },
  };
}

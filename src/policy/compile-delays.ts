import { type DelayPolicy, delayPlaceholders } from '../domain/delays.ts';
import type { ScopePolicy } from '../domain/scope.ts';
import { ticketPlaceholders, type Wording } from '../domain/vocabulary.ts';
import type { Fault, YamlFile } from '../yaml.ts';
import { unknownPlaceholders } from './placeholders.ts';
import type { Mappings } from './schema.ts';

export function compileDelays(
  { after_minutes, pause_hours, ...texts }: Mappings['delays'],
  scope: ScopePolicy,
  wording: Wording,
): DelayPolicy {
  return { ...texts, after: after_minutes * 60_000, pause: pause_hours * 3_600_000, scope, wording };
}

/** Placeholders that nothing fills. */
export function checkDelays(delays: Mappings['delays'], source: YamlFile): readonly Fault[] {
  return (['delayed', 'failed', 'mended'] as const).flatMap((kind) =>
    (['subject', 'text'] as const).flatMap((part) =>
      unknownPlaceholders(delays[kind][part], [...ticketPlaceholders, ...delayPlaceholders[kind]]).map(
        ({ message, help }) => source.fault([kind, part], 'value', message, help),
      ),
    ),
  );
}

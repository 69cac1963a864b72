import { isSameText } from './condition.ts';
import type { Snapshot } from './ticket.ts';

/** One of the services of R14 that the bridge looks after. */
export interface ServiceRule {
  readonly service: string;
  readonly clause: string;
}

export interface ScopePolicy {
  readonly services: readonly ServiceRule[];
}

/** The service rule that makes the ticket ours; undefined for a ticket of another system's support. */
export function serviceRuleOf(ticket: Snapshot, policy: ScopePolicy): ServiceRule | undefined {
  const { service } = ticket;
  return service === undefined ? undefined : policy.services.find((rule) => isSameText(rule.service, service));
}

export function isOurService(service: string, { services }: ScopePolicy): boolean {
  return services.some((rule) => isSameText(rule.service, service));
}

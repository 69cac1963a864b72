import { isSameText } from './condition.ts';
import { type Facts, hasIssue } from './facts.ts';
import { abstain, combine, type Judgement, nothing } from './reason.ts';
import { nameOf, type Snapshot } from './ticket.ts';

/** What is asked for: help with the system, access to it, or help with an access that does not work. */
export const serviceKinds = ['support', 'access', 'access_problem'] as const;

export type ServiceKind = (typeof serviceKinds)[number];

/** One of the services of R14 that the bridge looks after. */
export interface ServiceRule {
  readonly service: string;
  readonly kind: ServiceKind;
  /** The type of the tickets of this service (R15). */
  readonly type: string;
  readonly clause: string;
}

export interface ScopePolicy {
  readonly services: readonly ServiceRule[];
}

/** The service rule that makes the ticket ours; undefined for a ticket of another system's support. */
export function serviceRuleOf(ticket: Snapshot, policy: ScopePolicy): ServiceRule | undefined {
  const { service } = ticket;
  return service === undefined ? undefined : ruleOf(service, policy);
}

/** Tickets of foreign services are left alone; one that has an issue is looked after to its end. */
export function judgeScope(facts: Facts, scope: ScopePolicy): Judgement | undefined {
  return hasIssue(facts) || serviceRuleOf(facts.ticket, scope) !== undefined ? undefined : foreign(facts.ticket, scope);
}

/**
 * What the service says about the ticket: its type, which the bridge never sets itself (R15), and whether the ticket
 * has left our services although its issue is still there (R43).
 */
export function judgeService(facts: Facts, scope: ScopePolicy): Judgement {
  const { ticket, issue, link } = facts;
  const rule = serviceRuleOf(ticket, scope);
  if (rule === undefined) {
    const opened = issue?.ref ?? link.issue;
    const followed = opened === undefined ? '' : `; ${nameOf(opened)} was opened for it`;
    return combine(
      foreign(ticket, scope).because.map((reason) => abstain({ ...reason, evidence: `${reason.evidence}${followed}` })),
    );
  }

  return ticket.phase === 'done' || isSameText(ticket.type, rule.type)
    ? nothing
    : abstain({
        rule: 'type-differs-from-service',
        clause: 'R15',
        evidence: `type is ${ticket.type === '' ? 'empty' : `«${ticket.type}»`}, tickets of «${rule.service}» are «${rule.type}»`,
      });
}

function foreign(ticket: Snapshot, scope: ScopePolicy): Judgement {
  const shown = ticket.service === undefined ? 'the ticket has no service' : `service is «${ticket.service}»`;
  const left = serviceLeft(ticket, scope);
  return left === undefined
    ? abstain({ rule: 'not-our-service', clause: 'R14', evidence: shown })
    : abstain({ rule: 'left-our-services', clause: 'R43', evidence: `${shown}, it was «${left}» before` });
}

/** The service of ours that the ticket had before it went elsewhere. */
function serviceLeft({ history }: Snapshot, scope: ScopePolicy): string | undefined {
  const changes = history.flatMap(({ changes = [] }) => changes);
  return changes.findLast(
    ({ property, from }) => property === 'service' && from !== undefined && ruleOf(from, scope) !== undefined,
  )?.from;
}

function ruleOf(service: string, { services }: ScopePolicy): ServiceRule | undefined {
  return services.find((rule) => isSameText(rule.service, service));
}

/** The ticket has a service, and it is one of another team. */
export function hasLeft({ ticket }: Pick<Facts, 'ticket'>, scope: ScopePolicy): boolean {
  return ticket.service !== undefined && ticket.service !== '' && serviceRuleOf(ticket, scope) === undefined;
}

/** Whether the ticket is on one of our services, or ever was. */
export function hasBeenOurs(ticket: Snapshot, scope: ScopePolicy): boolean {
  return serviceRuleOf(ticket, scope) !== undefined || serviceLeft(ticket, scope) !== undefined;
}

export function isOurService(service: string, { services }: ScopePolicy): boolean {
  return services.some((rule) => isSameText(rule.service, service));
}

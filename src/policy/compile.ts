import type { Policy } from '../domain/decide.ts';
import type { EscalationPolicy } from '../domain/escalation.ts';
import { compileClock } from './clock-compile.ts';
import { compileClosure } from './closure-compile.ts';
import { compileCondition } from './compile-condition.ts';
import { compilePriority } from './compile-priority.ts';
import { compileCompleteness } from './completeness-compile.ts';
import type { Mappings } from './schema.ts';
import { alternativesOf } from './sla-alternatives.ts';
import { compileSla } from './sla-compile.ts';
import type { CalendarFile } from './sla-schema.ts';
import { compileStatus } from './status-compile.ts';

/** Valid mappings -> the policy that decisions are made by; its version is the loader's to add. */
export function compilePolicy(mappings: Mappings, calendars: readonly CalendarFile[]): Omit<Policy, 'version'> {
  const { services, escalation, comments, status } = mappings;
  const { moments } = comments;
  const sla = compileSla(mappings.sla, calendars);
  return {
    scope: { services: services.services },
    priority: compilePriority(mappings.priority, moments),
    completeness: compileCompleteness(mappings.completeness, moments),
    escalation: compileEscalation(mappings),
    references: { title: escalation.reference.title, moments },
    comments: { toIssue: comments.to_issue, toTicket: comments.to_ticket, moments },
    status: compileStatus(status),
    closure: compileClosure(mappings),
    sla,
    clock: compileClock(mappings, sla),
    alternatives: alternativesOf(mappings, calendars),
  };
}

function compileEscalation({ escalation, priority, comments }: Mappings): EscalationPolicy {
  return {
    issueSystem: 'jira',
    moments: comments.moments,
    priorities: priority.priorities,
    note: escalation.note,
    rules: escalation.rules.flatMap((rule) => {
      const draft = escalation.drafts[rule.open];
      return draft === undefined
        ? []
        : [{ name: rule.name, clause: rule.clause, when: rule.when.map(compileCondition), draft }];
    }),
  };
}

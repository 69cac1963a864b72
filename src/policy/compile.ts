import type { Policy } from '../domain/decide.ts';
import type { EscalationPolicy } from '../domain/escalation.ts';
import { compileClosure } from './closure-compile.ts';
import { compileCondition } from './compile-condition.ts';
import { compilePriority } from './compile-priority.ts';
import type { Mappings } from './schema.ts';
import { compileSla } from './sla-compile.ts';
import type { CalendarFile } from './sla-schema.ts';
import { compileStatus } from './status-compile.ts';

/** Valid mappings -> the policy that decisions are made by. */
export function compilePolicy(mappings: Mappings, calendars: readonly CalendarFile[]): Policy {
  const { services, escalation, comments, status } = mappings;
  const { moments } = comments;
  return {
    scope: { services: services.services },
    priority: compilePriority(mappings.priority, moments.zone),
    escalation: compileEscalation(mappings),
    references: { title: escalation.reference.title, moments },
    comments: { toIssue: comments.to_issue, toTicket: comments.to_ticket, moments },
    status: compileStatus(status),
    closure: compileClosure(mappings),
    sla: compileSla(mappings.sla, calendars),
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

import type { Policy } from '../domain/decide.ts';
import type { EscalationPolicy } from '../domain/escalation.ts';
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

function compileClosure({ closure, comments }: Mappings): Policy['closure'] {
  return {
    closedState: closure.closed_state,
    waitingState: closure.waiting_state,
    codes: closure.codes,
    otherwise: closure.otherwise,
    configurationItems: closure.configuration_items,
    solutionFromComment: closure.solution_from_comment,
    note: closure.note,
    names: {
      code: closure.names.code,
      solution: closure.names.solution,
      configurationItem: closure.names.configuration_item,
    },
    moments: comments.moments,
  };
}

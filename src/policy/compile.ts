import type { Policy } from '../domain/decide.ts';
import type { EscalationPolicy } from '../domain/escalation.ts';
import { compileClock } from './clock-compile.ts';
import { compileCondition } from './compile-condition.ts';
import { compilePriority } from './compile-priority.ts';
import { compileCompleteness } from './completeness-compile.ts';
import type { Mappings } from './schema.ts';
import { alternativesOf } from './sla-alternatives.ts';
import { compileSla } from './sla-compile.ts';
import type { CalendarFile } from './sla-schema.ts';

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
    status: {
      states: status.states,
      rules: status.statuses.map((row) => ({
        issueStatus: row.issue_status,
        ticketState: row.ticket_state,
        clause: row.clause,
      })),
    },
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

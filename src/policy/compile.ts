import type { Policy } from '../domain/decide.ts';
import type { EscalationPolicy } from '../domain/escalation.ts';
import type { Wording } from '../domain/vocabulary.ts';
import { compileAttachments } from './compile-attachments.ts';
import { compileCondition } from './compile-condition.ts';
import { compilePeople } from './compile-people.ts';
import { compilePriority } from './compile-priority.ts';
import { compileRelated } from './compile-related.ts';
import type { Mappings } from './schema.ts';
import { compileSla } from './sla-compile.ts';
import type { CalendarFile } from './sla-schema.ts';

/** Valid mappings -> the policy that decisions are made by. */
export function compilePolicy(mappings: Mappings, calendars: readonly CalendarFile[]): Policy {
  const { services, escalation, comments, status } = mappings;
  const scope = { services: services.services };
  const priority = compilePriority(mappings.priority, comments.moments.zone);
  const people = compilePeople(mappings.people);
  const wording = { moments: comments.moments, branches: people.branches };
  return {
    scope,
    people,
    attachments: compileAttachments(mappings.attachments, scope),
    priority,
    related: compileRelated(mappings['related-systems'], priority),
    escalation: compileEscalation(mappings, wording),
    references: { title: escalation.reference.title, wording },
    comments: { toIssue: comments.to_issue, toTicket: comments.to_ticket, wording },
    status: {
      states: status.states,
      rules: status.statuses.map((row) => ({
        issueStatus: row.issue_status,
        ticketState: row.ticket_state,
        clause: row.clause,
      })),
    },
    closure: compileClosure(mappings, wording),
    sla: compileSla(mappings.sla, calendars),
  };
}

function compileEscalation({ escalation, priority }: Mappings, wording: Wording): EscalationPolicy {
  return {
    issueSystem: 'jira',
    wording,
    priorities: priority.priorities,
    rules: escalation.rules.flatMap((rule) => {
      const draft = escalation.drafts[rule.open];
      return draft === undefined
        ? []
        : [{ name: rule.name, clause: rule.clause, when: rule.when.map(compileCondition), draft }];
    }),
  };
}

function compileClosure({ closure }: Mappings, wording: Wording): Policy['closure'] {
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
    wording,
  };
}

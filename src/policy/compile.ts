import type { Policy } from '../domain/decide.ts';
import type { EscalationPolicy } from '../domain/escalation.ts';
import type { Wording } from '../domain/vocabulary.ts';
import { compileAssignments } from './assignments-compile.ts';
import { compileClock } from './clock-compile.ts';
import { compileClosure } from './closure-compile.ts';
import { compileAccess } from './compile-access.ts';
import { compileAttachments } from './compile-attachments.ts';
import { compileComments } from './compile-comments.ts';
import { compileCondition } from './compile-condition.ts';
import { compileDelays } from './compile-delays.ts';
import { compilePeople } from './compile-people.ts';
import { compilePriority } from './compile-priority.ts';
import { compileRelated } from './compile-related.ts';
import { compileCompleteness } from './completeness-compile.ts';
import { compileEndings } from './endings-compile.ts';
import type { Mappings } from './schema.ts';
import { alternativesOf } from './sla-alternatives.ts';
import { compileSla } from './sla-compile.ts';
import type { CalendarFile } from './sla-schema.ts';
import { compileStatus } from './status-compile.ts';

/** Valid mappings -> the policy that decisions are made by; its version is the loader's to add. */
export function compilePolicy(mappings: Mappings, calendars: readonly CalendarFile[]): Omit<Policy, 'version'> {
  const { services, escalation, comments, status } = mappings;
  const { moments } = comments;
  const people = compilePeople(mappings.people);
  const wording = { moments, branches: people.branches };
  const scope = { services: services.services };
  const sla = compileSla(mappings.sla, calendars);
  const priority = compilePriority(mappings.priority, wording);
  return {
    scope,
    people,
    access: compileAccess(mappings, { priority, sla, wording }),
    attachments: compileAttachments(mappings.attachments, scope, wording),
    related: compileRelated(mappings['related-systems'], mappings.access, priority, scope, wording),
    priority,
    completeness: compileCompleteness(mappings.completeness, wording),
    escalation: compileEscalation(mappings, wording),
    assignees: { accounts: people.accounts, ...mappings.people.assignee, wording },
    assignments: compileAssignments(mappings, wording),
    references: { title: escalation.reference.title, wording },
    goneIssue: { note: escalation.gone, wording },
    endings: compileEndings(mappings.endings, wording),
    delays: compileDelays(mappings.delays, scope, wording),
    ...(escalation.related_issues === undefined ? {} : { relatedIssues: escalation.related_issues }),
    comments: compileComments(comments, wording),
    status: compileStatus(status),
    closure: compileClosure(mappings, wording),
    sla,
    clock: compileClock(mappings, sla, wording),
    alternatives: alternativesOf(mappings, calendars, wording),
  };
}

function compileEscalation({ escalation, priority }: Mappings, wording: Wording): EscalationPolicy {
  return {
    issueSystem: 'jira',
    wording,
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

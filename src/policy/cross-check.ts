import { isSameText } from '../domain/condition.ts';
import { criteriaPlaceholders } from '../domain/priority-note.ts';
import {
  closurePlaceholders,
  commentPlaceholders,
  editPlaceholders,
  issuePlaceholders,
  ticketPlaceholders,
} from '../domain/vocabulary.ts';
import type { Fault } from '../yaml.ts';
import { checkAccess } from './access-checks.ts';
import { crossCheckAssignments } from './assignments-cross-check.ts';
import { checkAttachments } from './attachments-checks.ts';
import { crossCheckClosure } from './closure-cross-check.ts';
import { checkDelays } from './compile-delays.ts';
import { checkEndings } from './endings-compile.ts';
import { crossCheckEscalation } from './escalation-cross-check.ts';
import type { Sources } from './load.ts';
import { checkPeople } from './people-checks.ts';
import { stray, unknownPlaceholders } from './placeholders.ts';
import { checkPriority } from './priority-checks.ts';
import { checkRelatedSystems } from './related-systems-checks.ts';
import type { MappingName, Mappings } from './schema.ts';
import { crossCheckStatus } from './status-cross-check.ts';

type Path = readonly (string | number)[];

interface Context {
  readonly mappings: Mappings;
  readonly sources: Sources;
}

/** What a schema cannot see: names that lead nowhere, rows that contradict each other, unknown placeholders. */
export function crossCheck(mappings: Mappings, sources: Sources): readonly Fault[] {
  const context = { mappings, sources };
  return [
    ...undefinedDrafts(context),
    ...repeatedNames(context),
    ...textsWithUnknownPlaceholders(context),
    ...impossibleStates(context),
    ...checkPriority(mappings.priority, sources.priority),
    ...crossCheckEscalation(mappings, sources),
    ...crossCheckStatus(mappings, sources),
    ...crossCheckClosure(mappings, sources),
    ...checkAccess(mappings, sources.access),
    ...crossCheckAssignments(mappings, sources),
    ...checkPeople(mappings.people, sources.people),
    ...checkAttachments(mappings.attachments, sources.attachments),
    ...checkEndings(mappings.endings, sources.endings),
    ...checkDelays(mappings.delays, sources.delays),
    ...checkRelatedSystems(mappings, sources['related-systems']),
  ];
}

function undefinedDrafts({ mappings: { escalation }, sources }: Context): readonly Fault[] {
  const known = Object.keys(escalation.drafts);
  return escalation.rules.flatMap((rule, index) =>
    known.includes(rule.open)
      ? []
      : [
          sources.escalation.fault(
            ['rules', index, 'open'],
            'value',
            `there is no draft «${rule.open}»${stray(rule.open)}`,
            `Use one of ${known.map((name) => `«${name}»`).join(', ')}, or add it under \`drafts\`.`,
          ),
        ],
  );
}

function repeatedNames({ mappings, sources }: Context): readonly Fault[] {
  const lists: readonly [MappingName, string, string, readonly string[]][] = [
    ['services', 'services', 'service', mappings.services.services.map((row) => row.service)],
    ['escalation', 'rules', 'name', mappings.escalation.rules.map((row) => row.name)],
    ['priority', 'priorities', 'ticket', mappings.priority.priorities.map((row) => row.ticket)],
    ['priority', 'criteria', 'name', mappings.priority.criteria.map((row) => row.name)],
    ['status', 'states', 'state', mappings.status.states.map((row) => row.state)],
    ['status', 'statuses', 'issue_status', mappings.status.statuses.map((row) => row.issue_status)],
    ['closure', 'codes', 'resolution', mappings.closure.codes.map((row) => row.resolution)],
    ['closure', 'configuration_items', 'issue', mappings.closure.configuration_items.map((row) => row.issue)],
  ];
  return lists.flatMap(([file, list, key, values]) =>
    values.flatMap((value, index) => {
      const first = values.findIndex((other) => isSameText(other, value));
      return first === index
        ? []
        : [
            sources[file].fault(
              [list, index, key],
              'value',
              `«${value}» already stands in row ${first + 1} of the list`,
              'Remove one of the two rows: only the first one would ever apply.',
            ),
          ];
    }),
  );
}

function textsWithUnknownPlaceholders({ mappings, sources }: Context): readonly Fault[] {
  const ticket: readonly string[] = ticketPlaceholders;
  const both = [...ticket, ...issuePlaceholders];
  const comment = [...both, ...commentPlaceholders];
  const drafts = Object.entries(mappings.escalation.drafts).flatMap(([name, draft]) => [
    textAt('escalation', ['drafts', name, 'title'], draft.title, ticket),
    textAt('escalation', ['drafts', name, 'text'], draft.text, ticket),
    ...Object.entries(draft.fields).map(([field, text]) =>
      textAt('escalation', ['drafts', name, 'fields', field], text, ticket),
    ),
  ]);
  const texts = [
    ...drafts,
    textAt('escalation', ['note', 'subject'], mappings.escalation.note.subject, [...ticket, 'missing']),
    textAt('escalation', ['note', 'text'], mappings.escalation.note.text, [...ticket, 'missing']),
    textAt('escalation', ['gone', 'subject'], mappings.escalation.gone.subject, [...ticket, 'issue.key']),
    textAt('escalation', ['gone', 'text'], mappings.escalation.gone.text, [...ticket, 'issue.key']),
    ...(['subject', 'text'] as const).map((part) =>
      textAt('people', ['assignee', 'note', part], mappings.people.assignee.note[part], [...both, 'agent', 'user']),
    ),
    textAt('escalation', ['reference', 'title'], mappings.escalation.reference.title, ticket),
    textAt('comments', ['to_issue', 'text'], mappings.comments.to_issue.text, comment),
    textAt('comments', ['to_ticket', 'subject'], mappings.comments.to_ticket.subject, comment),
    textAt('comments', ['to_ticket', 'text'], mappings.comments.to_ticket.text, comment),
    ...Object.entries(mappings.comments.edits.note).map(([key, template]) =>
      textAt('comments', ['edits', 'note', key], template, [...comment, ...editPlaceholders]),
    ),
    textAt('closure', ['note', 'subject'], mappings.closure.note.subject, [...both, 'missing']),
    textAt('closure', ['note', 'text'], mappings.closure.note.text, [...both, 'missing']),
    ...closingTexts(mappings.closure).map(([path, template, own]) =>
      textAt('closure', path, template, [...(own === 'versions' ? both : ticket), own]),
    ),
    ...(mappings.closure.agent_closed_comment === undefined
      ? []
      : [
          textAt('closure', ['agent_closed_comment', 'text'], mappings.closure.agent_closed_comment.text, [
            ...both,
            ...closurePlaceholders,
          ]),
        ]),
    ...Object.entries(mappings.closure.solution.why).map(([fault, template]) =>
      textAt('closure', ['solution', 'why', fault], template, ['minimum']),
    ),
  ];
  const { note } = mappings.priority;
  const known = [...ticket, ...criteriaPlaceholders];
  const ofPriority =
    note === undefined ? [] : Object.entries(note).map(([key, each]) => textAt('priority', ['note', key], each, known));
  return [...texts, ...ofPriority].flatMap(({ file, path, template, known }) =>
    unknownPlaceholders(template, known).map(({ message, help }) => sources[file].fault(path, 'value', message, help)),
  );
}

/** Texts of the closing gate, each with the placeholder of its own. */
function closingTexts({ ships_in_update, agent_closed_note, closing_letter }: Mappings['closure']) {
  const texts: (readonly [Path, string, string])[] = [];
  const add = (path: string, own: string, note: Readonly<Record<string, unknown>> | undefined) => {
    for (const key of ['subject', 'text', 'request']) {
      if (typeof note?.[key] === 'string') {
        texts.push([[...path.split('.'), key], note[key], own]);
      }
    }
  };
  add('ships_in_update.note', 'versions', ships_in_update?.note);
  add('agent_closed_note', 'missing', agent_closed_note);
  add('closing_letter', 'solution', closing_letter);
  return texts;
}

function textAt(file: MappingName, path: Path, template: string, known: readonly string[]) {
  return { file, path, template, known };
}

function impossibleStates({ mappings: { closure }, sources }: Context): readonly Fault[] {
  return isSameText(closure.closed_state, closure.waiting_state)
    ? [
        sources.closure.fault(
          ['waiting_state'],
          'value',
          'a ticket cannot wait for its closing block in the closed state',
          'Name an open state in which it waits.',
        ),
      ]
    : [];
}

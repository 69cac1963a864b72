import type { PriorityPolicy } from '../domain/priority.ts';
import type { RelatedPolicy, RelatedSystem } from '../domain/related/policy.ts';
import type { ScopePolicy } from '../domain/scope.ts';
import type { Wording } from '../domain/vocabulary.ts';
import { compileCondition } from './compile-condition.ts';
import { phraseCompiler } from './phrases.ts';
import type { Mappings } from './schema.ts';
import { stem } from './stem.ts';

type Mapping = Mappings['related-systems'];

/** Valid routes -> the policy of adjacent systems. Texts are read as they are for the priority. */
export function compileRelated(
  mapping: Mapping,
  access: Mappings['access'],
  priority: PriorityPolicy,
  scope: ScopePolicy,
  wording: Wording,
): RelatedPolicy {
  const { notes, shown } = mapping;
  return {
    decidedBy: mapping.decided_by,
    systems: [...mapping.systems.flatMap((system) => compileSystem(system, mapping)), ...compileTask(access)],
    shown: { inTicket: shown.in_ticket, gone: shown.gone, inRelated: shown.in_related },
    takesBack: mapping.takes_back,
    toRelated: mapping.to_related,
    toTicket: mapping.to_ticket,
    notes: {
      missing: notes.missing,
      closed: notes.closed,
      gone: notes.gone,
      lacking: notes.lacking,
      ...(notes.opened === undefined ? {} : { opened: notes.opened }),
      ...(notes.ticket_closed === undefined ? {} : { ticketClosed: notes.ticket_closed }),
    },
    texts: { sources: priority.sources, readAtMost: priority.readAtMost, stem },
    negation: priority.negation,
    scope,
    wording,
  };
}

/** One that names a draft that does not exist was refused before. */
function compileSystem(
  { ticket_queue, named_by, when, link, open, ...system }: Mapping['systems'][number],
  { drafts }: Mapping,
): readonly RelatedSystem[] {
  const written = drafts[open];
  if (written === undefined) {
    return [];
  }

  const { requester, ...draft } = written;
  const compiler = phraseCompiler({}, stem);
  return [
    {
      ...system,
      role: 'related',
      ticketQueue: ticket_queue,
      when: when.map(compileCondition),
      namedBy: named_by.map(compiler.phrase),
      draft: { ...draft, ...(requester === undefined ? {} : { requester }) },
      ...(link === undefined ? {} : { link }),
    },
  ];
}

/** A task of line 2 is opened, shown and mirrored like a ticket of an adjacent system (R65). */
function compileTask({ task }: Mappings['access']): readonly RelatedSystem[] {
  if (task === undefined) {
    return [];
  }

  const { name, title, clause, when, service, ticket_queue, type, state, subject, text, link } = task;
  return [
    {
      key: name,
      title,
      clause,
      role: 'task',
      system: 'otrs',
      service,
      ticketQueue: ticket_queue,
      when: when.map(compileCondition),
      mandatory: [],
      namedBy: [],
      draft: { type, state, title: subject, text, fields: {}, requires: [] },
      ...(link === undefined ? {} : { link }),
    },
  ];
}

import type { RelatedRole } from '../action.ts';
import type { Condition } from '../condition.ts';
import { textOf } from '../field-value.ts';
import type { NoteTemplate } from '../note.ts';
import type { Negation, Phrase } from '../phrase.ts';
import type { NamedPart } from '../required-part.ts';
import type { ScopePolicy } from '../scope.ts';
import type { TemplateValues } from '../template.ts';
import { type Ability, nameOf, type Ref, type Snapshot, type SystemName, type Visibility } from '../ticket.ts';
import type { TextOptions } from '../ticket-texts.ts';
import type { Wording } from '../vocabulary.ts';

/** Logical name of the ticket's field that shows its linked tickets. */
export const RELATED_TICKETS = 'related_tickets';

/** Logical name of a linked ticket's field that shows the ticket that it was opened for. */
export const PARENT_TICKET = 'parent_ticket';

/** An adjacent system and the way to its support (R71). */
export interface RelatedSystem {
  /** Key of the dropdown by which the agent decides; names the linked ticket for ever. */
  readonly key: string;
  /** Name for people. */
  readonly title: string;
  readonly clause: string;
  /** `task`: no adjacent system at all, but another line of our own support (R65). */
  readonly role: RelatedRole;
  /** Where its tickets are kept: the ticket system itself, or a connected system of its own. */
  readonly system: SystemName;
  /** Where its support takes tickets. */
  readonly service: string;
  readonly ticketQueue: string;
  /** Where all of these hold, a ticket is opened although no agent chose the system; never where there are none. */
  readonly when: readonly Condition[];
  /** Fields that must be filled before its support can be asked. */
  readonly mandatory: readonly MandatoryField[];
  /** How requesters call it. */
  readonly namedBy: readonly Phrase[];
  readonly draft: RelatedDraft;
  /** Type of the link between the two tickets; absent where they are not linked. */
  readonly link?: string;
}

export interface MandatoryField {
  /** Logical name. */
  readonly field: string;
  /** Name for people. */
  readonly title: string;
  readonly clause: string;
}

/** What a linked ticket says; texts have placeholders of the ticket and of its fields. */
export interface RelatedDraft {
  readonly type: string;
  /** The state to begin in. */
  readonly state: string;
  readonly title: string;
  readonly text: string;
  /** Login of the one who asks; absent: the ticket's own requester. */
  readonly requester?: string;
  /** By logical name. */
  readonly fields: Readonly<Record<string, string>>;
  /** While one of these is empty in the ticket, nothing is opened. */
  readonly requires: readonly NamedPart[];
}

/** How words and files are told on the other side. */
export interface Telling {
  readonly comment: NoteTemplate & { /** What tells of an edit. */ readonly edited: string };
  readonly file: NoteTemplate;
  /** What becomes of public words. */
  readonly visibility: Visibility;
}

export interface RelatedPolicy {
  /** Logical name of the field by which the agent decides. */
  readonly decidedBy: string;
  readonly systems: readonly RelatedSystem[];
  /** Texts of the fields that show each ticket on the other one. */
  readonly shown: { readonly inTicket: string; readonly gone: string; readonly inRelated: string };
  /** Logical names of the fields that the ticket takes over from its linked tickets where its own are empty. */
  readonly takesBack: readonly string[];
  readonly toRelated: Telling;
  readonly toTicket: Telling;
  readonly notes: {
    /** In the ticket: what a linked ticket still needs. */
    readonly missing: NoteTemplate;
    /** In the ticket, when a linked ticket was opened; absent: the field is enough. */
    readonly opened?: NoteTemplate;
    /** In the ticket, for its owner, when a linked ticket was closed. */
    readonly closed: NoteTemplate;
    /** In the ticket, when the system of a linked ticket cannot do all that others can; a sentence for each of it. */
    readonly lacking: NoteTemplate & { readonly abilities: Readonly<Record<Ability, string>> };
    /** In the ticket, when a linked ticket is not shown any more. */
    readonly gone: NoteTemplate;
    /** In a linked ticket that is still open, when the ticket was closed; absent: nothing is said. */
    readonly ticketClosed?: NoteTemplate;
  };
  readonly texts: TextOptions;
  readonly negation: Negation;
  readonly scope: ScopePolicy;
  readonly wording: Wording;
}

/** Placeholders of texts about a linked ticket. */
export const relatedPlaceholders = [
  'related.system',
  'related.number',
  'related.state',
  'related.url',
  'related.solution',
] as const;

export function relatedValues(
  title: string,
  ref: Ref,
  record: Snapshot | undefined,
): Readonly<Record<(typeof relatedPlaceholders)[number], string | undefined>> {
  return {
    'related.system': title,
    'related.number': nameOf(ref),
    'related.state': record?.state,
    'related.url': record?.url,
    'related.solution': record === undefined ? undefined : solutionOf(record),
  };
}

/** Values for the placeholders `fields.<logical name>`. */
export function fieldValues({ fields }: Snapshot): TemplateValues {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`fields.${name}`, textOf(value)]));
}

/** What the adjacent team found out: the field for it, or else its last public words. */
function solutionOf({ fields, comments }: Snapshot): string | undefined {
  const words = comments.findLast(
    ({ by, visibility, marker }) => by === 'agent' && visibility === 'public' && marker === undefined,
  );
  return textOf(fields.solution) ?? words?.text;
}

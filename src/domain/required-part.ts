import { type ConditionProperty, valuesOf } from './condition.ts';
import type { DraftTemplate } from './escalation.ts';
import { textOf } from './field-value.ts';
import type { Snapshot } from './ticket.ts';

/** What an issue may be asked to have, besides `fields.<logical name>` of the ticket (R51). */
export const draftParts = [
  'project',
  'type',
  'title',
  'text',
  'attachment',
  'screenshot',
  'service',
  'owner',
  'requester.name',
  'requester.login',
  'requester.email',
  'requester.phone',
  'requester.branch',
] as const;

export type DraftPart = (typeof draftParts)[number] | `fields.${string}`;

/** A part of an issue under the name that people know it by. */
export interface NamedPart {
  readonly part: DraftPart;
  readonly name: string;
  readonly clause: string;
}

/**
 * The parts that are empty. Judged on what the ticket says and not on the text made of it: there every gap is filled
 * with a dash.
 */
export function emptyPartsOf(
  parts: readonly NamedPart[],
  template: Pick<DraftTemplate, 'project' | 'type'>,
  ticket: Snapshot,
): readonly NamedPart[] {
  return parts.filter(({ part }) => !isFilled(part, template, ticket));
}

function isFilled(part: DraftPart, template: Pick<DraftTemplate, 'project' | 'type'>, ticket: Snapshot): boolean {
  switch (part) {
    case 'project':
    case 'type':
      return template[part].trim() !== '';
    case 'attachment':
      return ticket.attachments.length > 0;
    case 'screenshot':
      return ticket.attachments.some(({ contentType }) => contentType.toLowerCase().startsWith('image/'));
    case 'requester.name':
      return textOf(ticket.requester?.name) !== undefined;
    case 'requester.login':
      return textOf(ticket.requester?.login) !== undefined;
    case 'requester.email':
      return textOf(ticket.requester?.email) !== undefined;
    case 'requester.phone':
      return textOf(ticket.requester?.phone) !== undefined;
    case 'requester.branch':
      return textOf(ticket.requester?.branch) !== undefined;
    default:
      return valuesOf(part satisfies ConditionProperty, ticket).length > 0;
  }
}

import type { ActionKey, CommentDraft } from './action.ts';
import { isWritten, shows } from './comments.ts';
import type { Facts } from './facts.ts';
import { act, type Judgement, nothing, type Reason } from './reason.ts';
import { fill, type TemplateValues } from './template.ts';
import type { Ref, Snapshot } from './ticket.ts';

export interface NoteTemplate {
  readonly subject: string;
  readonly text: string;
}

/** An internal note in the ticket that is written once, also after a lost memory; nothing if it is there already. */
export function noteOnce(
  facts: Facts,
  key: ActionKey,
  note: NoteTemplate & Pick<CommentDraft, 'notify'>,
  values: TemplateValues,
  reason: Omit<Reason, 'action'>,
): Judgement {
  if (isWritten(key, facts)) {
    return nothing;
  }

  const { notify } = note;
  const comment = { ...internal(note, values), ...(notify === undefined ? {} : { notify }) };
  return act({ do: 'comment', key, ref: facts.ticket.ref, comment }, reason);
}

/** An internal note to the team of a linked ticket, once, also after a lost memory; nothing if it is there already. */
export function tellTeamOnce(
  { link }: Facts,
  { ref, record }: { readonly ref: Ref; readonly record: Snapshot },
  key: ActionKey,
  note: NoteTemplate,
  values: TemplateValues,
  reason: Omit<Reason, 'action'>,
): Judgement {
  return link.done[key] !== undefined || shows(record, key)
    ? nothing
    : act({ do: 'comment', key, ref, comment: { ...internal(note, values), notify: 'agents' } }, reason);
}

function internal({ subject, text }: NoteTemplate, values: TemplateValues) {
  return { subject: fill(subject, values), text: fill(text, values), visibility: 'internal' } as const;
}

/** The bridge's own words to whoever has the issue, once, also after a lost memory; nothing if they are there already. */
export function tellIssueOnce(
  { link }: Facts,
  issue: Snapshot,
  key: ActionKey,
  text: string,
  reason: Omit<Reason, 'action'>,
): Judgement {
  return link.done[key] !== undefined || shows(issue, key)
    ? nothing
    : act({ do: 'comment', key, ref: issue.ref, comment: { subject: '', text, visibility: 'public' } }, reason);
}

import type { CommentPolicy } from '../domain/comments.ts';
import type { Wording } from '../domain/vocabulary.ts';
import type { Mappings } from './schema.ts';

export function compileComments(mapping: Mappings['comments'], wording: Wording): CommentPolicy {
  const { to_issue, to_ticket, edits } = mapping;
  return {
    toIssue: { text: to_issue.text, internalNotes: to_issue.internal_notes },
    toTicket: {
      subject: to_ticket.subject,
      text: to_ticket.text,
      visibility: to_ticket.visibility,
      restrictedComments: to_ticket.restricted_comments,
    },
    edits: {
      toTicket: edits.to_ticket,
      toIssue: edits.to_issue,
      note: { subject: edits.note.subject, toTicket: edits.note.to_ticket, toIssue: edits.note.to_issue },
    },
    wording,
  };
}

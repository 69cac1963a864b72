import type { Action } from '../domain/action.ts';
import { type Fields, nameOf } from '../domain/ticket.ts';

/** What an action would do, as one clause of a sentence. */
export function describeAction(action: Action): string {
  switch (action.do) {
    case 'open':
      return `${action.role === 'issue' ? 'open an issue' : `open the ticket «${action.name}»`} in ${action.draft.project} («${action.draft.type}», «${action.draft.title}»)`;
    case 'update':
      return `set ${list(action.fields)} in ${nameOf(action.ref)}`;
    case 'comment':
      return `write ${action.comment.visibility === 'public' ? 'a public comment' : 'an internal note'} into ${nameOf(action.ref)}${action.comment.subject === '' ? '' : ` («${action.comment.subject}»)`}`;
    case 'move':
      return `move ${nameOf(action.ref)} to «${action.to}»${Object.keys(action.fields).length === 0 ? '' : ` and set ${list(action.fields)}`}`;
    case 'attach':
      return `add the file «${action.file.name}» to ${nameOf(action.ref)}`;
    case 'edit':
      return `change the text of comment ${action.commentId} in ${nameOf(action.ref)}`;
    case 'assign':
      return `assign ${nameOf(action.ref)} to ${action.user}`;
    case 'relate':
      return `link ${nameOf(action.ref)} to ${nameOf(action.to)}`;
  }
}

function list(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, value]) => (value.length === 0 ? `${name} to nothing` : `${name} to «${[value].flat().join(', ')}»`))
    .join(', ');
}

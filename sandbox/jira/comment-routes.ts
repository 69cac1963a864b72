import type { NewComment } from './comment-actions.ts';
import { findComment } from './comment-actions.ts';
import type { Dialect } from './dialect.ts';
import { fieldRefusal } from './refusal.ts';
import { commentBody, readBody } from './requests.ts';
import { noContent, ok, page, type Route, type RouteContext, visible, writable } from './route.ts';

export function aboutComments(context: RouteContext): readonly Route[] {
  const { state, actions, beans, dialect } = context;
  return [
    [
      'GET',
      '/issue/{id}/comment',
      ({ query }, [id]) => {
        const issue = visible(state, id);
        const expand = query.get('expand') === 'properties' ? 'properties' : undefined;
        const all = issue.comments.map((comment) => beans.comment(issue, comment, expand));
        const { startAt, maxResults, total, values } = page(all, query);
        return ok({ startAt, maxResults, total, comments: values });
      },
    ],
    [
      'POST',
      '/issue/{id}/comment',
      ({ user, body }, [id]) => {
        const issue = writable(context, id, 'ADD_COMMENTS');
        return { status: 201, body: beans.comment(issue, actions.comment(user, issue, readComment(dialect, body))) };
      },
    ],
    [
      'GET',
      '/issue/{id}/comment/{comment}',
      ({ query }, [id, comment = '']) => {
        const issue = visible(state, id);
        const expand = query.get('expand') === 'properties' ? 'properties' : undefined;
        return ok(beans.comment(issue, findComment(issue, comment), expand));
      },
    ],
    [
      'PUT',
      '/issue/{id}/comment/{comment}',
      ({ user, body }, [id, comment = '']) => {
        const issue = writable(context, id, 'ADD_COMMENTS');
        return ok(beans.comment(issue, actions.editComment(user, issue, comment, readComment(dialect, body))));
      },
    ],
    [
      'DELETE',
      '/issue/{id}/comment/{comment}',
      ({ user }, [id, comment = '']) => {
        actions.removeComment(user, writable(context, id, 'ADD_COMMENTS'), comment);
        return noContent();
      },
    ],
  ];
}

function readComment(dialect: Dialect, text: string): NewComment {
  const { body, ...rest } = readBody(text, commentBody);
  const read = dialect.readText(body, 'comment');
  if (typeof read !== 'string') {
    throw fieldRefusal({ comment: 'Comment body must be a string' });
  }

  return { ...rest, body: read };
}

import { findNamed, roles, type User } from './catalogue.ts';
import type { Emit } from './changelog.ts';
import { fieldRefusal, Refusal } from './refusal.ts';
import type { Comment, Issue, State, Visibility } from './state.ts';

export interface Property {
  readonly key: string;
  readonly value?: unknown;
}

export interface NewComment {
  readonly body: string;
  readonly visibility?: Visibility | undefined;
  readonly properties?: readonly Property[] | undefined;
}

export interface CommentActions {
  comment(user: User, issue: Issue, comment: NewComment): Comment;
  /** Replaces text and restriction: a comment that is edited without its restriction becomes public. */
  editComment(user: User, issue: Issue, id: string, comment: NewComment): Comment;
  removeComment(user: User, issue: Issue, id: string): void;
}

export function createCommentActions(state: State, emit: Emit): CommentActions {
  return {
    comment: (user, issue, { body, visibility, properties = [] }) => {
      verify(body, visibility);
      const created = state.now();
      const comment: Comment = {
        id: String(state.nextId()),
        author: user.name,
        updateAuthor: user.name,
        body,
        created,
        updated: created,
        visibility,
        properties: new Map(properties.map(({ key, value }) => [key, value])),
      };
      issue.comments.push(comment);
      state.touch(issue);
      emit({ kind: 'commented', user, issue, comment, what: 'created' });
      return comment;
    },
    editComment: (user, issue, id, { body, visibility, properties = [] }) => {
      const comment = findComment(issue, id);
      verify(body, visibility);
      comment.body = body;
      comment.visibility = visibility;
      comment.updated = state.now();
      comment.updateAuthor = user.name;
      for (const { key, value } of properties) {
        comment.properties.set(key, value);
      }
      state.touch(issue);
      emit({ kind: 'commented', user, issue, comment, what: 'updated' });
      return comment;
    },
    removeComment: (user, issue, id) => {
      const comment = findComment(issue, id);
      issue.comments.splice(issue.comments.indexOf(comment), 1);
      state.touch(issue);
      emit({ kind: 'commented', user, issue, comment, what: 'deleted' });
    },
  };
}

/** Throws `Refusal` 404 for a comment that is not there. */
export function findComment({ comments }: Issue, id: string): Comment {
  const comment = comments.find((each) => each.id === id);
  if (comment === undefined) {
    throw new Refusal(404, [`Can not find a comment for the id: ${id}.`]);
  }

  return comment;
}

function verify(body: string, visibility: Visibility | undefined): void {
  if (body.trim() === '') {
    throw fieldRefusal({ comment: 'Comment body can not be empty!' });
  }

  if (visibility !== undefined && findNamed(roles, { name: visibility.value }) === undefined) {
    throw fieldRefusal({ commentLevel: `Role: ${visibility.value} does not exist.` });
  }
}

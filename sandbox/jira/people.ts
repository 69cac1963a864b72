import type { Actions } from './actions.ts';
import { developer, type User, users } from './catalogue.ts';
import type { Issue, State } from './state.ts';
import { transitionsFrom } from './workflow.ts';

/** What people do in JIRA itself. The issue is named by id or key; `as` is a user name, the developer's if not given. */
export interface People {
  createIssue(content: {
    readonly summary: string;
    readonly description?: string;
    readonly type?: string;
    readonly as?: string;
  }): Issue;
  /** With `role` the comment is for its members only. */
  comment(issue: string, text: string, how?: { readonly as?: string; readonly role?: string }): { readonly id: string };
  /** Takes the transition that leads to the status. */
  transition(issue: string, status: string, how?: { readonly as?: string; readonly resolution?: string }): void;
  /** By field id, in the shapes of the REST interface. */
  setFields(issue: string, fields: Readonly<Record<string, unknown>>, how?: { readonly as?: string }): void;
  /** Hides the issue from the bridge's account by a security level. */
  hide(issue: string): void;
}

export function createPeople(state: State, actions: Actions): People {
  return {
    createIssue: ({ summary, description = '', type = 'Дефект', as }) =>
      actions.create(userOf(as), {
        project: { key: 'OSSTTMB2B' },
        issuetype: { name: type },
        summary,
        description,
      }),
    comment: (issue, body, { as, role } = {}) =>
      actions.comment(userOf(as), state.get(issue), {
        body,
        visibility: role === undefined ? undefined : { type: 'role', value: role },
      }),
    transition: (issue, status, { as, resolution } = {}) => {
      const record = state.get(issue);
      const transition = transitionsFrom(record.status).find(({ to }) => to === status);
      if (transition === undefined) {
        throw new Error(`no transition leads from «${record.status}» to «${status}»`);
      }

      const fields = resolution === undefined ? {} : { resolution: { name: resolution } };
      actions.transition(userOf(as), record, transition.id, fields);
    },
    setFields: (issue, fields, { as } = {}) => actions.edit(userOf(as), state.get(issue), fields),
    hide: (issue) => {
      state.get(issue).isHidden = true;
    },
  };
}

function userOf(name: string = developer): User {
  const user = users.find((each) => each.name === name);
  if (user === undefined) {
    throw new Error(`JIRA knows no user «${name}»; there are ${users.map((each) => each.name).join(', ')}`);
  }

  return user;
}

import type { Actions } from './actions.ts';
import { developer, findUser, otherProject, type User, users } from './catalogue.ts';
import { contentOf, generatedContent } from './file-content.ts';
import { type Installation, transitionsFrom } from './installation.ts';
import type { Attachment, Issue, IssueLink, State } from './state.ts';

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
  /** Without `role` the comment becomes public, as it does in JIRA. */
  editComment(issue: string, id: string, text: string, how?: { readonly as?: string; readonly role?: string }): void;
  deleteComment(issue: string, id: string, how?: { readonly as?: string }): void;
  /** The bytes, or with `size` a file of so many bytes that begins with them and is made while it is read. */
  attach(
    issue: string,
    file: {
      readonly name: string;
      readonly bytes?: Buffer | string;
      readonly size?: number;
      readonly contentType?: string;
      readonly as?: string;
    },
  ): Attachment;
  deleteFile(issue: string, id: string, how?: { readonly as?: string }): void;
  /** By user name; null takes the assignee away. */
  assign(issue: string, user: string | null, how?: { readonly as?: string }): void;
  /** `from` blocks `to`, for example. */
  linkIssues(from: string, to: string, type: string, how?: { readonly as?: string }): void;
  /** The links of an issue to others, from whichever side they were made. */
  linksOf(issue: string): readonly IssueLink[];
  /** Takes the transition that leads to the status. */
  transition(issue: string, status: string, how?: { readonly as?: string; readonly resolution?: string }): void;
  /** By field id, in the shapes of the REST interface. */
  setFields(issue: string, fields: Readonly<Record<string, unknown>>, how?: { readonly as?: string }): void;
  /** Hides the issue from the bridge's account by a security level. */
  hide(issue: string): void;
  show(issue: string): void;
  /** To another project, `ARCHB2B` if none is named: the key changes, the id stays. */
  moveIssue(issue: string, project?: string, how?: { readonly as?: string }): void;
  deleteIssue(issue: string, how?: { readonly as?: string }): void;
  /** Reads stay possible; a write is answered with the status, 403 if none is given. */
  archive(issue: string, status?: 400 | 403): void;
  restore(issue: string): void;
}

export function createPeople(state: State, installation: Installation, actions: Actions): People {
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
    editComment: (issue, id, body, { as, role } = {}) => {
      const visibility = role === undefined ? undefined : { type: 'role' as const, value: role };
      actions.editComment(userOf(as), state.get(issue), id, { body, visibility });
    },
    deleteComment: (issue, id, { as } = {}) => actions.removeComment(userOf(as), state.get(issue), id),
    attach: (issue, { name, bytes = '', size, contentType = 'application/octet-stream', as }) => {
      const head = Buffer.from(bytes);
      const content = size === undefined ? contentOf(head) : generatedContent(size, head);
      const [attached] = actions.attach(userOf(as), state.get(issue), [{ name, contentType, content }]);
      if (attached === undefined) {
        throw new Error(`JIRA did not attach ${name}`);
      }

      return attached;
    },
    deleteFile: (issue, id, { as } = {}) => actions.removeFile(userOf(as), state.get(issue), id),
    assign: (issue, user, { as } = {}) => actions.assign(userOf(as), state.get(issue), user),
    linkIssues: (from, to, type, { as } = {}) =>
      actions.linkIssues(userOf(as), { name: type }, state.get(from), state.get(to)),
    linksOf: (issue) => {
      const { id } = state.get(issue);
      return state.links.filter(({ source, target }) => source === id || target === id);
    },
    transition: (issue, status, { as, resolution } = {}) => {
      const record = state.get(issue);
      const transition = transitionsFrom(installation, record.status, 'people').find(({ to }) => to === status);
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
    show: (issue) => {
      state.get(issue).isHidden = false;
    },
    moveIssue: (issue, project = otherProject.key, { as } = {}) => actions.move(userOf(as), state.get(issue), project),
    deleteIssue: (issue, { as } = {}) => actions.remove(userOf(as), state.get(issue)),
    archive: (issue, status = 403) => {
      state.get(issue).archived = status;
    },
    restore: (issue) => {
      state.get(issue).archived = undefined;
    },
  };
}

function userOf(name: string = developer): User {
  const user = findUser(name);
  if (user === undefined) {
    throw new Error(`JIRA knows no user «${name}»; there are ${users.map((each) => each.name).join(', ')}`);
  }

  return user;
}

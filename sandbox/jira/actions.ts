import { findNamed, issueTypes, project, roles, type User } from './catalogue.ts';
import { createScreen, editScreen, fields, readValues } from './fields.ts';
import type { ChangelogItem, HookEvent } from './hooks.ts';
import { fieldRefusal, Refusal } from './refusal.ts';
import type { Comment, Issue, RemoteLink, State, Values, Visibility } from './state.ts';
import { statuses, transitionsFrom } from './workflow.ts';

export type Emit = (event: HookEvent) => void;

export interface Actions {
  create(user: User, sent: Readonly<Record<string, unknown>>, properties?: readonly Property[]): Issue;
  edit(user: User, issue: Issue, sent: Readonly<Record<string, unknown>>): void;
  comment(user: User, issue: Issue, comment: NewComment): Comment;
  transition(user: User, issue: Issue, id: string, sent: Readonly<Record<string, unknown>>): void;
  /** Adds a remote link, or updates the one with the same global id. */
  link(user: User, issue: Issue, content: Readonly<Record<string, unknown>>): { link: RemoteLink; isNew: boolean };
}

interface Property {
  readonly key: string;
  readonly value?: unknown;
}

interface NewComment {
  readonly body: string;
  readonly visibility?: Visibility | undefined;
  readonly properties?: readonly Property[] | undefined;
}

const emptyValues = {
  description: null,
  priority: 'Средний',
  labels: [],
  components: [],
  fixVersions: [],
  customfield_10200: null,
  customfield_10300: null,
  duedate: null,
  assignee: null,
  resolution: null,
} as const;

/** Everything that can be done to an issue, by people and over REST alike; each tells its webhooks. */
export function createActions(state: State, emit: Emit): Actions {
  return {
    create: (user, sent, properties = []) => {
      const { project: home, issuetype, ...rest } = sent;
      const type = typeOf(home, issuetype);
      const values = readValues(rest, createScreen);
      if (values.summary === undefined) {
        throw fieldRefusal({ summary: 'You must specify a summary of the issue.' });
      }

      const created = state.now();
      const issue = state.add({
        type,
        reporter: user.name,
        created,
        updated: created,
        status: 'Открыто',
        values: { ...emptyValues, ...values, summary: values.summary },
        comments: [],
        remoteLinks: [],
        properties: new Map(properties.map(({ key, value }) => [key, value])),
        isHidden: false,
      });
      emit({ kind: 'created', user, issue });
      return issue;
    },
    edit: (user, issue, sent) => {
      change(user, issue, readValues(sent, editScreen));
    },
    comment: (user, issue, { body, visibility, properties = [] }) => {
      const comment = newComment(state, user, body, visibility, properties);
      issue.comments.push(comment);
      state.touch(issue);
      emit({ kind: 'commented', user, issue, comment });
      return comment;
    },
    transition: (user, issue, id, sent) => pass(user, issue, id, sent),
    link: (user, issue, content) => {
      const globalId = typeof content.globalId === 'string' ? content.globalId : undefined;
      const known = issue.remoteLinks.find((each) => globalId !== undefined && each.globalId === globalId);
      const link = known ?? { id: state.nextId(), globalId, content };
      link.content = content;
      if (known === undefined) {
        issue.remoteLinks.push(link);
      }
      state.touch(issue);
      emit({ kind: 'updated', user, issue, items: [item('RemoteIssueLink', null, String(link.id))] });
      return { link, isNew: known === undefined };
    },
  };

  function change(user: User, issue: Issue, values: Partial<Values>): void {
    const items = differences(issue.values, values);
    issue.values = { ...issue.values, ...values };
    if (items.length > 0) {
      state.touch(issue);
      emit({ kind: 'updated', user, issue, items });
    }
  }

  function pass(user: User, issue: Issue, id: string, sent: Readonly<Record<string, unknown>>): void {
    const transition = transitionsFrom(issue.status).find((each) => each.id === id);
    if (transition === undefined) {
      throw new Refusal(400, [`It seems that you have tried to perform an illegal workflow operation: ${id}`]);
    }

    const read = readValues(sent, transition.screen);
    if (transition.resolution === 'demanded' && read.resolution === undefined) {
      throw fieldRefusal({ resolution: 'Resolution is required.' });
    }

    const values = transition.resolution === 'cleared' ? { ...read, resolution: null } : read;
    const items = differences(issue.values, values);
    const before = issue.status;
    issue.status = transition.to;
    issue.values = { ...issue.values, ...values };
    state.touch(issue);
    emit({
      kind: 'updated',
      user,
      issue,
      items: [...items, item('status', before, issue.status, (name) => findNamed(statuses, { name })?.id)],
      typeName: issue.status === 'Решено' ? 'issue_resolved' : 'issue_generic',
    });
  }
}

function typeOf(home: unknown, issuetype: unknown): string {
  const wanted = (home ?? {}) as { key?: unknown; id?: unknown };
  if (wanted.key !== project.key && wanted.id !== project.id) {
    throw fieldRefusal({ project: 'project is required' });
  }

  const type = findNamed(issueTypes, (issuetype ?? {}) as { id?: unknown; name?: unknown });
  if (type === undefined) {
    throw fieldRefusal({ issuetype: 'The issue type selected is invalid.' });
  }

  return type.name;
}

function newComment(
  state: State,
  user: User,
  body: string,
  visibility: Visibility | undefined,
  properties: readonly Property[],
): Comment {
  if (body.trim() === '') {
    throw fieldRefusal({ comment: 'Comment body can not be empty!' });
  }

  if (body.length > 32_767) {
    const text = 'The entered text is too long. It exceeds the allowed limit of 32767 characters.';
    throw fieldRefusal({ comment: text });
  }

  if (visibility !== undefined && findNamed(roles, { name: visibility.value }) === undefined) {
    throw fieldRefusal({ commentLevel: `Role: ${visibility.value} does not exist.` });
  }

  const created = state.now();
  return {
    id: String(state.nextId()),
    author: user.name,
    body,
    created,
    updated: created,
    visibility,
    properties: new Map(properties.map(({ key, value }) => [key, value])),
  };
}

function differences(before: Values, after: Partial<Values>): readonly ChangelogItem[] {
  return fields.flatMap(({ id, allowed }) => {
    const next = after[id];
    const previous = before[id];
    if (next === undefined || String(next ?? '') === String(previous ?? '')) {
      return [];
    }

    const idOf = (name: string) => (allowed === undefined ? undefined : findNamed(allowed, { name })?.id);
    return [item(id, textOf(previous), textOf(next), idOf)];
  });
}

function textOf(value: Values[keyof Values]): string | null {
  const text = [value ?? []].flat().join(' ');
  return text === '' ? null : text;
}

function item(
  field: string,
  before: string | null,
  after: string | null,
  idOf: (name: string) => string | undefined = () => undefined,
): ChangelogItem {
  return {
    field,
    fieldtype: field.startsWith('customfield_') ? 'custom' : 'jira',
    from: before === null ? null : (idOf(before) ?? null),
    fromString: before,
    to: after === null ? null : (idOf(after) ?? null),
    toString: after,
  };
}

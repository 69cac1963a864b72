import { findNamed, issueTypes, project, type User } from './catalogue.ts';
import { differenceOf, type Emit } from './changelog.ts';
import { type CommentActions, createCommentActions, type Property } from './comment-actions.ts';
import { createScreen, editScreen, fields, readValues } from './fields.ts';
import { createFileActions, type FileActions } from './file-actions.ts';
import type { ChangelogItem } from './hooks.ts';
import type { Installation } from './installation.ts';
import { createLinkActions, type LinkActions } from './link-actions.ts';
import { fieldRefusal, Refusal } from './refusal.ts';
import type { Issue, State, Values } from './state.ts';
import { statuses, transitionsFrom } from './workflow.ts';

export interface Actions extends CommentActions, FileActions, LinkActions {
  create(user: User, sent: Readonly<Record<string, unknown>>, properties?: readonly Property[]): Issue;
  edit(user: User, issue: Issue, sent: Readonly<Record<string, unknown>>): void;
  /** Null takes the assignee away. */
  assign(user: User, issue: Issue, name: string | null): void;
  transition(user: User, issue: Issue, id: string, sent: Readonly<Record<string, unknown>>): void;
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
export function createActions(state: State, installation: Installation, emit: Emit): Actions {
  return {
    ...createCommentActions(state, emit),
    ...createFileActions(state, installation, emit),
    ...createLinkActions(state, emit),
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
        attachments: [],
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
    // The call of its own is no screen: the field need not be on one.
    assign: (user, issue, name) => {
      change(user, issue, readValues({ assignee: name === null ? null : { name } }, ['assignee']), 'issue_assigned');
    },
    transition: (user, issue, id, sent) => pass(user, issue, id, sent),
  };

  function change(user: User, issue: Issue, values: Partial<Values>, typeName?: string): void {
    const items = differences(issue.values, values);
    issue.values = { ...issue.values, ...values };
    if (items.length > 0) {
      state.touch(issue);
      emit({ kind: 'updated', user, issue, items, ...(typeName === undefined ? {} : { typeName }) });
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
      items: [...items, differenceOf('status', before, issue.status, (name) => findNamed(statuses, { name })?.id)],
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

function differences(before: Values, after: Partial<Values>): readonly ChangelogItem[] {
  return fields.flatMap(({ id, allowed }) => {
    const next = after[id];
    const previous = before[id];
    if (next === undefined || String(next ?? '') === String(previous ?? '')) {
      return [];
    }

    const idOf = (name: string) => (allowed === undefined ? undefined : findNamed(allowed, { name })?.id);
    return [differenceOf(id, textOf(previous), textOf(next), idOf)];
  });
}

function textOf(value: Values[keyof Values]): string | null {
  const text = [value ?? []].flat().join(' ');
  return text === '' ? null : text;
}

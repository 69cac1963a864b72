import { account, findNamed, findUser, issueTypes, project, projects, type User } from './catalogue.ts';
import { differenceOf, type Emit } from './changelog.ts';
import { type CommentActions, createCommentActions, type Property } from './comment-actions.ts';
import { fields, missingFields, readValues } from './fields.ts';
import { createFileActions, type FileActions } from './file-actions.ts';
import type { ChangelogItem } from './hook-payloads.ts';
import { type Installation, transitionsFrom } from './installation.ts';
import { createLinkActions, type LinkActions } from './link-actions.ts';
import { fieldRefusal, Refusal } from './refusal.ts';
import type { Issue, State, Values } from './state.ts';
import { statuses } from './workflow.ts';

export interface Actions extends CommentActions, FileActions, LinkActions {
  create(user: User, sent: Readonly<Record<string, unknown>>, properties?: readonly Property[]): Issue;
  edit(user: User, issue: Issue, sent: Readonly<Record<string, unknown>>): void;
  /** Null takes the assignee away. */
  assign(user: User, issue: Issue, name: string | null): void;
  transition(user: User, issue: Issue, id: string, sent: Readonly<Record<string, unknown>>): void;
  /** To the project with this key. */
  move(user: User, issue: Issue, key: string): void;
  remove(user: User, issue: Issue): void;
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
  environment: null,
  customfield_10400: null,
  customfield_10500: null,
  customfield_10600: null,
  customfield_10700: null,
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
      const values = readValues(rest, installation.screens.create);
      const missing = user.name === account ? missingFields(installation.required, values) : {};
      if (values.summary === undefined || Object.keys(missing).length > 0) {
        const summary = values.summary === undefined ? { summary: 'You must specify a summary of the issue.' } : {};
        throw fieldRefusal({ ...summary, ...missing });
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
      });
      emit({ kind: 'created', user, issue });
      return issue;
    },
    edit: (user, issue, sent) => {
      change(user, issue, readValues(sent, installation.screens.edit));
    },
    // The call of its own is no screen: the field need not be on one.
    assign: (user, issue, name) => {
      change(user, issue, readValues({ assignee: name === null ? null : { name } }, ['assignee']), 'issue_assigned');
    },
    transition: (user, issue, id, sent) => pass(user, issue, id, sent),
    move: (user, issue, key) => {
      const before = { key: issue.key, project: issue.project };
      const target = projects.find((each) => each.key === key);
      if (target === undefined) {
        throw new Refusal(404, [`No project could be found with key '${key}'.`]);
      }

      state.move(issue, target);
      state.touch(issue);
      const idOf = (name: string) => projects.find((each) => each.name === name)?.id;
      const items = [
        differenceOf('project', before.project.name, target.name, idOf),
        differenceOf('Key', before.key, issue.key),
      ];
      emit({ kind: 'updated', user, issue, items, typeName: 'issue_moved' });
    },
    remove: (user, issue) => {
      state.remove(issue);
      emit({ kind: 'deleted', user, issue });
    },
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
    const who = user.name === account ? 'account' : 'people';
    const transition = transitionsFrom(installation, issue.status, who).find((each) => each.id === id);
    if (transition === undefined) {
      throw new Refusal(400, [`It seems that you have tried to perform an illegal workflow operation: ${id}`]);
    }

    const read = readValues(sent, transition.screen);
    if (transition.resolution === 'demanded' && read.resolution === undefined) {
      throw fieldRefusal({ resolution: 'Resolution is required.' });
    }

    const missing = missingFields(transition.required ?? [], read);
    if (who === 'account' && Object.keys(missing).length > 0) {
      throw fieldRefusal(missing);
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
    const labelOf = (value: Values[keyof Values]) =>
      id === 'assignee' ? (findUser(value)?.displayName ?? null) : textOf(value);
    return [differenceOf(id, labelOf(previous), labelOf(next), idOf)];
  });
}

function textOf(value: Values[keyof Values]): string | null {
  const text = [value ?? []].flat().join(' ');
  return text === '' ? null : text;
}

import type { z } from 'zod';
import { type Dialect, readFields } from './dialect.ts';
import { fields } from './fields.ts';
import { transitionsFrom } from './installation.ts';
import { fieldRefusal, Refusal } from './refusal.ts';
import { assigneeBody, createBody, editBody, type Operation, readBody, transitionBody } from './requests.ts';
import { demand, noContent, ok, type Route, type RouteContext, visible, writable } from './route.ts';
import type { Issue } from './state.ts';

/** Issues as a whole: create, read, edit, search, transitions, properties. */
export function aboutIssues(context: RouteContext): readonly Route[] {
  const { state, installation, actions, beans, url, dialect } = context;
  return [
    [
      'POST',
      '/issue',
      ({ user, body }) => {
        const { fields: sent, properties } = readBody(body, createBody);
        demand(installation, 'CREATE_ISSUES');
        const { id, key } = actions.create(user, readFields(dialect, sent), properties);
        return { status: 201, body: { id, key, self: `${url()}/rest/api/${dialect.version}/issue/${id}` } };
      },
    ],
    [
      'GET',
      '/issue/{id}',
      ({ query }, [id]) => ok(beans.issue(visible(state, id), query.get('fields')?.split(',') ?? undefined)),
    ],
    [
      'PUT',
      '/issue/{id}',
      ({ user, body }, [id]) => {
        const issue = writable(context, id, 'EDIT_ISSUES');
        actions.edit(user, issue, readFields(dialect, fieldsOf(issue, readBody(body, editBody))));
        return noContent();
      },
    ],
    [
      'GET',
      '/issue/{id}/transitions',
      (_, [id]) =>
        ok({
          expand: 'transitions',
          transitions: transitionsFrom(installation, visible(state, id).status, 'account').map(beans.transition),
        }),
    ],
    [
      'POST',
      '/issue/{id}/transitions',
      ({ user, body }, [id]) => {
        const issue = writable(context, id, 'TRANSITION_ISSUES');
        const { transition, fields: sent = {} } = readBody(body, transitionBody);
        actions.transition(user, issue, transition.id, readFields(dialect, sent));
        return noContent();
      },
    ],
    [
      'PUT',
      '/issue/{id}/assignee',
      ({ user, body }, [id]) => {
        const issue = writable(context, id, 'ASSIGN_ISSUES');
        actions.assign(user, issue, assigneeOf(dialect, readBody(body, assigneeBody)));
        return noContent();
      },
    ],
    [
      'GET',
      '/issue/{id}/editmeta',
      (_, [id]) => {
        visible(state, id);
        const shown = fields.filter((field) => installation.screens.edit.includes(field.id));
        return ok({
          fields: Object.fromEntries(shown.map((field) => [field.id, beans.field(field, field.id === 'summary')])),
        });
      },
    ],
    [
      'GET',
      '/issue/{id}/properties/{key}',
      (_, [id, key = '']) => {
        const { properties } = visible(state, id);
        if (!properties.has(key)) {
          throw new Refusal(404, [`The property with key '${key}' does not exist.`]);
        }

        return ok({ key, value: properties.get(key) });
      },
    ],
  ];
}

/** The fields as they are to be: those that are set, and lists to which something is added or from which it is taken. */
function fieldsOf(issue: Issue, { fields: set = {}, update = {} }: z.output<typeof editBody>): Record<string, unknown> {
  const changed = Object.entries(update).map(([id, operations]) => [
    id,
    operations.reduce((value, operation) => applied(value, operation), currentOf(issue, id)),
  ]);
  return { ...set, ...Object.fromEntries(changed) };
}

function currentOf({ values }: Issue, id: string): unknown {
  const current = Object.entries(values).find(([each]) => each === id)?.[1];
  return Array.isArray(current) && id !== 'labels' ? current.map((name) => ({ name })) : current;
}

function applied(value: unknown, operation: Operation): unknown {
  if ('set' in operation) {
    return operation.set;
  }

  const list = [value ?? []].flat();
  return 'add' in operation
    ? [...list, operation.add]
    : list.filter((each) => JSON.stringify(each) !== JSON.stringify(operation.remove));
}

/** The user name. Throws `Refusal` 400 for a user that is named as in the other dialect. */
function assigneeOf({ name, readUser }: Dialect, body: z.output<typeof assigneeBody>): string | null {
  const id = name === 'cloud' ? ('accountId' in body ? body : undefined) : 'name' in body ? body : undefined;
  if (id === undefined) {
    throw fieldRefusal({ assignee: 'The user is named in a way that this product does not know.' });
  }

  const reference = 'accountId' in id ? readUser(id.accountId === null ? null : id) : id;
  return (reference as { readonly name: string | null } | null)?.name ?? null;
}

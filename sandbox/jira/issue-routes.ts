import { search } from './jql.ts';
import { Refusal } from './refusal.ts';
import { assigneeBody, createBody, editBody, readBody, searchBody, transitionBody } from './requests.ts';
import { noContent, ok, type Route, type RouteContext, visible } from './route.ts';
import { transitionsFrom } from './workflow.ts';

/** Issues as a whole: create, read, edit, search, transitions, properties. */
export function aboutIssues({ state, actions, beans, url, timeZone }: RouteContext): readonly Route[] {
  return [
    [
      'POST',
      '/issue',
      ({ user, body }) => {
        const { fields: sent, properties } = readBody(body, createBody);
        const { id, key } = actions.create(user, sent, properties);
        return { status: 201, body: { id, key, self: `${url()}/rest/api/2/issue/${id}` } };
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
        actions.edit(user, visible(state, id), readBody(body, editBody).fields);
        return noContent();
      },
    ],
    [
      'POST',
      '/search',
      ({ body }) => {
        const { jql, startAt, maxResults, fields: wanted } = readBody(body, searchBody);
        const found = search(jql, state.index(), timeZone);
        const issues = found.slice(startAt, startAt + Math.min(maxResults, 1_000));
        return ok({
          startAt,
          maxResults: Math.min(maxResults, 1_000),
          total: found.length,
          issues: issues.map(({ id }) => beans.issue(state.get(id), wanted)),
        });
      },
    ],
    [
      'GET',
      '/issue/{id}/transitions',
      (_, [id]) =>
        ok({ expand: 'transitions', transitions: transitionsFrom(visible(state, id).status).map(beans.transition) }),
    ],
    [
      'POST',
      '/issue/{id}/transitions',
      ({ user, body }, [id]) => {
        const issue = visible(state, id);
        const { transition, fields: sent = {} } = readBody(body, transitionBody);
        actions.transition(user, issue, transition.id, sent);
        return noContent();
      },
    ],
    [
      'PUT',
      '/issue/{id}/assignee',
      ({ user, body }, [id]) => {
        actions.assign(user, visible(state, id), readBody(body, assigneeBody).name);
        return noContent();
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

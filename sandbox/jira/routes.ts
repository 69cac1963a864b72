import type { Actions } from './actions.ts';
import type { Beans } from './beans.ts';
import {
  account,
  components,
  issueTypes,
  permissions,
  priorities,
  project,
  resolutions,
  type User,
  versions,
} from './catalogue.ts';
import type { Reply } from './faults.ts';
import { createScreen, fields } from './fields.ts';
import { search } from './jql.ts';
import { noIssue, Refusal } from './refusal.ts';
import { commentBody, createBody, editBody, readBody, remoteLinkBody, searchBody, transitionBody } from './requests.ts';
import type { Issue, State } from './state.ts';
import { statuses, transitionsFrom } from './workflow.ts';

export interface Request {
  readonly user: User;
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface RouteContext {
  readonly state: State;
  readonly actions: Actions;
  readonly beans: Beans;
  readonly url: () => string;
  readonly timeZone: string;
  readonly version: string;
}

type Handler = (request: Request, parameters: readonly string[]) => Reply;

/** The REST interface below `/rest/api/2`. Answers 404 for what Data Center no longer has. */
export type Router = (method: string, path: string, request: Request) => Reply;

export function createRouter(context: RouteContext): Router {
  const routes = [...aboutInstallation(context), ...aboutIssues(context), ...aboutIssueParts(context)].map(
    ([method, path, handler]) => ({
      method,
      pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`),
      handler,
    }),
  );
  return (method, path, request) => {
    const matching = routes.filter(({ pattern }) => pattern.test(path));
    const route = matching.find((each) => each.method === method);
    if (route === undefined) {
      return { status: matching.length === 0 ? 404 : 405, headers: { 'content-type': 'text/html' }, body: '<html/>' };
    }

    const parameters = (path.match(route.pattern) ?? []).slice(1).map(decodeURIComponent);
    return route.handler(request, parameters);
  };
}

type Route = readonly [method: string, path: string, handler: Handler];

function aboutInstallation({ state, beans, url, timeZone, version }: RouteContext): readonly Route[] {
  const home = { self: `${url()}/rest/api/2/project/${project.id}`, ...project };
  return [
    [
      'GET',
      '/serverInfo',
      () =>
        ok({
          baseUrl: url(),
          version,
          versionNumbers: version.split('.').map(Number),
          deploymentType: 'Server',
          serverTime: beans.moment(state.now()),
          serverTitle: 'JIRA',
        }),
    ],
    ['GET', '/myself', ({ user }) => ok({ ...beans.user(user.name), timeZone, locale: 'ru_RU' })],
    ['GET', '/mypermissions', ({ user }) => ok({ permissions: permissionsOf(user) })],
    ['GET', '/project', () => ok([home])],
    [
      'GET',
      '/project/{key}',
      (_, [key]) =>
        ok({
          ...projectOf(key, home),
          issueTypes: beans.named('issuetype', issueTypes),
          components: beans.named('component', components),
          versions: versions.map(({ name }) => beans.version(name)),
        }),
    ],
    ['GET', '/priority', () => ok(beans.named('priority', priorities))],
    ['GET', '/resolution', () => ok(beans.named('resolution', resolutions))],
    ['GET', '/status', () => ok(statuses.map(({ name }) => beans.status(name)))],
    [
      'GET',
      '/field',
      () => ok(fields.map(({ id, name, schema }) => ({ id, name, custom: id.startsWith('custom'), schema }))),
    ],
    [
      'GET',
      '/issue/createmeta/{project}/issuetypes',
      ({ query }, [key]) => ok(page(projectOf(key, home) && beans.named('issuetype', issueTypes), query)),
    ],
    [
      'GET',
      '/issue/createmeta/{project}/issuetypes/{type}',
      ({ query }, [key]) => ok(page(projectOf(key, home) && createMeta(beans), query)),
    ],
  ];
}

function aboutIssues({ state, actions, beans, url, timeZone }: RouteContext): readonly Route[] {
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
        return { status: 204, body: undefined };
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
  ];
}

function aboutIssueParts({ state, actions, beans, url }: RouteContext): readonly Route[] {
  return [
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
        return { status: 204, body: undefined };
      },
    ],
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
        const issue = visible(state, id);
        return { status: 201, body: beans.comment(issue, actions.comment(user, issue, readBody(body, commentBody))) };
      },
    ],
    [
      'POST',
      '/issue/{id}/remotelink',
      ({ user, body }, [id]) => {
        const issue = visible(state, id);
        const { link, isNew } = actions.link(user, issue, readBody(body, remoteLinkBody));
        const self = `${url()}/rest/api/2/issue/${issue.id}/remotelink/${link.id}`;
        return { status: isNew ? 201 : 200, body: { id: link.id, self } };
      },
    ],
    [
      'GET',
      '/issue/{id}/remotelink',
      (_, [id]) => ok(visible(state, id).remoteLinks.map((link) => ({ id: link.id, ...link.content }))),
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

function visible(state: State, id: string | undefined): Issue {
  const issue = state.get(id ?? '');
  if (issue.isHidden) {
    throw noIssue();
  }

  return issue;
}

function projectOf<Home>(key: string | undefined, home: Home): Home {
  if (key !== project.key && key !== project.id) {
    throw new Refusal(404, [`No project could be found with key '${key}'.`]);
  }

  return home;
}

function permissionsOf(user: User): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    permissions.map((key) => [key, { key, type: 'PROJECT', havePermission: user.name === account }]),
  );
}

/** `reporter` is not on the screen, as in most installations. */
function createMeta(beans: Beans): readonly Readonly<Record<string, unknown>>[] {
  return fields
    .filter(({ id }) => createScreen.includes(id))
    .map(({ id, name, schema, allowed }) => ({
      fieldId: id,
      name,
      required: id === 'summary',
      hasDefaultValue: id === 'priority',
      schema,
      operations: ['set'],
      ...(allowed === undefined ? {} : { allowedValues: beans.named(id, allowed) }),
    }));
}

function page<Item>(all: readonly Item[], query: URLSearchParams) {
  const startAt = Number(query.get('startAt') ?? 0);
  const maxResults = Number(query.get('maxResults') ?? 50);
  const values = all.slice(startAt, startAt + maxResults);
  return { startAt, maxResults, total: all.length, isLast: startAt + values.length >= all.length, values };
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}

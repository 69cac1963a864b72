import type { Beans } from './beans.ts';
import {
  account,
  components,
  issueTypes,
  linkTypes,
  permissions,
  priorities,
  project,
  resolutions,
  type User,
  versions,
} from './catalogue.ts';
import { createScreen, fields } from './fields.ts';
import { Refusal } from './refusal.ts';
import { ok, page, type Route, type RouteContext } from './route.ts';
import { statuses } from './workflow.ts';

/** What there is in the installation: projects, names, permissions, screens. */
export function aboutInstallation({ state, beans, url, timeZone, version }: RouteContext): readonly Route[] {
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
    ['GET', '/issueLinkType', () => ok({ issueLinkTypes: linkTypes.map(beans.linkType) })],
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

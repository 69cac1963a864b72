import type { Bean, Beans } from './beans.ts';
import {
  components,
  issueTypes,
  linkTypes,
  type Permission,
  type Project,
  permissions,
  priorities,
  projects,
  resolutions,
  versions,
} from './catalogue.ts';
import type { Dialect } from './dialect.ts';
import { fields } from './fields.ts';
import type { Installation } from './installation.ts';
import { Refusal } from './refusal.ts';
import { ok, page, type Route, type RouteContext } from './route.ts';
import { statuses } from './workflow.ts';

/** What there is in the installation: projects, names, permissions, screens. */
export function aboutInstallation({
  state,
  installation,
  beans,
  dialect,
  url,
  timeZone,
  version,
}: RouteContext): readonly Route[] {
  return [
    [
      'GET',
      '/serverInfo',
      () =>
        ok({
          baseUrl: url(),
          version,
          versionNumbers: version.split(/[.-]/).map(Number).filter(Number.isFinite),
          deploymentType: dialect.name === 'cloud' ? 'Cloud' : 'Server',
          serverTime: beans.moment(state.now()),
          serverTitle: 'JIRA',
        }),
    ],
    ['GET', '/myself', ({ user }) => ok({ ...beans.user(user.name), timeZone, locale: 'ru_RU' })],
    [
      'GET',
      '/mypermissions',
      ({ query }) => ok({ permissions: permissionsOf(installation, permissionsAsked(dialect, query)) }),
    ],
    ['GET', '/project', () => ok(projects.map(beans.project))],
    ['GET', '/project/search', ({ query }) => ok(page(projects.map(beans.project), query))],
    [
      'GET',
      '/project/{key}',
      (_, [key]) =>
        ok({
          ...beans.project(projectOf(key)),
          issueTypes: beans.named('issuetype', issueTypes),
          components: beans.named('component', components),
          versions: versions.map(({ name }) => beans.version(name)),
        }),
    ],
    ['GET', '/priority', () => ok(beans.named('priority', priorities))],
    ['GET', '/resolution', () => ok(beans.named('resolution', resolutions))],
    ['GET', '/issuetype', () => ok(beans.named('issuetype', issueTypes))],
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
      ({ query }, [key]) => {
        demandCreate(key, installation);
        return ok(metaPage(beans.named('issuetype', issueTypes), query, dialect, 'issueTypes'));
      },
    ],
    [
      'GET',
      '/issue/createmeta/{project}/issuetypes/{type}',
      ({ query }, [key]) => {
        demandCreate(key, installation);
        return ok(metaPage(createMeta(beans, installation), query, dialect, 'fields'));
      },
    ],
  ];
}

function projectOf(wanted: string | undefined): Project {
  const found = projects.find(({ id, key }) => wanted === key || wanted === id);
  if (found === undefined) {
    throw new Refusal(404, [`No project could be found with key '${wanted}'.`]);
  }

  return found;
}

/** Throws `Refusal` 404 for no project, and 400 where the account may not create issues. */
function demandCreate(key: string | undefined, { denied }: Installation): void {
  projectOf(key);
  if (denied.has('CREATE_ISSUES')) {
    throw new Refusal(400, ['You can not create issues in this project.']);
  }
}

/** Cloud tells of the permissions that the query names and of no others. */
function permissionsAsked({ name }: Dialect, query: URLSearchParams): readonly Permission[] {
  if (name === 'datacenter') {
    return permissions;
  }

  const asked = (query.get('permissions') ?? '').split(',').filter((key) => key !== '');
  const unknown = asked.find((key) => !permissions.some((each) => each === key));
  if (asked.length === 0 || unknown !== undefined) {
    throw new Refusal(400, [
      unknown === undefined ? "The 'permissions' query parameter is required." : `Unrecognized permission: ${unknown}`,
    ]);
  }

  return permissions.filter((key) => asked.includes(key));
}

function permissionsOf({ denied }: Installation, asked: readonly Permission[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(asked.map((key) => [key, { key, type: 'PROJECT', havePermission: !denied.has(key) }]));
}

/** A page of createmeta: Cloud has other names for the list. */
function metaPage(all: readonly Bean[], query: URLSearchParams, { name }: Dialect, listName: string) {
  const { values, isLast, ...rest } = page(all, query);
  return name === 'cloud' ? { ...rest, [listName]: values } : { ...rest, isLast, values };
}

function createMeta(beans: Beans, { screens, required }: Installation): readonly Bean[] {
  return fields
    .filter(({ id }) => screens.create.includes(id))
    .map((field) => beans.field(field, field.id === 'summary' || required.has(field.id)));
}

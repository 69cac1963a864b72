import type { DateTime } from 'luxon';
import type { ZodType } from 'zod';
import type { Finding } from '../../src/connector.ts';
import { toBridgeError } from '../../src/errors.ts';
import type { Gateway } from './gateway.ts';
import type { JiraOptions } from './options.ts';
import { wireMyself, wireNames, wirePermissions, wireProject, wireServerInfo } from './wire.ts';

const LARGEST_SKEW_SECONDS = 60;

/** Permissions in a watched project, and what fails without them. */
const permissions: Readonly<Record<string, string>> = {
  BROWSE_PROJECTS: 'issues cannot be read',
  CREATE_ISSUES: 'issues cannot be opened',
  EDIT_ISSUES: 'fields cannot be set',
  TRANSITION_ISSUES: 'the status cannot be changed',
  ADD_COMMENTS: 'comments cannot be carried over',
  LINK_ISSUES: 'the ticket cannot be shown on the issue',
};

type Look = <Result>(path: string, shape: ZodType<Result>, query?: Record<string, string>) => Promise<Result>;

/** Proves from outside that JIRA is set up as the configuration says. Writes nothing, throws nothing. */
export async function checkJira(
  options: JiraOptions,
  system: string,
  gateway: Gateway,
  now: () => DateTime,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const look: Look = (path, shape, query = {}) =>
    gateway.send({ method: 'GET', path, query, effect: 'none', shape, signal });
  const parts: readonly [string, () => Promise<readonly Finding[]>][] = [
    ['server', () => checkServer(look, now)],
    ['account', () => checkAccount(look, options)],
    ['fields', () => checkFields(look, options)],
    ...options.projects.map((project): [string, () => Promise<readonly Finding[]>] => [
      `project ${project}`,
      async () => [...(await checkProject(look, project)), ...(await checkPermissions(look, project))],
    ]),
    ...(['priority', 'status', 'resolution'] as const).map((list): [string, () => Promise<readonly Finding[]>] => [
      list,
      () => checkNames(look, list),
    ]),
  ];

  const findings: Finding[] = [];
  for (const [subject, part] of parts) {
    findings.push(...(await part().catch((thrown) => [failed(subject, thrown)])));
  }
  return findings.map((finding) => ({ ...finding, subject: `${system}: ${finding.subject}` }));
}

async function checkServer(look: Look, now: () => DateTime): Promise<readonly Finding[]> {
  const { version, deploymentType, serverTime } = await look('/serverInfo', wireServerInfo);
  if (deploymentType === 'Cloud') {
    return [error('server', `this is JIRA Cloud ${version}; the connector speaks to Data Center only`)];
  }

  const skew = serverTime === undefined ? 0 : Math.abs(now().diff(serverTime).as('seconds'));
  return [
    ok('server', `JIRA Data Center ${version}`),
    ...(skew > LARGEST_SKEW_SECONDS
      ? [
          warning(
            'clock',
            `JIRA’s clock differs from the bridge’s by ${Math.round(skew)} s; let both follow the same NTP server`,
          ),
        ]
      : []),
  ];
}

async function checkAccount(look: Look, { account, internal_comments }: JiraOptions): Promise<readonly Finding[]> {
  const { name, timeZone } = await look('/myself', wireMyself);
  return [
    name === account
      ? ok('account', `the login works and belongs to ${name}; its time zone is ${timeZone ?? 'unknown'}`)
      : error(
          'account',
          `the login belongs to ${name}, but jira.account says ${account}; own changes would come back as news`,
        ),
    ...(internal_comments === undefined
      ? [ok('internal comments', 'none are written: jira.internal_comments is not set')]
      : []),
  ];
}

async function checkFields(look: Look, { fields }: JiraOptions): Promise<readonly Finding[]> {
  const known = new Map((await look('/field', wireNames)).map(({ id, name }) => [id, name]));
  return Object.entries(fields).map(([logical, id]) => {
    const name = known.get(id);
    return name === undefined
      ? error(`field ${logical}`, `JIRA has no field ${id}; correct jira.fields.${logical}`)
      : ok(`field ${logical}`, `${id} is «${name}»`);
  });
}

async function checkProject(look: Look, project: string): Promise<readonly Finding[]> {
  const { name, issueTypes } = await look(`/project/${project}`, wireProject);
  const types = (issueTypes ?? []).map((type) => type.name).join(', ');
  return [ok(`project ${project}`, `«${name}», issue types: ${types}`)];
}

async function checkPermissions(look: Look, projectKey: string): Promise<readonly Finding[]> {
  const granted = (await look('/mypermissions', wirePermissions, { projectKey })).permissions;
  const lacking = Object.entries(permissions).filter(([name]) => granted[name]?.havePermission !== true);
  return lacking.length === 0
    ? [ok(`permissions in ${projectKey}`, Object.keys(permissions).join(', '))]
    : lacking.map(([name, consequence]) =>
        error(`permissions in ${projectKey}`, `the account lacks ${name}: ${consequence}`),
      );
}

/** Names are what the mappings are written in, so they are shown as JIRA spells them for the account. */
async function checkNames(look: Look, list: string): Promise<readonly Finding[]> {
  const names = (await look(`/${list}`, wireNames)).map(({ name }) => name);
  return [
    names.length === 0
      ? warning(list, 'JIRA shows none to the account')
      : ok(list, `names for the mappings: ${names.join(', ')}`),
  ];
}

function failed(subject: string, thrown: unknown): Finding {
  const { message, help } = toBridgeError(thrown);
  return error(subject, `${message}. ${help}`);
}

function ok(subject: string, message: string): Finding {
  return { level: 'ok', subject, message };
}

function warning(subject: string, message: string): Finding {
  return { level: 'warning', subject, message };
}

function error(subject: string, message: string): Finding {
  return { level: 'error', subject, message };
}

import type { DateTime } from 'luxon';
import type { ZodType } from 'zod';
import type { ExpectedName, ExpectedNames, Finding } from '../../../src/connector.ts';
import { type BridgeError, explain, toBridgeError } from '../../../src/errors.ts';
import { type Catalogue, createCatalogue, type Entry, findCalled } from '../catalogue.ts';
import { createScreens } from '../create/screens.ts';
import type { Gateway } from '../http/gateway.ts';
import type { JiraOptions } from '../options.ts';
import { wireMyself, wireNames, wirePermissions, wireProject } from '../wire.ts';
import { checkLinkTypes } from './check-link-types.ts';
import { checkConfigured, compareNames, compareValues } from './check-names.ts';
import { checkCreateScreen, checkTransitionScreens } from './check-screens.ts';
import { checkServer } from './check-server.ts';
import { checkWebhook } from './check-webhook.ts';
import { error, ok, warning } from './finding.ts';

/** Permissions in a watched project, and what fails without them. */
const permissions: Readonly<Record<string, string>> = {
  BROWSE_PROJECTS: 'issues cannot be read',
  CREATE_ISSUES: 'issues cannot be opened',
  EDIT_ISSUES: 'fields cannot be set',
  TRANSITION_ISSUES: 'the status cannot be changed',
  ADD_COMMENTS: 'comments cannot be carried over',
  CREATE_ATTACHMENTS: 'files cannot be carried over',
  LINK_ISSUES: 'the ticket cannot be shown on the issue',
};

interface CheckParts {
  readonly options: JiraOptions;
  readonly system: string;
  readonly gateway: Gateway;
  readonly now: () => DateTime;
  /** Where webhooks arrive, if it is known. */
  readonly webhookUrl?: string | undefined;
}

/** What the projects have. */
interface Homes {
  readonly components: string[];
  readonly types: Map<string, readonly Entry[]>;
}

type Look = <Result>(path: string, shape: ZodType<Result>, query?: Record<string, string>) => Promise<Result>;
type Part = readonly [subject: string, look: () => Promise<readonly Finding[]>];

/**
 * Proves from outside that JIRA is set up as the configuration says and knows the names of the rules. Writes nothing,
 * throws nothing. Where JIRA is away, is another one or refuses the login, every further look would say the same: it
 * ends there.
 */
export async function checkJira(
  { options, system, gateway, now, webhookUrl }: CheckParts,
  expected: ExpectedNames,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const look: Look = (path, shape, query = {}) =>
    gateway.send({ method: 'GET', path, query, effect: 'none', shape, signal });
  const homes: Homes = { components: [], types: new Map() };
  // What is compared is what JIRA has now, not what the desk has kept.
  const catalogue = createCatalogue(gateway, now);
  const screens = createScreens(gateway, catalogue, now);
  const screenParts = { options, gateway, catalogue, screens };
  const parts: readonly Part[] = [
    ['server', () => checkServer({ options, gateway, now }, signal)],
    ['account', () => checkAccount(look, options)],
    ['fields', () => checkFields(look, options)],
    ...options.projects.flatMap((project): readonly Part[] => [
      [`project ${project}`, () => checkProject(look, project, expected, homes, catalogue, signal)],
      ...expected.issueTypes
        .filter((each) => each.project === project)
        .map(({ name, at }): Part => {
          const place = { project, type: name, at };
          const isThere = () => findCalled(homes.types.get(project) ?? [], name) !== undefined;
          return [
            `${project} create screen`,
            async () => (isThere() ? checkCreateScreen(place, expected, screenParts, signal) : []),
          ];
        }),
      [
        `${project} transition screens`,
        async () => (homes.types.has(project) ? checkTransitionScreens(project, expected, screenParts, signal) : []),
      ],
    ]),
    ['components', async () => compareValues(options, expected.issueFieldValues, homes.components)],
    ['priority', () => checkNames(catalogue, 'priority', expected.issuePriorities, signal)],
    ['status', () => checkNames(catalogue, 'status', expected.issueStatuses, signal)],
    ['resolution', () => checkNames(catalogue, 'resolution', expected.resolutions, signal)],
    ['resolution', () => checkUnnamed(catalogue, expected.resolutions, signal)],
    ['link type', () => checkLinkTypes(gateway, catalogue, expected.linkTypes, signal)],
    ['webhook', () => checkWebhook({ gateway, system, webhookUrl }, signal)],
  ];

  const findings = [...checkConfigured(options, expected)];
  for (const [subject, part] of parts) {
    const found = await part().catch(toBridgeError);
    if (!isError(found)) {
      findings.push(...found);
      if (subject === 'server' && found.some(({ level }) => level === 'error')) {
        break;
      }
      continue;
    }

    findings.push(error(found.code === 'LOGIN_REFUSED' ? 'account' : subject, explain(found)));
    if (found.disposition === 'outage') {
      break;
    }
  }
  return findings.map((finding) => ({ ...finding, subject: `${system}: ${finding.subject}` }));
}

function isError(found: readonly Finding[] | BridgeError): found is BridgeError {
  return !Array.isArray(found);
}

async function checkAccount(look: Look, { account, internal_comments }: JiraOptions): Promise<readonly Finding[]> {
  const { name, key, accountId, displayName, timeZone } = await look('/myself', wireMyself);
  const owner = name ?? accountId ?? key ?? 'nobody';
  const shown = displayName === undefined ? owner : `${owner} (${displayName})`;
  return [
    [name, key, accountId].includes(account)
      ? ok('account', `the login works and belongs to ${shown}; its time zone is ${timeZone ?? 'unknown'}`)
      : error(
          'account',
          `the login belongs to ${shown}, but jira.account says ${account}: correct it, or own changes come back as news`,
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

/** Adds the project's components and issue types to `homes`. */
async function checkProject(
  look: Look,
  project: string,
  { issueTypes: expected }: ExpectedNames,
  homes: Homes,
  catalogue: Catalogue,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const found = await look(`/project/${project}`, wireProject).catch((thrown: unknown) => {
    if (toBridgeError(thrown).code === 'RECORD_NOT_READABLE') {
      return undefined;
    }
    throw thrown;
  });
  if (found === undefined) {
    const advice = 'Correct jira.projects, or give the account the permission Browse Projects there.';
    return [error(`project ${project}`, `JIRA shows the account no project with this key. ${advice}`)];
  }

  homes.components.push(...(found.components ?? []).map(({ name }) => name));
  const names = (found.issueTypes ?? []).map(({ name }) => name);
  const translated = await catalogue.list('issueType', signal).catch(() => []);
  const types = names.map((name) => findCalled(translated, name) ?? { id: '', name, names: [] });
  homes.types.set(project, types);
  return [
    ok(`project ${project}`, `«${found.name}», issue types: ${names.join(', ')}`),
    ...compareNames(
      `${project} issue type`,
      expected.filter((each) => each.project === project),
      types,
    ),
    ...(await checkPermissions(look, project)),
  ];
}

async function checkPermissions(look: Look, projectKey: string): Promise<readonly Finding[]> {
  // Cloud demands the names; Data Center tells all and takes no notice.
  const query = { projectKey, permissions: Object.keys(permissions).join(',') };
  const granted = (await look('/mypermissions', wirePermissions, query)).permissions;
  const lacking = Object.entries(permissions).filter(([name]) => granted[name]?.havePermission !== true);
  return lacking.length === 0
    ? [ok(`permissions in ${projectKey}`, Object.keys(permissions).join(', '))]
    : lacking.map(([name, consequence]) =>
        error(`permissions in ${projectKey}`, `the account lacks ${name}: ${consequence}`),
      );
}

/** Names are what the mappings are written in, so they are shown as JIRA spells them for the account. */
async function checkNames(
  catalogue: Catalogue,
  list: 'priority' | 'status' | 'resolution',
  expected: readonly ExpectedName[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const known = await catalogue.list(list, signal);
  const names = known.map(({ name }) => name).join(', ');
  return known.length === 0
    ? [warning(list, 'JIRA shows none to the account')]
    : [ok(list, `names for the mappings: ${names}`), ...compareNames(list, expected, known)];
}

/** Every resolution ends in a closure code; one that nobody thought of falls to a code meant for all others. */
async function checkUnnamed(
  catalogue: Catalogue,
  expected: readonly ExpectedName[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const known = expected.length === 0 ? [] : await catalogue.list('resolution', signal);
  return known
    .filter((entry) => !expected.some(({ name }) => findCalled([entry], name) !== undefined))
    .map(({ name }) =>
      warning(
        `resolution ${name}`,
        `no row of the closing codes names «${name}», so an issue with it gets the code of \`otherwise\`.`,
      ),
    );
}

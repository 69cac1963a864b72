import type { Actions } from './actions.ts';
import type { Beans } from './beans.ts';
import type { Permission, User } from './catalogue.ts';
import type { Dialect } from './dialect.ts';
import type { Reply } from './faults.ts';
import type { Installation } from './installation.ts';
import { noIssue, Refusal } from './refusal.ts';
import type { Issue, State } from './state.ts';
import type { Upload } from './uploads.ts';

export interface Request {
  readonly user: User;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Empty for a multipart request. */
  readonly body: string;
  /** The files of a multipart request. */
  readonly uploads: readonly Upload[];
}

export interface RouteContext {
  readonly state: State;
  readonly installation: Installation;
  readonly actions: Actions;
  readonly beans: Beans;
  readonly dialect: Dialect;
  readonly url: () => string;
  readonly timeZone: string;
  readonly version: string;
}

type Handler = (request: Request, parameters: readonly string[]) => Reply;

export type Route = readonly [method: string, path: string, handler: Handler];

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

export function noContent(): Reply {
  return { status: 204, body: undefined };
}

/** The issue, if the bridge's account may see it. Throws `Refusal` 404. */
export function visible(state: State, id: string | undefined): Issue {
  const issue = state.get(id ?? '');
  if (issue.isHidden) {
    throw noIssue();
  }

  return issue;
}

/** The issue, if the account may see and change it. Throws `Refusal` 404, and 400 or 403 for an archived one. */
export function writable({ state, installation }: RouteContext, id: string | undefined, permission: Permission): Issue {
  const issue = visible(state, id);
  if (issue.archived !== undefined) {
    throw new Refusal(issue.archived, ['The issue is archived. Restore it before you change it.']);
  }

  demand(installation, permission);
  return issue;
}

/** Throws `Refusal` 403. */
export function demand({ denied }: Installation, permission: Permission): void {
  if (denied.has(permission)) {
    throw new Refusal(403, [`You do not have the permission ${permission}.`]);
  }
}

export function page<Item>(all: readonly Item[], query: URLSearchParams) {
  const startAt = Number(query.get('startAt') ?? 0);
  const maxResults = Number(query.get('maxResults') ?? 50);
  const values = all.slice(startAt, startAt + maxResults);
  return { startAt, maxResults, total: all.length, isLast: startAt + values.length >= all.length, values };
}

/** JIRA takes a write of something that may be a browser for a forged one. */
export function demandToken({ headers }: Request): void {
  if (headers['x-atlassian-token'] !== 'no-check') {
    throw new Refusal(403, ['XSRF check failed']);
  }
}

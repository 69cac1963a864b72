import { aboutComments } from './comment-routes.ts';
import type { Reply } from './faults.ts';
import { aboutFiles } from './file-routes.ts';
import { aboutInstallation } from './installation-routes.ts';
import { aboutIssues } from './issue-routes.ts';
import { aboutLinks } from './link-routes.ts';
import type { Request, RouteContext } from './route.ts';
import { aboutSearch } from './search-routes.ts';
import { aboutUsers } from './user-routes.ts';

/** The REST interface below `/rest/api/<version>`. Answers 404 for what the product no longer has. */
export type Router = (method: string, path: string, request: Request) => Reply;

const groups = [aboutInstallation, aboutIssues, aboutComments, aboutSearch, aboutFiles, aboutLinks, aboutUsers];

export function createRouter(context: RouteContext): Router {
  const routes = groups
    .flatMap((group) => group(context))
    .map(([method, path, handler]) => ({
      method,
      pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`),
      handler,
    }));
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

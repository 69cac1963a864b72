import { type User, users } from './catalogue.ts';
import { Refusal } from './refusal.ts';
import { ok, type Request, type Route, type RouteContext } from './route.ts';

/** Data Center takes `username` and `key`, Cloud `accountId` and `query`. */
export function aboutUsers({ beans, dialect }: RouteContext): readonly Route[] {
  const isCloud = dialect.name === 'cloud';
  const shown = (found: readonly User[], { query }: Request) => {
    const startAt = Number(query.get('startAt') ?? 0);
    const most = Number(query.get('maxResults') ?? 50);
    return ok(found.slice(startAt, startAt + most).map(({ name }) => beans.user(name)));
  };
  const wanted = ({ query }: Request) => query.get(isCloud ? 'query' : 'username') ?? '';

  return [
    [
      'GET',
      '/user',
      ({ query }) => {
        const user = isCloud
          ? users.find(({ accountId }) => accountId === query.get('accountId'))
          : users.find(({ name, key }) => name === query.get('username') || key === query.get('key'));
        if (user === undefined) {
          throw new Refusal(404, [`The user named '${query.toString()}' does not exist`]);
        }
        return ok(beans.user(user.name));
      },
    ],
    [
      'GET',
      '/user/search',
      (request) =>
        shown(
          users.filter((user) => user.active && isCalled(user, wanted(request))),
          request,
        ),
    ],
    [
      'GET',
      '/user/assignable/search',
      (request) => {
        if (request.query.get('project') === null && request.query.get('issueKey') === null) {
          throw new Refusal(400, ['Either project or issueKey must be given.']);
        }

        const found = users.filter(({ active, isAssignable }) => active && isAssignable);
        return shown(
          found.filter((user) => isCalled(user, wanted(request))),
          request,
        );
      },
    ],
  ];
}

/** By the start of the user name, the address or a part of the name. */
function isCalled({ name, emailAddress, displayName }: User, start: string): boolean {
  return [name, emailAddress, ...displayName.split(' ')].some((text) =>
    text.toLowerCase().startsWith(start.toLowerCase()),
  );
}

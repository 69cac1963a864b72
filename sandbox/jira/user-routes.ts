import { users } from './catalogue.ts';
import { Refusal } from './refusal.ts';
import { ok, type Route, type RouteContext } from './route.ts';

export function aboutUsers({ beans }: RouteContext): readonly Route[] {
  return [
    [
      'GET',
      '/user',
      ({ query }) => {
        const [name, key] = [query.get('username'), query.get('key')];
        const user = users.find((each) => each.name === name || each.key === key);
        if (user === undefined) {
          throw new Refusal(404, [`The user named '${name ?? key}' does not exist`]);
        }
        return ok(beans.user(user.name));
      },
    ],
    [
      'GET',
      '/user/assignable/search',
      ({ query }) => {
        if (query.get('project') === null && query.get('issueKey') === null) {
          throw new Refusal(400, ['Either project or issueKey must be given.']);
        }

        const start = (query.get('username') ?? '').toLowerCase();
        const found = users.filter(
          ({ active, isAssignable, name, displayName, emailAddress }) =>
            active &&
            isAssignable &&
            [name, emailAddress, ...displayName.split(' ')].some((text) => text.toLowerCase().startsWith(start)),
        );
        const startAt = Number(query.get('startAt') ?? 0);
        const most = Number(query.get('maxResults') ?? 50);
        return ok(found.slice(startAt, startAt + most).map(({ name }) => beans.user(name)));
      },
    ],
  ];
}

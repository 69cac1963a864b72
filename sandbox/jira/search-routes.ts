import { search } from './jql.ts';
import { Refusal } from './refusal.ts';
import { readBody, searchBody, tokenSearchBody } from './requests.ts';
import { ok, type Route, type RouteContext } from './route.ts';
import type { Indexed } from './state.ts';

/** The search of each dialect; Cloud answers 410 where the other one's was. */
export function aboutSearch(context: RouteContext): readonly Route[] {
  return context.dialect.name === 'cloud' ? searchByToken(context) : searchByNumber(context);
}

const MOST_AT_ONCE = 1_000;

function searchByNumber({ state, beans, timeZone }: RouteContext): readonly Route[] {
  return [
    [
      'POST',
      '/search',
      ({ body }) => {
        const { jql, startAt, maxResults, fields: wanted } = readBody(body, searchBody);
        const found = search(jql, state.index(), timeZone);
        const issues = found.slice(startAt, startAt + Math.min(maxResults, MOST_AT_ONCE));
        return ok({
          startAt,
          maxResults: Math.min(maxResults, MOST_AT_ONCE),
          total: found.length,
          issues: issues.map(({ id }) => beans.issue(state.get(id), wanted)),
        });
      },
    ],
  ];
}

/** Tells no total; the token belongs to its query, and leads on even where a page came out empty. */
function searchByToken({ state, beans, timeZone }: RouteContext): readonly Route[] {
  const gone = () => {
    throw new Refusal(410, ['The requested API has been removed. Use /rest/api/3/search/jql.']);
  };
  return [
    ['GET', '/search', gone],
    ['POST', '/search', gone],
    [
      'POST',
      '/search/jql',
      ({ body }) => {
        const { jql, nextPageToken, maxResults, fields: wanted } = readBody(body, tokenSearchBody);
        demandBounds(jql);
        const startAt = nextPageToken === undefined ? 0 : readToken(nextPageToken, jql);
        const found: readonly Indexed[] = search(jql, state.index(), timeZone);
        const end = startAt + Math.min(maxResults, MOST_AT_ONCE);
        const isLast = end >= found.length;
        return ok({
          issues: found.slice(startAt, end).map(({ id }) => beans.issue(state.get(id), wanted)),
          ...(isLast ? {} : { nextPageToken: writeToken(end, jql) }),
          isLast,
        });
      },
    ],
  ];
}

function demandBounds(jql: string): void {
  if (/^\s*(order\s+by\b|$)/i.test(jql)) {
    throw new Refusal(400, ['Unbounded JQL queries are not allowed here. Add a search restriction to your query.']);
  }
}

function writeToken(at: number, jql: string): string {
  return Buffer.from(JSON.stringify({ at, jql })).toString('base64url');
}

function readToken(token: string, jql: string): number {
  try {
    const { at, jql: own } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as {
      at: number;
      jql: string;
    };
    if (own === jql) {
      return at;
    }
  } catch {
    // Refused below, like a token of another query.
  }

  throw new Refusal(400, ['The provided nextPageToken is invalid or belongs to another query.']);
}

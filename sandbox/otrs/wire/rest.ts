import type { IncomingMessage } from 'node:http';
import { type Data, isFilledList, isRecord, isSet } from '../operations/values.ts';
import type { Body } from './bodies.ts';

const routes: readonly { readonly operation: string; readonly method: string; readonly route: RegExp }[] = [
  { operation: 'SessionCreate', method: 'POST', route: /^\/Session$/ },
  { operation: 'SessionGet', method: 'GET', route: /^\/Session\/(?<SessionID>[^/]+)$/ },
  { operation: 'SessionRemove', method: 'DELETE', route: /^\/Session\/(?<SessionID>[^/]+)$/ },
  { operation: 'TicketCreate', method: 'POST', route: /^\/Ticket$/ },
  { operation: 'TicketGet', method: 'GET', route: /^\/Ticket\/(?<TicketID>[^/]+)$/ },
  { operation: 'TicketUpdate', method: 'PATCH', route: /^\/Ticket\/(?<TicketID>[^/]+)$/ },
  { operation: 'TicketHistoryGet', method: 'GET', route: /^\/TicketHistory\/(?<TicketID>[^/]+)$/ },
  { operation: 'TicketSearch', method: 'POST', route: /^\/TicketSearch$/ },
  { operation: 'LinkAdd', method: 'POST', route: /^\/TicketLink$/ },
];

/** The operation behind method and route, with the values that the route holds. */
export function findRoute(method: string | undefined, path: string) {
  const found = routes.find((each) => each.method === method && each.route.test(path));
  return found && { operation: found.operation, inRoute: found.route.exec(path)?.groups ?? {} };
}

/** What no operation can be given, and what the process that serves OTRS dies of without an answer. */
export const DEADLY = Symbol('a list in place of an object');

/** Route, query, body and header values in one bag, or the sentence that says what is wrong with the body. */
export function collect(
  request: IncomingMessage,
  url: URL,
  inRoute: Readonly<Record<string, string>>,
  { text, files }: Body,
): Data | string | typeof DEADLY {
  const inHeader = {
    SessionID: request.headers['x-otrs-header-sessionid'],
    UserLogin: request.headers['x-otrs-header-userlogin'],
    Password: request.headers['x-otrs-header-password'],
  };
  const present = Object.entries(inHeader).filter(([, value]) => value !== undefined);
  const outside = {
    ...listed(url.searchParams),
    ...Object.fromEntries(Object.entries(inRoute).map(([name, value]) => [name, decodeURIComponent(value)])),
    ...Object.fromEntries(present),
  };
  // The body of a GET is ignored.
  if (request.method === 'GET' || text === '') {
    return outside;
  }

  try {
    const inside: unknown = JSON.parse(text, (key, value) => {
      const [, number] = key === 'Content' ? (/^file:(\d+)$/.exec(String(value)) ?? []) : [];
      return files[Number(number ?? -1)] ?? value;
    });
    return isRecord(inside) ? { ...inside, ...outside } : objectionTo(inside);
  } catch {
    return 'Error while decoding request content.';
  }
}

function objectionTo(inside: unknown): string | typeof DEADLY {
  if (isFilledList(inside)) {
    return DEADLY;
  }

  return isSet(inside) ? 'Unsupported request content structure.' : 'Error while decoding request content.';
}

/** A key that is repeated has a list of values. */
function listed(query: URLSearchParams): Data {
  return Object.fromEntries(
    Array.from(new Set(query.keys()), (key) => {
      const values = query.getAll(key);
      return [key, values.length > 1 ? values : values[0]];
    }),
  );
}

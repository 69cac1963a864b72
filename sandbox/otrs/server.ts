import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DateTime } from 'luxon';
import { type Body, readBody, sendJson } from './bodies.ts';
import { type FakeAnswer, plantFaults } from './faults.ts';
import { type HookTarget, sendHooks } from './hooks.ts';
import { type Data, serveOperations } from './operations.ts';
import { renderList, renderTicket } from './page.ts';
import { keepTickets, type NewArticle, type NewTicket, type SandboxTicket } from './tickets.ts';

export interface SandboxOtrsOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly webService?: string;
  /** IANA zone of the naive times; Europe/Moscow unless given. */
  readonly timeZone?: string;
  readonly webhook?: HookTarget;
  /** Bytes of a request; the web service of the bridge says 100 million. No limit unless given. */
  readonly maxLength?: number;
  readonly now?: () => DateTime;
}

/** A help desk to try the bridge on: it answers as a real OTRS does, quirks and errors included, and people act in it. */
export interface SandboxOtrs {
  /** Goes into `base_url` of the connector. */
  readonly url: string;
  readonly timeZone: string;
  /** By a customer (`user.volga`, the default) or an agent. */
  createTicket(ticket: NewTicket): { readonly id: string; readonly number: string };
  /** By an agent unless `by` names a customer, whose articles are public. Answers with the article's id. */
  addArticle(ticketId: string, article: NewArticle): string;
  moveToQueue(ticketId: string, ticketQueue: string, by?: string): void;
  setState(ticketId: string, state: string, by?: string): void;
  setPriority(ticketId: string, priority: string, by?: string): void;
  setField(ticketId: string, dynamicField: string, value: string | number, by?: string): void;
  ticket(ticketId: string): Readonly<SandboxTicket>;
  tickets(): readonly Readonly<SandboxTicket>[];
  /** The operations that were called so far, oldest first. */
  readonly calls: readonly string[];
  /** Answers the next call with something else and executes nothing. */
  failNext(answer: FakeAnswer, times?: number): void;
  /** Executes the next call of this operation and closes the connection without an answer. */
  loseNextAnswer(operation: string): void;
  /** Leaves this dynamic field empty when it is written next, as the real one does when it loses a race for its cache. */
  loseNextFieldWrite(dynamicField: string): void;
  /** Delays every answer. */
  slow(milliseconds: number): void;
  expireSessions(): void;
  /** Refuses connections until `up`, on the same port. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Resolves when every webhook so far was taken. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const routes: readonly { readonly operation: string; readonly method: string; readonly route: RegExp }[] = [
  { operation: 'SessionCreate', method: 'POST', route: /^\/Session$/ },
  { operation: 'SessionGet', method: 'GET', route: /^\/Session\/(?<SessionID>[^/]+)$/ },
  { operation: 'TicketGet', method: 'GET', route: /^\/Ticket\/(?<TicketID>[^/]+)$/ },
  { operation: 'TicketUpdate', method: 'PATCH', route: /^\/Ticket\/(?<TicketID>[^/]+)$/ },
  { operation: 'TicketHistoryGet', method: 'GET', route: /^\/TicketHistory\/(?<TicketID>[^/]+)$/ },
  { operation: 'TicketSearch', method: 'POST', route: /^\/TicketSearch$/ },
];

const AGENT = 'petrova.2l';

export async function startSandboxOtrs(options: SandboxOtrsOptions = {}): Promise<SandboxOtrs> {
  const now = options.now ?? (() => DateTime.now());
  const timeZone = options.timeZone ?? 'Europe/Moscow';
  const hooks = sendHooks(options.webhook);
  const tickets = keepTickets(now, hooks.tell);
  const faults = plantFaults();
  const { takeFieldLoss } = faults;
  const operations = serveOperations({ tickets, now, zone: timeZone, takeFieldLoss });
  const calls: string[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    if (url.pathname === '/otrs/index.pl') {
      return send(response, 200, 'text/html; charset=utf-8', page(url.search));
    }

    const prefix = `/otrs/nph-genericinterface.pl/Webservice/${options.webService ?? 'otrs-jira-bridge'}`;
    if (!url.pathname.startsWith(`${prefix}/`)) {
      // The real one hangs up when it has no such web service.
      return request.socket.destroy();
    }

    if (Number(request.headers['content-length'] ?? 0) > (options.maxLength ?? Number.POSITIVE_INFINITY)) {
      request.resume();
      return send(response, 413, 'text/plain; charset=UTF-8', 'Request Too Large');
    }

    const body = await readBody(request);
    const path = url.pathname.slice(prefix.length);
    const found = routes.find(({ method, route }) => method === request.method && route.test(path));
    calls.push(found?.operation ?? path);
    await sleep(faults.delayMs());
    const fake = faults.takeAnswer(found?.operation ?? '', url.search);
    if (fake !== undefined) {
      return send(response, fake.status, fake.contentType ?? 'text/plain', fake.body, fake.headers);
    }

    if (found === undefined) {
      const sentence = `HTTP::REST Error while determine Operation for request URI '${path}'.`;
      return send(response, 500, 'text/plain; charset=UTF-8', sentence);
    }

    const data = collect(request, url, found.route.exec(path)?.groups ?? {}, body);
    if (typeof data === 'string') {
      return send(response, 500, 'text/plain; charset=UTF-8', data);
    }

    const result = operations.run(found.operation, data);
    return faults.takeLoss(found.operation) ? request.socket.destroy() : sendJson(response, 200, result);
  };

  const page = (search: string) => {
    const ticket = tickets.find(/TicketID=(\d+)/.exec(search)?.[1] ?? '');
    return ticket === undefined ? renderList(tickets.all()) : renderTicket(ticket, timeZone);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((thrown: unknown) => {
      if (response.headersSent) {
        response.destroy();
        return;
      }

      const faultstring = thrown instanceof Error ? thrown.message : String(thrown);
      send(response, 500, 'application/json; charset=UTF-8', JSON.stringify({ faultcode: 'Server', faultstring }));
    });
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const down = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const port = await listen(options.port ?? 0);

  return {
    url: `http://127.0.0.1:${port}/otrs`,
    timeZone,
    calls,
    createTicket(ticket) {
      const { id, number } = tickets.create(ticket);
      return { id: String(id), number };
    },
    addArticle: (id, article) => String(tickets.addArticle(id, article).id),
    moveToQueue: (id, ticketQueue, by = AGENT) => tickets.set(id, 'ticketQueue', ticketQueue, by),
    setState: (id, state, by = AGENT) => tickets.set(id, 'state', state, by),
    setPriority: (id, priority, by = AGENT) => tickets.set(id, 'priority', priority, by),
    setField: (id, name, value, by = AGENT) => tickets.setField(id, name, value, by),
    ticket: tickets.get,
    tickets: tickets.all,
    failNext: faults.failNext,
    loseNextAnswer: faults.loseNextAnswer,
    loseNextFieldWrite: faults.loseNextFieldWrite,
    slow: faults.slow,
    expireSessions: operations.expireSessions,
    down,
    async up() {
      await listen(port);
    },
    settled: hooks.settled,
    async stop() {
      await hooks.stop();
      await down();
    },
  };
}

/** Route, query, body and header values in one bag, or the sentence that says what is wrong with the body. */
function collect(
  request: IncomingMessage,
  url: URL,
  inRoute: Readonly<Record<string, string>>,
  { text, files }: Body,
): Data | string {
  const inHeader = {
    SessionID: request.headers['x-otrs-header-sessionid'],
    UserLogin: request.headers['x-otrs-header-userlogin'],
    Password: request.headers['x-otrs-header-password'],
  };
  const present = Object.entries(inHeader).filter(([, value]) => value !== undefined);
  const outside = {
    ...Object.fromEntries(url.searchParams),
    ...Object.fromEntries(Object.entries(inRoute).map(([name, value]) => [name, decodeURIComponent(value)])),
    ...Object.fromEntries(present),
  };
  // The body of a GET is ignored.
  if (request.method === 'GET' || text === '') {
    return outside;
  }

  try {
    const inside: object = JSON.parse(text, (key, value) => {
      const [, number] = key === 'Content' ? (/^file:(\d+)$/.exec(String(value)) ?? []) : [];
      return files[Number(number ?? -1)] ?? value;
    });
    return Object.keys(inside).length === 0 ? 'Unsupported request content structure.' : { ...inside, ...outside };
  } catch {
    return 'Error while decoding request content.';
  }
}

function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body), ...headers });
  response.end(body);
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DateTime } from 'luxon';
import { JSON_FILES, readBody, sendAnswer, toJson, XML_FILES } from './bodies.ts';
import { type FakeAnswer, plantFaults } from './faults.ts';
import { type HookTarget, sendHooks } from './hooks.ts';
import type { SandboxLink } from './links.ts';
import { serveOperations } from './operations.ts';
import { renderList, renderTicket } from './page.ts';
import { collect, findRoute } from './rest.ts';
import { readEnvelope, SoapRefusal, toAnswer, toFault } from './soap.ts';
import { keepTickets, type NewArticle, type NewTicket, type SandboxTicket } from './tickets.ts';

export interface SandboxOtrsOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Serves REST; its name with `-soap` behind it serves SOAP. */
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
  setService(ticketId: string, service: string, by?: string): void;
  setOwner(ticketId: string, owner: string, by?: string): void;
  setField(ticketId: string, dynamicField: string, value: string | number, by?: string): void;
  ticket(ticketId: string): Readonly<SandboxTicket>;
  tickets(): readonly Readonly<SandboxTicket>[];
  /** Links between tickets; the sandbox has the add-on package installed. */
  readonly links: readonly SandboxLink[];
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

const AGENT = 'petrova.2l';
const PLAIN = 'text/plain; charset=UTF-8';
/** REST keeps connections alive, SOAP does not. */
const CLOSE = { Connection: 'close' };

export async function startSandboxOtrs(options: SandboxOtrsOptions = {}): Promise<SandboxOtrs> {
  const now = options.now ?? (() => DateTime.now());
  const timeZone = options.timeZone ?? 'Europe/Moscow';
  const hooks = sendHooks(options.webhook);
  const tickets = keepTickets(now, hooks.tell);
  const faults = plantFaults();
  const { takeFieldLoss } = faults;
  const operations = serveOperations({ tickets, now, zone: timeZone, takeFieldLoss });
  const calls: string[] = [];
  const webService = options.webService ?? 'otrs-jira-bridge';

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    if (url.pathname === '/otrs/index.pl') {
      return send(response, 200, 'text/html; charset=utf-8', page(url.search));
    }

    const [, name = '', path = ''] =
      /^\/otrs\/nph-genericinterface\.pl\/Webservice\/([^/]+)(.*)$/.exec(url.pathname) ?? [];
    const isSoap = name === `${webService}-soap`;
    if (name !== webService && !isSoap) {
      // The real one hangs up when it has no such web service.
      return request.socket.destroy();
    }

    const length = Number(request.headers['content-length'] ?? 0);
    if (isSoap && length === 0) {
      return send(response, 411, PLAIN, 'Length Required', CLOSE);
    }

    if (length > (options.maxLength ?? Number.POSITIVE_INFINITY)) {
      request.resume();
      return send(response, 413, PLAIN, 'Request Too Large');
    }

    return isSoap ? answerSoap(request, response) : answerRest(request, response, url, path);
  };

  const answerRest = async (request: IncomingMessage, response: ServerResponse, url: URL, path: string) => {
    const body = await readBody(request, JSON_FILES);
    const found = findRoute(request.method, path);
    calls.push(found?.operation ?? path);
    await sleep(faults.delayMs());
    const fake = faults.takeAnswer(found?.operation ?? '', url.search);
    if (fake !== undefined) {
      const text = fake.result === undefined ? (fake.body ?? '') : JSON.stringify(fake.result);
      return send(response, fake.status, fake.contentType ?? 'text/plain', text, fake.headers);
    }

    if (found === undefined) {
      const sentence = `HTTP::REST Error while determine Operation for request URI '${path}'.`;
      return send(response, 500, PLAIN, sentence);
    }

    const data = collect(request, url, found.inRoute, body);
    if (typeof data === 'string') {
      return send(response, 500, PLAIN, data);
    }

    try {
      const result = toJson(operations.run(found.operation, data));
      return faults.takeLoss(found.operation)
        ? request.socket.destroy()
        : await sendAnswer(response, 200, { 'Content-Type': 'application/json; charset=UTF-8' }, result);
    } catch (thrown) {
      const fault = toJson({ faultcode: 'Server', faultstring: sentenceOf(thrown) });
      return sendAnswer(response, 500, { 'Content-Type': 'application/json; charset=UTF-8' }, fault);
    }
  };

  const answerSoap = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request, XML_FILES);
    try {
      const { operation, data } = readEnvelope(String(request.headers.soapaction ?? ''), body);
      calls.push(operation);
      await sleep(faults.delayMs());
      const fake = faults.takeAnswer(operation, queryOf(data));
      if (fake !== undefined && fake.result === undefined) {
        return send(response, fake.status, fake.contentType ?? 'text/plain', fake.body ?? '', {
          ...CLOSE,
          ...fake.headers,
        });
      }

      const result = toAnswer(operation, fake?.result ?? operations.run(operation, data));
      const [, type = 'text/xml'] = /^(.+);\s*charset=/i.exec(request.headers['content-type'] ?? '') ?? [];
      return fake === undefined && faults.takeLoss(operation)
        ? request.socket.destroy()
        : await sendAnswer(
            response,
            fake?.status ?? 200,
            { 'Content-Type': `${type}; charset=UTF-8`, ...CLOSE },
            result,
          );
    } catch (thrown) {
      return thrown instanceof SoapRefusal && thrown.isPlain
        ? send(response, 500, PLAIN, thrown.message, CLOSE)
        : sendAnswer(response, 500, { 'Content-Type': PLAIN, ...CLOSE }, toFault(sentenceOf(thrown)));
    }
  };

  const page = (search: string) => {
    const ticket = tickets.find(/TicketID=(\d+)/.exec(search)?.[1] ?? '');
    return ticket === undefined ? renderList(tickets.all()) : renderTicket(ticket, timeZone);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
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
    links: operations.links,
    calls,
    createTicket(ticket) {
      const { id, number } = tickets.create(ticket);
      return { id: String(id), number };
    },
    addArticle: (id, article) => String(tickets.addArticle(id, article).id),
    moveToQueue: (id, ticketQueue, by = AGENT) => tickets.set(id, 'ticketQueue', ticketQueue, by),
    setState: (id, state, by = AGENT) => tickets.set(id, 'state', state, by),
    setPriority: (id, priority, by = AGENT) => tickets.set(id, 'priority', priority, by),
    setService: (id, service, by = AGENT) => tickets.set(id, 'service', service, by),
    setOwner: (id, owner, by = AGENT) => tickets.setOwner(id, owner, by),
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

/** What a request asks for, as the query of the same request over REST would say it. */
function queryOf(data: object): string {
  return Object.entries(data)
    .map(([name, value]) => `&${name}=${value}`)
    .join('');
}

function sentenceOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
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

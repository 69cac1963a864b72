import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { DateTime } from 'luxon';
import { startServer } from '../servers/http-server.ts';
import { type HookTarget, sendHooks } from './hooks.ts';
import { keepTickets, Refusal, type SandboxTicket, type Tickets } from './tickets.ts';

export interface SandboxTicketsOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly webhook?: HookTarget;
  readonly now?: () => DateTime;
}

/** A ticket system with the interface that connectors/http-tickets/README.md describes; people act in it through `desk`. */
export interface SandboxTickets {
  /** Goes into `base_url`. */
  readonly url: string;
  readonly desk: Tickets;
  /** The calls so far, e.g. `POST /tickets`. */
  readonly calls: readonly string[];
  /** Does the next call that begins so and closes the connection without an answer. */
  loseNextAnswer(call: string): void;
  /** Answers the next call with something else and does nothing. */
  answerNext(status: number, body: string, headers?: Readonly<Record<string, string>>): void;
  /** Whether changes are told by webhooks from now on. */
  turnHooks(state: 'on' | 'off'): void;
  /** Refuses connections until `up`, on the same port. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Resolves when every webhook so far was taken. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Accounts by their tokens: that of the bridge, and a person of the support. */
const accounts: Readonly<Record<string, string>> = { 'sandbox-token': 'bridge', 'person-token': 'orlova' };

/** Tickets on a page of a list. */
const PAGE = 50;

export async function startSandboxTickets(options: SandboxTicketsOptions = {}): Promise<SandboxTickets> {
  const { now = () => DateTime.now() } = options;
  const hooks = sendHooks(options.webhook);
  const desk = keepTickets(now, hooks.tell);
  const calls: string[] = [];
  const lost: string[] = [];
  const strange: { status: number; body: string; headers: Readonly<Record<string, string>> }[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://sandbox');
    const call = `${request.method} ${pathname}`;
    calls.push(call);
    const body = await textOf(request);
    const instead = strange.shift();
    if (instead !== undefined) {
      response.writeHead(instead.status, instead.headers).end(instead.body);
      return;
    }
    const by = accounts[request.headers.authorization?.replace(/^Bearer /, '') ?? ''];
    const asked = { call, query: searchParams, body, by: by ?? '', now: now() };
    const [status, content] = by === undefined ? [401, { error: 'unknown token' }] : serve(asked, desk);
    const loss = lost.findIndex((each) => call.startsWith(each));
    if (loss >= 0) {
      lost.splice(loss, 1);
      response.destroy();
      return;
    }
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(content));
  };

  const { port, down, up } = await startServer(options.port ?? 0, answer);

  return {
    url: `http://127.0.0.1:${port}`,
    desk,
    calls,
    loseNextAnswer: (call) => lost.push(call),
    answerNext: (status, body, headers = {}) => strange.push({ status, body, headers }),
    turnHooks: hooks.turn,
    down,
    up,
    settled: hooks.settled,
    stop: async () => {
      await hooks.stop();
      await down();
    },
  };
}

interface Asked {
  /** Method and path. */
  readonly call: string;
  readonly query: URLSearchParams;
  readonly body: string;
  /** Login of the account. */
  readonly by: string;
  readonly now: DateTime;
}

/** Status and content of an answer. */
function serve({ call, query, body, by, now }: Asked, desk: Tickets): readonly [number, object] {
  try {
    const sent = body === '' ? {} : JSON.parse(body);
    const [, id = '', below = ''] = /^\w+ \/tickets\/([^/]+)(\/comments)?$/.exec(call) ?? [];
    switch (id === '' ? call : `${call.split(' ', 1)[0]} /tickets/:id${below}`) {
      case 'GET /about':
        return [200, desk.about];
      case 'GET /tickets':
        return [200, list(query, desk, now)];
      case 'POST /tickets':
        return [201, desk.open(sent, by)];
      case 'GET /tickets/:id':
        return [200, desk.ticket(decodeURIComponent(id))];
      case 'PATCH /tickets/:id':
        return [200, desk.change(decodeURIComponent(id), sent, by)];
      case 'POST /tickets/:id/comments':
        return [201, desk.comment(decodeURIComponent(id), sent, by)];
      default:
        return [404, { error: `there is no ${call}` }];
    }
  } catch (thrown) {
    return thrown instanceof Refusal ? [thrown.status, { error: thrown.message }] : [400, { error: String(thrown) }];
  }
}

/** By number, by mark, or what changed since a moment, oldest first and page by page. */
function list(query: URLSearchParams, desk: Tickets, now: DateTime): object {
  const [number, mark, since, after] = ['number', 'mark', 'changed_since', 'after'].map((name) => query.get(name));
  const place = ({ changed_at, id }: SandboxTicket) => `${changed_at.slice(0, 23)} ${id.padStart(9, '0')}`;
  const hits = desk
    .all()
    .filter(
      (ticket) =>
        (typeof number !== 'string' || ticket.number === number) &&
        (typeof mark !== 'string' || ticket.mark === mark) &&
        (typeof since !== 'string' || DateTime.fromISO(ticket.changed_at) >= DateTime.fromISO(since)) &&
        (typeof after !== 'string' || place(ticket) > after),
    )
    .toSorted((left, right) => (place(left) < place(right) ? -1 : 1));
  const last = hits[PAGE - 1];
  return {
    as_of: now.toUTC().toISO(),
    tickets: hits.slice(0, PAGE),
    next: last !== undefined && hits.length > PAGE ? place(last) : null,
  };
}

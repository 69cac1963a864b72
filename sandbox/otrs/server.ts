import type { IncomingMessage, ServerResponse } from 'node:http';
import { DateTime } from 'luxon';
import { startServer } from '../servers/http-server.ts';
import { letPeopleIn, type People } from './desk/people.ts';
import { keepTickets } from './desk/tickets.ts';
import { type FakeAnswer, plantFaults } from './faults.ts';
import { type HookTarget, sendHooks } from './hooks/hooks.ts';
import type { HookShape } from './hooks/shapes.ts';
import type { SandboxLink } from './operations/link-add.ts';
import { serveOperations } from './operations/operations.ts';
import { renderList, renderTicket } from './page.ts';
import { send, serveWebServices } from './wire/web-service.ts';

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
export interface SandboxOtrs extends People {
  /** Goes into `base_url` of the connector. */
  readonly url: string;
  readonly timeZone: string;
  /** Links between tickets; the sandbox has the add-on package installed. */
  readonly links: readonly SandboxLink[];
  /** The operations that were called so far, oldest first. */
  readonly calls: readonly string[];
  /** Bytes of all answers so far, as they went over the wire. */
  readonly sentBytes: number;
  /** Answers the next call with something else and executes nothing. */
  failNext(answer: FakeAnswer, times?: number): void;
  /** Executes the next call of this operation and closes the connection without an answer. */
  loseNextAnswer(operation: string): void;
  /** Leaves this dynamic field empty when it is written next, as the real one does when it loses a race for its cache. */
  loseNextFieldWrite(dynamicField: string): void;
  /** Delays every answer, or each by its operation. */
  slow(milliseconds: number | ((operation: string) => number)): void;
  expireSessions(): void;
  /** Refuses connections until `up`, on the same port. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** What webhooks look like from now on. */
  shapeWebhooks(shape: HookShape): void;
  /** Resolves when every webhook so far was taken. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSandboxOtrs(options: SandboxOtrsOptions = {}): Promise<SandboxOtrs> {
  const now = options.now ?? (() => DateTime.now());
  const zone = options.timeZone ?? 'Europe/Moscow';
  const hooks = sendHooks(options.webhook, () => ({ zone, now: now() }));
  const tickets = keepTickets({ now, zone, tell: hooks.tell });
  const faults = plantFaults();
  const operations = serveOperations({ tickets, now, zone, takeFieldLoss: faults.takeFieldLoss });
  const calls: string[] = [];
  const answerCall = serveWebServices({
    name: options.webService ?? 'otrs-jira-bridge',
    maxLength: options.maxLength ?? Number.POSITIVE_INFINITY,
    run: operations.run,
    faults,
    called: (operation) => calls.push(operation),
  });

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://sandbox');
    if (pathname !== '/otrs/index.pl') {
      return answerCall(request, response);
    }

    const ticket = tickets.find(/TicketID=(\d+)/.exec(search)?.[1] ?? '');
    const page = ticket === undefined ? renderList(tickets.all()) : renderTicket(ticket, zone);
    return send(response, 200, 'text/html; charset=utf-8', page);
  };

  const { port, sockets, down, up } = await startServer(options.port ?? 0, answer);

  return {
    ...letPeopleIn(tickets, now),
    url: `http://127.0.0.1:${port}/otrs`,
    timeZone: zone,
    links: operations.links,
    calls,
    get sentBytes() {
      return sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
    },
    failNext: faults.failNext,
    loseNextAnswer: faults.loseNextAnswer,
    loseNextFieldWrite: faults.loseNextFieldWrite,
    slow: faults.slow,
    expireSessions: operations.expireSessions,
    down,
    up,
    shapeWebhooks: hooks.shapeAs,
    settled: hooks.settled,
    async stop() {
      await hooks.stop();
      await down();
    },
  };
}

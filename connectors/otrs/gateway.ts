import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { isAxiosError } from 'axios';
import type { ZodType } from 'zod';
import { takeTurns } from '../turns.ts';
import { type Call, ofErrorCode, ofGivenUp, ofLostAnswer, ofStatus, ofUnreadable } from './failure.ts';
import type { OperationName, OtrsOptions } from './options.ts';
import { failure } from './wire.ts';

/** One call of an operation of the web service. */
export interface Request extends Call {
  readonly operation: OperationName;
  /** Values for the `:Name` parts of the route. */
  readonly path?: Readonly<Record<string, string>>;
  /** Goes into the query of a GET and into the body of everything else. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Travels in a header, so that it never lands in the access log. */
  readonly sessionId?: string;
}

export interface Gateway {
  /** The checked answer. Throws a `BridgeError`; an error that OTRS reports with HTTP 200 is thrown as well. */
  send<Answer>(request: Request, shape: ZodType<Answer>, signal: AbortSignal): Promise<Answer>;
  close(): void;
}

/** Bytes. The largest answer is a ticket with all its articles, whose files are never fetched with it. */
const MAX_ANSWER = 64 * 1024 * 1024;

export function openGateway(options: OtrsOptions): Gateway {
  const agents = {
    httpAgent: new HttpAgent({ keepAlive: true, maxSockets: options.concurrency }),
    httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: options.concurrency }),
  };
  const client = axios.create({
    ...agents,
    maxRedirects: 0,
    maxContentLength: MAX_ANSWER,
    proxy: false,
    responseType: 'text',
    transformResponse: [],
    validateStatus: () => true,
  });
  // The turn is taken before the clock of the time-out starts, so that waiting for a socket is no time-out.
  const inTurn = takeTurns(options.concurrency);

  const exchange = async (request: Request, signal: AbortSignal) => {
    const attempt = () => withTimeout(options.timeout_seconds, signal, (bounded) => client(toAxios(request, bounded)));
    try {
      return await attempt();
    } catch (thrown) {
      if (request.effect === 'read' && hitStaleSocket(thrown)) {
        return await attempt();
      }
      throw thrown;
    }
  };

  const toAxios = (request: Request, signal: AbortSignal) => {
    const { method, route } = options.operations[request.operation];
    const path = route.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(request.path?.[name] ?? '-'));
    const service = encodeURIComponent(options.web_service);
    const url = `${options.base_url}/nph-genericinterface.pl/Webservice/${service}${path}`;
    return {
      method,
      signal,
      url: method === 'GET' ? `${url}${toQuery(request.data)}` : url,
      ...(method === 'GET' ? {} : { data: JSON.stringify(request.data ?? {}) }),
      headers: {
        ...(method === 'GET' ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
        ...(request.sessionId === undefined ? {} : { 'X-OTRS-Header-SessionID': request.sessionId }),
      },
    };
  };

  return {
    async send(request, shape, signal) {
      let begun = false;
      const answer = await inTurn(() => {
        signal.throwIfAborted();
        begun = true;
        return exchange(request, signal);
      }, signal).catch((thrown: unknown) => {
        throw begun ? ofLostAnswer(request, thrown, options.web_service) : ofGivenUp(request);
      });
      const body = String(answer.data ?? '');
      if (answer.status < 200 || answer.status > 299) {
        throw ofStatus(request, answer.status, body, answer.headers);
      }

      return readAnswer(request, body, shape);
    },
    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

function readAnswer<Answer>(request: Request, body: string, shape: ZodType<Answer>): Answer {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw ofUnreadable(request, body, 'with something that is not JSON');
  }

  const failed = failure.safeParse(json);
  if (failed.success) {
    throw ofErrorCode(request, failed.data.Error.ErrorCode, failed.data.Error.ErrorMessage);
  }

  const answer = shape.safeParse(json);
  if (!answer.success) {
    const [issue] = answer.error.issues;
    throw ofUnreadable(request, body, `with JSON of another shape (${issue?.path.join('.')}: ${issue?.message})`);
  }

  return answer.data;
}

/** Ends the call when the signal or the time says so; the time bounds the whole exchange. */
async function withTimeout<Result>(
  seconds: number,
  signal: AbortSignal,
  call: (bounded: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    controller.abort();
  }, seconds * 1_000);
  try {
    return await call(controller.signal);
  } catch (thrown) {
    throw isLate ? new Error(`nothing for ${seconds} s`, { cause: thrown }) : thrown;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** The server closed a kept-alive connection at the very moment it was used again: nobody read the request. */
function hitStaleSocket(thrown: unknown): boolean {
  const request: unknown = isAxiosError(thrown) ? thrown.request : undefined;
  return (
    isAxiosError(thrown) &&
    thrown.code === 'ECONNRESET' &&
    typeof request === 'object' &&
    request !== null &&
    'reusedSocket' in request &&
    request.reusedSocket === true
  );
}

function toQuery(data: Request['data']): string {
  const query = new URLSearchParams(Object.entries(data ?? {}).map(([name, value]) => [name, String(value)]));
  return query.size === 0 ? '' : `?${query}`;
}

import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import axios, { type AxiosInstance, type AxiosRequestConfig, isAxiosError } from 'axios';
import type { ZodType } from 'zod';
import { BridgeError } from '../../src/errors.ts';
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
  /** Goes into the body instead of `data`, as it is read. */
  readonly body?: { readonly length: number; open(): Readable };
  /** Bytes of files that travel with the call or its answer; they lengthen its time-out. */
  readonly bytes?: number;
  /** Travels in a header, so that it never lands in the access log. */
  readonly sessionId?: string;
}

export interface Gateway {
  /** The checked answer. Throws a `BridgeError`; an error that OTRS reports with HTTP 200 is thrown as well. */
  send<Answer>(request: Request, shape: ZodType<Answer>, signal: AbortSignal): Promise<Answer>;
  /** Like `send`, for an answer that is too large to be held: `read` takes it as it comes. */
  receive<Answer>(
    request: Request,
    read: (body: AsyncIterable<Buffer>) => Promise<Answer>,
    signal: AbortSignal,
  ): Promise<Answer>;
  close(): void;
}

/** Bytes. The largest answer that is held is a ticket with all its articles; files come through `receive`. */
const MAX_ANSWER = 64 * 1024 * 1024;

export function openGateway(options: OtrsOptions): Gateway {
  const agents = {
    httpAgent: new HttpAgent({ keepAlive: true, maxSockets: options.concurrency }),
    httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: options.concurrency }),
  };
  const client = createClient(agents);
  // The turn is taken before the clock of the time-out starts, so that waiting for a socket is no time-out.
  const inTurn = takeTurns(options.concurrency);
  // Files take long: some turns stay for everything else.
  const inTurnOfFiles = takeTurns(Math.max(1, Math.floor(options.concurrency / 2)));

  const turn = <Result>(request: Request, task: () => Promise<Result>, signal: AbortSignal) =>
    request.bytes === undefined ? inTurn(task, signal) : inTurnOfFiles(() => inTurn(task, signal), signal);

  const secondsFor = ({ bytes = 0 }: Request) =>
    options.timeout_seconds + bytes / (options.file_kilobytes_per_second * 1024);

  const exchange = async <Result>(
    request: Request,
    signal: AbortSignal,
    once: (bounded: AbortSignal) => Promise<Result>,
  ) => {
    const attempt = () => withTimeout(secondsFor(request), signal, once);
    try {
      return await attempt();
    } catch (thrown) {
      if (request.effect === 'read' && hitStaleSocket(thrown)) {
        return await attempt();
      }
      throw thrown;
    }
  };

  /** Throws what `once` throws, or what became of the call where it brought no answer. */
  const call = async <Result>(
    request: Request,
    signal: AbortSignal,
    once: (bounded: AbortSignal) => Promise<Result>,
  ) => {
    let begun = false;
    try {
      return await turn(
        request,
        () => {
          signal.throwIfAborted();
          begun = true;
          return exchange(request, signal, once);
        },
        signal,
      );
    } catch (thrown) {
      if (thrown instanceof BridgeError) {
        throw thrown;
      }
      throw begun ? ofLostAnswer(request, thrown, options.web_service) : ofGivenUp(request);
    }
  };

  return {
    async send(request, shape, signal) {
      const answer = await call(request, signal, (bounded) => client(toAxios(request, options, bounded)));
      const body = String(answer.data ?? '');
      if (answer.status < 200 || answer.status > 299) {
        throw ofStatus(request, answer.status, body, answer.headers);
      }

      return readAnswer(request, body, shape);
    },

    receive: (request, read, signal) =>
      call(request, signal, async (bounded) => {
        const config = toAxios(request, options, bounded);
        const answer = await client<Readable>({ ...config, responseType: 'stream', maxContentLength: -1 });
        if (answer.status < 200 || answer.status > 299) {
          throw ofStatus(request, answer.status, await beginningOf(answer.data), answer.headers);
        }

        return await read(answer.data);
      }),

    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

function createClient(agents: Pick<AxiosRequestConfig, 'httpAgent' | 'httpsAgent'>): AxiosInstance {
  return axios.create({
    ...agents,
    maxRedirects: 0,
    maxContentLength: MAX_ANSWER,
    proxy: false,
    responseType: 'text',
    transformResponse: [],
    validateStatus: () => true,
  });
}

function toAxios(request: Request, options: OtrsOptions, signal: AbortSignal) {
  const { method, route } = operationOf(request, options);
  const path = route.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(request.path?.[name] ?? '-'));
  const service = encodeURIComponent(options.web_service);
  const url = `${options.base_url}/nph-genericinterface.pl/Webservice/${service}${path}`;
  return {
    method,
    signal,
    url: method === 'GET' ? `${url}${toQuery(request.data)}` : url,
    ...(method === 'GET' ? {} : { data: request.body?.open() ?? JSON.stringify(request.data ?? {}) }),
    headers: {
      ...(request.body === undefined ? {} : { 'Content-Length': request.body.length }),
      ...(method === 'GET' ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
      ...(request.sessionId === undefined ? {} : { 'X-OTRS-Header-SessionID': request.sessionId }),
    },
  };
}

function operationOf({ operation, purpose }: Request, { operations }: OtrsOptions) {
  const configured = operations[operation];
  if (configured === undefined) {
    throw new BridgeError('REFUSED', `OTRS cannot ${purpose}: \`operations.${operation}\` is not configured`);
  }

  return configured;
}

/** Characters of an answer that is an error. */
const BEGINNING = 4_096;

async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    text += chunk.toString('utf8');
    if (text.length > BEGINNING) {
      break;
    }
  }
  return text;
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

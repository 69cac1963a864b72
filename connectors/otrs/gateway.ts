import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import axios, { type AxiosInstance, type AxiosRequestConfig, type AxiosResponse, isAxiosError } from 'axios';
import type { ZodType } from 'zod';
import { BridgeError } from '../../src/errors.ts';
import { type Asked, type Course, type Watchers, watchExchanges, withCallHeaders } from '../exchange.ts';
import { mostAtOnce, openLanes } from '../turns.ts';
import type { DocumentReader, Scan } from './document.ts';
import { ofErrorCode, ofGivenUp, ofLostAnswer, ofStatus, ofUnreadable } from './failure.ts';
import type { OtrsOptions } from './options.ts';
import { speakRest } from './rest.ts';
import { speakSoap } from './soap/soap.ts';
import type { Outgoing, Request, Transport } from './transport.ts';
import { failure } from './wire.ts';

export interface Gateway {
  /** The checked answer. Throws a `BridgeError`; an error that OTRS reports with HTTP 200 is thrown as well. */
  send<Answer>(request: Request, shape: ZodType<Answer>, signal: AbortSignal): Promise<Answer>;
  /** Like `send`, for an answer that is too large to be held: `read` scans it as it comes. */
  receive<Answer>(request: Request, read: (scan: Scan) => Promise<Answer>, signal: AbortSignal): Promise<Answer>;
  close(): void;
}

/** Bytes. The largest answer that is held is a ticket with all its articles; files come through `receive`. */
const MAX_ANSWER = 64 * 1024 * 1024;

/** The one place that bounds calls, whatever the transport: turns, time-outs, lost answers. */
export function openGateway(options: OtrsOptions, watchers?: Watchers): Gateway {
  const transport = options.transport === 'soap' ? speakSoap(options) : speakRest(options);
  const agents = {
    httpAgent: new HttpAgent({ keepAlive: true, maxSockets: mostAtOnce(options.concurrency) }),
    httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: mostAtOnce(options.concurrency) }),
  };
  const client = withCallHeaders(createClient(agents), watchers);
  const watch = watchExchanges(watchers);
  const call = boundCalls(options);

  const failureOf = async (request: Request, { status, headers }: AxiosResponse, body: string) =>
    ofStatus(request, { status, headers, body, fault: await transport.faultOf(body) });

  return {
    async send(request, shape, signal) {
      const outgoing = await transport.write(request);
      return watch(askedOf(request, outgoing), async (course) => {
        const answer = await call(request, signal, (bounded) => client<Buffer>(toAxios(outgoing, bounded)), course);
        course.answered(answer.status);
        if (answer.status < 200 || answer.status > 299) {
          throw await failureOf(request, answer, answer.data.toString('utf8', 0, BEGINNING));
        }

        return readAnswer(transport, request, answer.data, shape);
      });
    },

    async receive(request, read, signal) {
      const outgoing = await transport.write(request);
      return watch(askedOf(request, outgoing), (course) => {
        const once = async (bounded: AbortSignal) => {
          const config = toAxios(outgoing, bounded);
          const answer = await client<Readable>({ ...config, responseType: 'stream', maxContentLength: -1 });
          course.answered(answer.status);
          if (answer.status < 200 || answer.status > 299) {
            throw await failureOf(request, answer, await beginningOf(answer.data));
          }

          return await read((reader) => scanAnswer(transport, request, answer.data, reader));
        };
        return call(request, signal, once, course);
      });
    },

    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

/** Gives each call its turn and its time, and says what became of one that brought no answer. */
function boundCalls(options: OtrsOptions) {
  // The turn is taken before the clock of the time-out starts, so that waiting for a socket is no time-out.
  const { inTurn, inTurnOfFiles } = openLanes(options.concurrency);

  const turn = <Result>(request: Request, task: () => Promise<Result>, signal: AbortSignal) =>
    request.bytes === undefined ? inTurn(task, signal) : inTurnOfFiles(task, signal);

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
  return async <Result>(
    request: Request,
    signal: AbortSignal,
    once: (bounded: AbortSignal) => Promise<Result>,
    course: Course,
  ) => {
    let begun = false;
    try {
      return await turn(
        request,
        () => {
          signal.throwIfAborted();
          begun = true;
          course.begin();
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
}

/** Without the session, which stands in the query or in a header. */
function askedOf({ effect, path, data }: Request, { method, url }: Outgoing): Asked {
  return { method, path: new URL(url).pathname, effect, request: { ...path, ...data } };
}

function createClient(agents: Pick<AxiosRequestConfig, 'httpAgent' | 'httpsAgent'>): AxiosInstance {
  return axios.create({
    ...agents,
    maxRedirects: 0,
    maxContentLength: MAX_ANSWER,
    proxy: false,
    responseType: 'arraybuffer',
    transformResponse: [],
    validateStatus: () => true,
  });
}

function toAxios({ method, url, headers, body }: Outgoing, signal: AbortSignal): AxiosRequestConfig {
  return {
    method,
    url,
    signal,
    headers: { ...headers, ...(body === undefined ? {} : { 'Content-Length': body.length }) },
    ...(body === undefined ? {} : { data: body.open() }),
  };
}

/** Bytes of an answer that are kept where it is an error. */
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

async function readAnswer<Answer>(
  transport: Transport,
  request: Request,
  body: Buffer,
  shape: ZodType<Answer>,
): Promise<Answer> {
  const beginning = body.toString('utf8', 0, BEGINNING);
  let data: unknown;
  try {
    data = await transport.read(body);
  } catch (thrown) {
    throw thrown instanceof SyntaxError ? notOf(transport, request, beginning, thrown) : thrown;
  }

  const refused = failure.safeParse(data);
  if (refused.success) {
    throw ofErrorCode(request, refused.data.Error.ErrorCode, refused.data.Error.ErrorMessage);
  }

  const answer = shape.safeParse(data);
  if (!answer.success) {
    const [issue] = answer.error.issues;
    const reason = `with ${transport.format} of another shape (${issue?.path.join('.')}: ${issue?.message})`;
    throw ofUnreadable(request, beginning, reason);
  }

  return answer.data;
}

async function scanAnswer(
  transport: Transport,
  request: Request,
  body: AsyncIterable<Buffer>,
  reader: DocumentReader,
): Promise<void> {
  let beginning = '';
  const noting = async function* () {
    for await (const chunk of body) {
      beginning ||= chunk.toString('utf8', 0, BEGINNING);
      yield chunk;
    }
  };
  await transport.scan(noting(), reader).catch((thrown: unknown) => {
    throw thrown instanceof SyntaxError ? notOf(transport, request, beginning, thrown) : thrown;
  });
}

function notOf({ format }: Transport, request: Request, beginning: string, { message }: SyntaxError): BridgeError {
  return ofUnreadable(request, beginning, `with something that is not ${format}: ${message}`);
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

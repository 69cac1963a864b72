import axios, { type AxiosResponse, isAxiosError } from 'axios';
import type { ZodType } from 'zod';
import { BridgeError, type BridgeErrorOptions } from '../../src/errors.ts';
import { type Course, type Watchers, watchExchanges, withCallHeaders } from '../exchange.ts';
import type { HttpTicketsOptions } from './options.ts';

export interface Call<Result> {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below `base_url`, its parts encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly shape: ZodType<Result>;
  readonly signal: AbortSignal;
}

/** Sends one call and repeats none. Throws a `BridgeError` for everything but an answer of the promised shape. */
export type Send = <Result>(call: Call<Result>) => Promise<Result>;

const LARGEST_ANSWER_BYTES = 32 * 1024 * 1024;

/** Codes of a connection that never came about, so that the call surely had no effect. */
const UNSENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

export function createGateway({ base_url, token, timeout_seconds }: HttpTicketsOptions, watchers?: Watchers): Send {
  const client = axios.create({
    baseURL: base_url,
    headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' },
    // Variables of the environment lead no call through a proxy, as with the other systems.
    proxy: false,
    maxRedirects: 0,
    maxContentLength: LARGEST_ANSWER_BYTES,
    responseType: 'text',
    transformResponse: [(data) => data],
    validateStatus: () => true,
  });

  withCallHeaders(client, watchers);
  const watch = watchExchanges(watchers);
  return (call) => {
    const { method, path, body: request } = call;
    const effect = method === 'GET' ? 'read' : 'write';
    return watch({ method, path, effect, ...(request === undefined ? {} : { request }) }, (course) =>
      send(call, course),
    );
  };

  async function send<Result>(
    { method, path, query, body, shape, signal }: Call<Result>,
    course: Course,
  ): Promise<Result> {
    const what = `${method} ${path}`;
    const isWrite = method !== 'GET';
    if (signal.aborted) {
      throw new BridgeError('SYSTEM_UNREACHABLE', `${what} was given up before it was sent`);
    }

    course.begin();
    const within = AbortSignal.any([signal, AbortSignal.timeout(timeout_seconds * 1_000)]);
    const answer = await client
      .request<string>({ method, url: path, params: query, data: body, signal: within })
      .catch((thrown: unknown) => {
        throw ofNoAnswer(what, isWrite, thrown);
      });
    course.answered(answer.status);
    const content = parse(answer.data);
    if (answer.status < 200 || answer.status >= 300) {
      throw ofStatus(what, isWrite, answer, content);
    }

    const checked = shape.safeParse(content);
    if (!checked.success) {
      const [fault] = checked.error.issues;
      const place = fault === undefined ? '' : `${fault.path.join('.')}: ${fault.message}`;
      throw new BridgeError(
        'ANSWER_UNREADABLE',
        `${what} was answered in a shape that it has not: ${place}`,
        inDoubt(isWrite),
      );
    }

    return checked.data;
  }
}

/** A write that was not answered may have been done all the same. */
function ofNoAnswer(what: string, isWrite: boolean, cause: unknown): BridgeError {
  const code = isAxiosError(cause) ? (cause.code ?? cause.message) : String(cause);
  return isWrite && !UNSENT.includes(code)
    ? new BridgeError('OUTCOME_UNKNOWN', `${what} was not answered: ${code}`, { cause })
    : new BridgeError('SYSTEM_UNREACHABLE', `${what} could not be asked: ${code}`, { cause });
}

function ofStatus(what: string, isWrite: boolean, answer: AxiosResponse<string>, content: unknown): BridgeError {
  const { status, headers } = answer;
  const said = content instanceof Object && 'error' in content ? String(content.error) : undefined;
  const message = `${what} was answered with ${status}${said === undefined ? '' : `: ${said}`}`;
  const details = { status, answer: answer.data.slice(0, 500) };
  if (status >= 500) {
    return new BridgeError(isWrite ? 'OUTCOME_UNKNOWN' : 'SYSTEM_FAILING', message, { details });
  }
  if (status === 401) {
    return new BridgeError('LOGIN_REFUSED', message, { details });
  }
  if (status === 429) {
    const seconds = Number(headers['retry-after'] ?? Number.NaN);
    return new BridgeError('RATE_LIMITED', message, {
      details,
      ...(seconds >= 0 ? { retryAfterMs: seconds * 1_000 } : {}),
    });
  }
  if (said === undefined) {
    // A proxy or a wrong address: what it says of a record means nothing.
    return new BridgeError('ANSWER_UNREADABLE', `${message}; check \`base_url\``, { details, disposition: 'outage' });
  }

  const code = status === 403 ? 'NOT_PERMITTED' : status === 404 ? 'RECORD_NOT_READABLE' : 'REFUSED';
  return new BridgeError(code, message, { details });
}

function inDoubt(isWrite: boolean): BridgeErrorOptions {
  return isWrite ? { disposition: 'in-doubt' } : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

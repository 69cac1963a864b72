import type { Readable, Writable } from 'node:stream';
import axios, { type AxiosInstance } from 'axios';
import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { FileContent } from '../../../src/connector.ts';
import {
  type Asked,
  type Course,
  type WatchExchange,
  type Watchers,
  watchExchanges,
  withCallHeaders,
} from '../../exchange.ts';
import { chooseDialect } from '../choose-dialect.ts';
import { carryByJiraJs } from '../cloud/carry.ts';
import { carryPlainly } from '../datacenter/carry.ts';
import type { Dialect, DialectName } from '../dialect.ts';
import type { JiraOptions } from '../options.ts';
import { type Answer, readAnswer } from './answer.ts';
import { createBounds } from './bounds.ts';
import { type Call, nameOfCall } from './call.ts';
import type { Credentials } from './denial.ts';
import { type Download, downloadFile } from './download.ts';
import { createLanes } from './lanes.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import { authorization, withLoginHint } from './login.ts';
import { multipartOf } from './multipart.ts';
import { createPool, type Pool } from './pool.ts';

/** One HTTP request, ready to be sent. `url` is an address, or a path below `root`, which is REST version 2 by default. */
export interface HttpRequest {
  readonly method: string;
  readonly root?: string | undefined;
  readonly url: string;
  readonly query?: Readonly<Record<string, string | number>> | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream is sent as it is read; its length stands in the headers. */
  readonly body?: string | Readable;
}

/** Sends one request within the time and signal of its call. Throws an `AxiosError` if no answer comes. */
export type Exchange = (request: HttpRequest) => Promise<Answer>;

/** Makes one request of a call and sends it. */
export type Carry = (call: Call<unknown>, exchange: Exchange) => Promise<Answer>;

/** Sends calls to JIRA and tells what became of them. Repeats nothing by itself. */
export interface Gateway {
  /** What the JIRA at the other end speaks; the first call asks it. */
  dialect(signal: AbortSignal): Promise<Dialect>;
  /** Throws a `BridgeError` for every answer but a good one. */
  send<Result>(call: Call<Result>): Promise<Result>;
  /** Like `send`, with a file as its body, which is sent as it is read. */
  upload<Result>(call: Call<Result>, file: FileContent): Promise<Result>;
  /** Writes the bytes of a file into `into` as they come and ends it. */
  download(call: Download, into: Writable): Promise<void>;
  close(): void;
}

/** Makes the requests of a call within the signal, and tells the status of its answer. */
type Task<Result> = (signal: AbortSignal, answered: Course['answered']) => Promise<Result>;

const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;

/** Throws `CONFIGURATION_INVALID` if the certificate file cannot be read. */
export function createGateway(
  options: JiraOptions,
  now: () => DateTime,
  log: Logger,
  onRemaining?: (calls: number) => void,
  watchers?: Watchers,
): Gateway {
  const pool = createPool(options);
  const client = withCallHeaders(createClient(options, pool), watchers);

  const carry = options.email === undefined ? carryPlainly : carryByJiraJs(options);
  const limiter = createLimiter({
    now,
    concurrency: options.concurrency,
    ...(onRemaining === undefined ? {} : { onRemaining }),
  });
  const credentials: Credentials = options.password === undefined ? 'token' : 'password';
  const { inTurn, inTurnOfFiles } = createWays(options, pool, limiter, watchExchanges(watchers));

  const send = <Result>(call: Call<Result>): Promise<Result> =>
    inTurn(call, askedOf(call), 0, (signal, answered) => perform(call, signal, answered));
  const dialect = chooseDialect(options, send);

  return {
    dialect,
    send,
    upload: async (call, file) => {
      const { name } = await dialect(call.signal);
      const { contentType, length, open } = multipartOf(file);
      const headers = { 'Content-Type': contentType, 'Content-Length': String(length) };
      const request = { method: call.method, root: restOf(name), url: call.path, headers };
      const asked = { ...askedOf(call), request: { file: file.name, size: file.size } };
      return inTurnOfFiles(call, asked, length, async (signal, answered) => {
        const answer = await exchange({ ...request, body: open() }, signal);
        answered(answer.status);
        return read(answer, call);
      });
    },
    download: async (call, into) => {
      const { name } = await dialect(call.signal);
      const { learn } = limiter;
      const parts = { client, baseUrl: options.base_url, now, credentials, learn, mayLeave: name === 'cloud' };
      return inTurnOfFiles(call, askedOf(call), call.size, (signal) => downloadFile(call, into, parts, signal));
    },
    close: pool.close,
  };

  async function perform<Result>(
    call: Call<Result>,
    signal: AbortSignal,
    answered: Course['answered'],
  ): Promise<Result> {
    const startedAt = now();
    const languages = inLanguage(call);
    const answer = await carry(call, ({ headers, ...request }) =>
      exchange({ ...request, headers: { ...headers, ...languages } }, signal),
    );
    answered(answer.status);
    log.debug(
      { call: nameOfCall(call), status: answer.status, ms: now().diff(startedAt).milliseconds },
      'jira answered',
    );
    return read(answer, call);
  }

  async function exchange({ root, query, body, ...rest }: HttpRequest, signal: AbortSignal): Promise<Answer> {
    const baseURL = `${options.base_url}${root ?? '/rest/api/2'}`;
    const isStream = body !== undefined && typeof body !== 'string';
    const request = { ...rest, baseURL, params: query, data: body, signal, ...(isStream ? { maxBodyLength: -1 } : {}) };
    const { status, headers, data } = await client.request<string>(request);
    limiter.learn({ status, headers: { ...headers } });
    return { status, headers: { ...headers }, body: data ?? '' };
  }

  function read<Result>(answer: Answer, call: Call<Result>): Result {
    try {
      return readAnswer(answer, call, now(), credentials);
    } catch (thrown) {
      throw withLoginHint(thrown, answer, options);
    }
  }
}

/** A call in its turn, watched, and within its time. */
function createWays(options: JiraOptions, pool: Pool, limiter: Limiter, watch: WatchExchange) {
  const { admitted, admittedFile } = createLanes(options.concurrency, limiter);
  const bounded = createBounds(options, pool);
  const bring =
    (admit: typeof admitted) =>
    <Result>(call: Call<unknown>, asked: Asked, bytes: number, task: Task<Result>): Promise<Result> =>
      admit(call, () =>
        watch(asked, (course) =>
          bounded(call, bytes, (signal) => {
            course.begin();
            return task(signal, course.answered);
          }),
        ),
      );
  return { inTurn: bring(admitted), inTurnOfFiles: bring(admittedFile) };
}

function askedOf({ method, root, path, body, effect }: Call<unknown>): Asked {
  return {
    method,
    path: `${root ?? ''}${path}`,
    effect: effect === 'none' ? 'read' : 'write',
    ...(body === undefined ? {} : { request: body }),
  };
}

/** Without the first header JIRA answers in the language of the account. */
function inLanguage({ language }: Call<unknown>): Readonly<Record<string, string>> {
  return language === undefined ? {} : { 'X-Force-Accept-Language': 'true', 'Accept-Language': language };
}

function restOf(dialect: DialectName): string {
  return dialect === 'cloud' ? '/rest/api/3' : '/rest/api/2';
}

/** No time-out of axios' own: it counts silence on the line, while the deadline of a call covers all of it. */
function createClient(options: JiraOptions, { httpAgent, httpsAgent }: Pool): AxiosInstance {
  return axios.create({
    headers: {
      Authorization: authorization(options),
      Accept: 'application/json',
      'Content-Type': 'application/json; charset=utf-8',
      'User-Agent': 'otrs-jira-bridge',
      // Without it some versions take a POST of a non-browser for a forged one.
      'X-Atlassian-Token': 'no-check',
    },
    httpAgent,
    httpsAgent,
    // The agents carry the proxy; axios would take agents without it in their place if it were told `false`.
    ...(options.proxy === undefined ? { proxy: false } : {}),
    maxRedirects: 0,
    maxContentLength: LARGEST_ANSWER_BYTES,
    maxBodyLength: LARGEST_ANSWER_BYTES,
    responseType: 'text',
    transformRequest: [(data) => data],
    transformResponse: [(data) => data],
    validateStatus: () => true,
  });
}

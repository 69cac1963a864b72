import axios, { type AxiosInstance, isAxiosError } from 'axios';
import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { BridgeError, toBridgeError } from '../../src/errors.ts';
import { takeTurns } from '../turns.ts';
import { type Answer, readAnswer } from './answer.ts';
import { toBreakdownError } from './breakdown.ts';
import { type Call, nameOfCall } from './call.ts';
import { chooseDialect } from './choose-dialect.ts';
import { carryByJiraJs } from './cloud/carry.ts';
import { carryPlainly } from './datacenter/carry.ts';
import type { Credentials } from './denial.ts';
import type { Dialect } from './dialect.ts';
import { createLimiter } from './limiter.ts';
import { authorization, withLoginHint } from './login.ts';
import type { JiraOptions } from './options.ts';
import { createPool, type Pool } from './pool.ts';

/** One HTTP request, ready to be sent. `url` is an address, or a path below `root`, which is REST version 2 by default. */
export interface HttpRequest {
  readonly method: string;
  readonly root?: string | undefined;
  readonly url: string;
  readonly query?: Readonly<Record<string, string | number>> | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
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
  close(): void;
}

const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;

/** Throws `CONFIGURATION_INVALID` if the certificate file cannot be read. */
export function createGateway(
  options: JiraOptions,
  now: () => DateTime,
  log: Logger,
  onRemaining?: (calls: number) => void,
): Gateway {
  const pool = createPool(options);
  const client = createClient(options, pool);

  const carry = options.email === undefined ? carryPlainly : carryByJiraJs(options);
  const inTurn = takeTurns(options.concurrency);
  const limiter = createLimiter({
    now,
    concurrency: options.concurrency,
    ...(onRemaining === undefined ? {} : { onRemaining }),
  });
  const credentials: Credentials = options.password === undefined ? 'token' : 'password';

  // The time of a call begins when it is sent: queues and pauses of the bridge's own are no slowness of JIRA.
  const send = <Result>(call: Call<Result>): Promise<Result> =>
    inTurn(async () => {
      await limiter.admit(call.signal);
      return perform(call);
    }, call.signal).catch((thrown: unknown) => {
      throw thrown instanceof BridgeError ? thrown : givenUp(call);
    });

  return { dialect: chooseDialect(options, send), send, close: pool.close };

  async function perform<Result>(call: Call<Result>): Promise<Result> {
    const deadline = AbortSignal.timeout(options.timeout_seconds * 1_000);
    const startedAt = now();
    try {
      const languages = inLanguage(call);
      const limit = AbortSignal.any([call.signal, deadline]);
      const answer = await carry(call, ({ headers, ...request }) =>
        exchange({ ...request, headers: { ...headers, ...languages } }, limit),
      );
      log.debug(
        { call: nameOfCall(call), status: answer.status, ms: now().diff(startedAt).milliseconds },
        'jira answered',
      );
      return read(answer, call);
    } catch (error) {
      if (!isAxiosError(error)) {
        throw toBridgeError(error);
      }

      const reason = call.signal.aborted
        ? 'given-up'
        : deadline.aborted
          ? 'time-out'
          : isTooLarge(error)
            ? 'too-large'
            : 'broken';
      const effect = pool.hadConnection(error.request) ? call.effect : 'none';
      throw toBreakdownError({ reason, error, effect }, call);
    }
  }

  async function exchange({ root, query, body, ...rest }: HttpRequest, signal: AbortSignal): Promise<Answer> {
    const baseURL = `${options.base_url}${root ?? '/rest/api/2'}`;
    const request = { ...rest, baseURL, params: query, data: body, signal };
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

/** axios has no code of its own for it. */
function isTooLarge({ message }: Error): boolean {
  return message.startsWith('maxContentLength');
}

/** Without the first header JIRA answers in the language of the account. */
function inLanguage({ language }: Call<unknown>): Readonly<Record<string, string>> {
  return language === undefined ? {} : { 'X-Force-Accept-Language': 'true', 'Accept-Language': language };
}

/** The caller's signal came before the call's turn did, so nothing was sent. */
function givenUp(call: Call<unknown>): BridgeError {
  return toBreakdownError({ reason: 'given-up', error: { message: 'not sent' }, effect: 'none' }, call);
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

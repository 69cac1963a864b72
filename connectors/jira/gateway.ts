import axios, { type AxiosInstance, isAxiosError } from 'axios';
import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { BridgeError, toBridgeError } from '../../src/errors.ts';
import { takeTurns } from '../turns.ts';
import { readAnswer } from './answer.ts';
import { toBreakdownError } from './breakdown.ts';
import { type Call, nameOfCall } from './call.ts';
import type { JiraOptions } from './options.ts';
import { createPool, type Pool } from './pool.ts';

/** Sends calls to JIRA and tells what became of them. Repeats nothing by itself. */
export interface Gateway {
  /** Throws a `BridgeError` for every answer but a good one. */
  send<Result>(call: Call<Result>): Promise<Result>;
  close(): void;
}

const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;

/** Throws `CONFIGURATION_INVALID` if the certificate file cannot be read. */
export function createGateway(options: JiraOptions, now: () => DateTime, log: Logger): Gateway {
  const pool = createPool(options);
  const client = createClient(options, pool);

  const inTurn = takeTurns(options.concurrency);

  return {
    // The time of a call begins when its turn comes: a queue of the bridge's own is no slowness of JIRA.
    send: (call) =>
      inTurn(() => exchange(call), call.signal).catch((thrown: unknown) => {
        throw thrown instanceof BridgeError ? thrown : givenUp(call);
      }),
    close: pool.close,
  };

  async function exchange<Result>(call: Call<Result>): Promise<Result> {
    const deadline = AbortSignal.timeout(options.timeout_seconds * 1_000);
    const startedAt = now();
    try {
      const { status, headers, data } = await client.request<string>({
        method: call.method,
        url: call.path,
        params: call.query,
        data: call.body === undefined ? undefined : JSON.stringify(call.body),
        signal: AbortSignal.any([call.signal, deadline]),
      });
      log.debug({ call: nameOfCall(call), status, ms: now().diff(startedAt).milliseconds }, 'jira answered');
      return readAnswer({ status, headers: { ...headers }, body: data ?? '' }, call, now());
    } catch (error) {
      if (!isAxiosError(error)) {
        throw toBridgeError(error);
      }

      const reason = call.signal.aborted ? 'given-up' : deadline.aborted ? 'time-out' : 'broken';
      const effect = pool.hadConnection(error.request) ? call.effect : 'none';
      throw toBreakdownError({ reason, error, effect }, call);
    }
  }
}

/** The caller's signal came before the call's turn did, so nothing was sent. */
function givenUp(call: Call<unknown>): BridgeError {
  return toBreakdownError({ reason: 'given-up', error: { message: 'not sent' }, effect: 'none' }, call);
}

/** No time-out of axios' own: it counts silence on the line, while the deadline of a call covers all of it. */
function createClient(options: JiraOptions, { httpAgent, httpsAgent }: Pool): AxiosInstance {
  return axios.create({
    baseURL: `${options.base_url}/rest/api/2`,
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
    proxy: false,
    maxRedirects: 0,
    maxContentLength: LARGEST_ANSWER_BYTES,
    maxBodyLength: LARGEST_ANSWER_BYTES,
    responseType: 'text',
    transformRequest: [(data) => data],
    transformResponse: [(data) => data],
    validateStatus: () => true,
  });
}

function authorization({ token, login, password }: JiraOptions): string {
  return token === undefined
    ? `Basic ${Buffer.from(`${login}:${password}`, 'utf8').toString('base64')}`
    : `Bearer ${token}`;
}

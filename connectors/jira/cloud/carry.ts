import { type Client, createClient } from 'jira.js/core';
import { BridgeError } from '../../../src/errors.ts';
import type { Answer } from '../http/answer.ts';
import { type Call, nameOfCall } from '../http/call.ts';
import type { Carry, Exchange } from '../http/gateway.ts';
import type { JiraOptions } from '../options.ts';
import { type Fetch, fetchThrough } from './fetch-through.ts';

/**
 * Carries calls to JIRA Cloud by jira.js, which builds and signs the request. What came back is told by the exchange that
 * it goes through and not by jira.js: that keeps no headers and takes a login page with status 200 for a good answer.
 * Its retries stay off, since they would repeat a write.
 */
export function carryByJiraJs({ base_url, email = '', token = '' }: JiraOptions): Carry {
  const client = createClient({ host: base_url, auth: { type: 'basic', email, apiToken: token } });
  return async (call, exchange) => {
    const { fetch, outcome } = fetchOnce(exchange);
    // Whether jira.js likes the answer does not matter; without one, it says why it made no request.
    const refusal = await fetchThrough(fetch, () => send(client, call)).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const answered = outcome();
    if (answered === undefined) {
      throw new BridgeError('INTERNAL', `jira.js made no request of ${nameOfCall(call)}`, { cause: refusal });
    }
    return answered;
  };
}

function send(client: Client, { method, root = '/rest/api/3', path, query, body }: Call<unknown>): Promise<unknown> {
  return client.sendRequest({
    url: `${root}${path}`,
    method,
    ...(query === undefined ? {} : { searchParams: { ...query } }),
    ...(body === undefined ? {} : { body }),
  });
}

/** One `fetch` for one call: it notes how its exchange ended, and refuses a second request. */
function fetchOnce(exchange: Exchange): { readonly fetch: Fetch; outcome(): Promise<Answer> | undefined } {
  let answered: Promise<Answer> | undefined;
  const fetch: Fetch = async (url, { method = 'GET', headers, body } = {}) => {
    if (answered !== undefined) {
      throw new Error('a call is sent once');
    }

    answered = exchange({
      method,
      url: String(url),
      headers: Object.fromEntries(new Headers(headers)),
      ...(typeof body === 'string' ? { body } : {}),
    });
    return toResponse(await answered);
  };
  return { fetch, outcome: () => answered };
}

/** Statuses whose answers have no body, by the Fetch standard. */
const bodiless = [204, 205, 304];

function toResponse({ status, headers, body }: Answer): Response {
  const type = headers['content-type'];
  return new Response(bodiless.includes(status) ? null : body, {
    status,
    headers: typeof type === 'string' ? { 'content-type': type } : {},
  });
}

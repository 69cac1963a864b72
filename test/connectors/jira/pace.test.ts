import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { z } from 'zod';
import type { Call } from '../../../connectors/jira/http/call.ts';
import { createGateway } from '../../../connectors/jira/http/gateway.ts';
import { jiraOptions } from '../../../connectors/jira/options.ts';
import { answer, rawServers } from './raw-server.ts';

const { stops, listen } = rawServers();
const logins = [
  ['Data Center', { token: 't0ken' }],
  ['Cloud', { token: 't0ken', email: 'bridge@example.test' }],
] as const;

function gatewayTo(base_url: string, rest: object, onRemaining?: (calls: number) => void) {
  const options = jiraOptions.parse({ base_url, account: 'svc_bridge', projects: ['OSS'], ...rest });
  const gateway = createGateway(options, () => DateTime.now(), pino({ level: 'silent' }), onRemaining);
  stops.push(gateway.close);
  return gateway;
}

function create(): Call<unknown> {
  const signal = new AbortController().signal;
  return { method: 'POST', path: '/issue', body: {}, effect: 'once', shape: z.unknown(), signal };
}

/** A JIRA that refuses with a 429 for so many seconds after its first call. */
async function limited(seconds: number) {
  const arrivals: number[] = [];
  const url = await listen((_, socket) => {
    arrivals.push(performance.now());
    const isRefused = arrivals.length === 1;
    socket.write(
      isRefused
        ? answer('{}', '429 Too Many Requests', 'application/json', `retry-after: ${seconds}\r\n`)
        : answer('{}'),
    );
  });
  return { url, arrivals };
}

describe.each(logins)('the calls to a JIRA %s that refuses one of them', (_, login) => {
  test('do not each run into a refusal of their own, and hold no worker', async () => {
    const { url, arrivals } = await limited(60);
    const gateway = gatewayTo(url, login);
    await expect(gateway.send(create())).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 60_000 });
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => gateway.send(create())));

    expect(arrivals).toHaveLength(1);
    for (const result of results) {
      expect(result).toMatchObject({ reason: { code: 'RATE_LIMITED', disposition: 'again' } });
    }
  });

  test('wait for a moment that is near, which counts to no time-out', async () => {
    const { url, arrivals } = await limited(1);
    const gateway = gatewayTo(url, { ...login, timeout_seconds: 0.6 });
    await expect(gateway.send(create())).rejects.toMatchObject({ code: 'RATE_LIMITED' });

    await expect(gateway.send(create())).resolves.toEqual({});
    expect((arrivals[1] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  test('are told to who measures them', async () => {
    const url = await listen((_, socket) =>
      socket.write(
        answer('{}', '200 OK', 'application/json', 'x-ratelimit-limit: 50\r\nx-ratelimit-remaining: 31\r\n'),
      ),
    );
    const told: number[] = [];
    await gatewayTo(url, login, (calls) => told.push(calls)).send(create());

    expect(told).toEqual([31]);
  });
});

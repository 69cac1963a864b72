import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { z } from 'zod';
import { createGateway } from '../../../connectors/jira/http/gateway.ts';
import { jiraOptions } from '../../../connectors/jira/options.ts';
import { signal } from './connected.ts';

const CERTIFICATE = 'test/support/tls/certificate.pem';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) {
    await stop();
  }
});

/** A JIRA whose certificate no well-known authority has signed. */
async function startJira(): Promise<{ readonly url: string; readonly seen: string[] }> {
  const seen: string[] = [];
  const tls = { key: readFileSync('test/support/tls/key.pem'), cert: readFileSync(CERTIFICATE) };
  const server = createServer(tls, (request, response) => {
    seen.push(request.url ?? '');
    response.setHeader('content-type', 'application/json').end('{"id":"1"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function open(base_url: string, options: Readonly<Record<string, unknown>>) {
  const parsed = jiraOptions.parse({ base_url, token: 't', account: 'a', projects: ['OSS'], ...options });
  const gateway = createGateway(parsed, () => DateTime.now(), pino({ level: 'silent' }));
  stops.push(gateway.close);
  const shape = z.object({ id: z.string() });
  return gateway.send({ method: 'POST', path: '/issue', body: {}, effect: 'once', shape, signal });
}

describe.each([
  ['Data Center', {}, '/rest/api/2/issue'],
  ['Cloud', { email: 'bridge@example.test' }, '/rest/api/3/issue'],
])('JIRA %s behind a certificate of the house', (_, login, path) => {
  test('is believed with the authority that the configuration names', async () => {
    const { url, seen } = await startJira();

    await expect(open(url, { ...login, ca_file: CERTIFICATE })).resolves.toEqual({ id: '1' });
    expect(seen).toEqual([path]);
  });

  test('is not believed without it, and nothing is sent', async () => {
    const { url, seen } = await startJira();

    await expect(open(url, login)).rejects.toMatchObject({ code: 'SYSTEM_UNREACHABLE', disposition: 'outage' });
    expect(seen).toEqual([]);
  });
});

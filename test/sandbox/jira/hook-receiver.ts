import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Delivery {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly url: string;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

/** Takes webhooks and answers each with the next status; the last one stays. */
export async function receiveHooks(...statuses: readonly number[]) {
  const deliveries: Delivery[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) {
      text += chunk;
    }
    deliveries.push({
      headers: request.headers,
      url: request.url ?? '',
      text,
      body: text === '' ? {} : JSON.parse(text),
    });
    response.writeHead(statuses[deliveries.length - 1] ?? statuses.at(-1) ?? 202).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/jira`;
  return { url, deliveries, stop: () => new Promise((resolve) => server.close(resolve)) };
}

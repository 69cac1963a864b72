import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '../faults.ts';
import type { Data } from '../operations/values.ts';
import { JSON_FILES, readBody, sendAnswer, toJson, XML_FILES } from './bodies.ts';
import { collect, DEADLY, findRoute } from './rest.ts';
import { readEnvelope, SoapRefusal, toAnswer, toFault } from './soap.ts';

export interface WebServiceParts {
  /** Serves REST; with `-soap` behind it, SOAP. */
  readonly name: string;
  /** Bytes of a request. */
  readonly maxLength: number;
  /** Throws where the operation gives up half-way, or where there is none of the name. */
  readonly run: (operation: string, data: Data) => object;
  readonly faults: Faults;
  /** Told of each call by the name of its operation. */
  readonly called: (operation: string) => void;
}

const PLAIN = 'text/plain; charset=UTF-8';
const JSON_TYPE = { 'Content-Type': 'application/json; charset=UTF-8' };
/** REST keeps connections alive, SOAP does not. */
const CLOSE = { Connection: 'close' };

/** The provider of OTRS over both its transports. */
export function serveWebServices({ name, maxLength, run, faults, called }: WebServiceParts) {
  const answerRest = async (request: IncomingMessage, response: ServerResponse, url: URL, path: string) => {
    const body = await readBody(request, JSON_FILES);
    const found = findRoute(request.method, path);
    called(found?.operation ?? path);
    await delay(faults.delayMs(found?.operation ?? ''));
    const fake = faults.takeAnswer(found?.operation ?? '', url.search);
    if (fake !== undefined) {
      const text = fake.result === undefined ? (fake.body ?? '') : JSON.stringify(fake.result);
      return send(response, fake.status, fake.contentType ?? 'text/plain', text, fake.headers);
    }

    if (found === undefined) {
      const sentence = `HTTP::REST Error while determine Operation for request URI '${path || url.pathname}'.`;
      return send(response, 500, PLAIN, sentence);
    }

    const data = collect(request, url, found.inRoute, body);
    if (data === DEADLY) {
      return request.socket.destroy();
    }

    if (typeof data === 'string') {
      return send(response, 500, PLAIN, data);
    }

    try {
      const result = toJson(run(found.operation, data));
      return faults.takeLoss(found.operation)
        ? request.socket.destroy()
        : await sendAnswer(response, 200, JSON_TYPE, result);
    } catch (thrown) {
      const fault = toJson({ faultcode: 'Server', faultstring: sentenceOf(thrown) });
      return sendAnswer(response, 500, { 'Content-Type': PLAIN }, fault);
    }
  };

  const answerSoap = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request, XML_FILES);
    try {
      const { operation, data } = readEnvelope(String(request.headers.soapaction ?? ''), body);
      called(operation);
      await delay(faults.delayMs(operation));
      const fake = faults.takeAnswer(operation, queryOf(data));
      if (fake !== undefined && fake.result === undefined) {
        const headers = { ...CLOSE, ...fake.headers };
        return send(response, fake.status, fake.contentType ?? 'text/plain', fake.body ?? '', headers);
      }

      const result = toAnswer(operation, fake?.result ?? run(operation, data));
      const [, type = 'text/xml'] = /^(.+);\s*charset=/i.exec(request.headers['content-type'] ?? '') ?? [];
      const headers = { 'Content-Type': `${type}; charset=UTF-8`, ...CLOSE };
      return fake === undefined && faults.takeLoss(operation)
        ? request.socket.destroy()
        : await sendAnswer(response, fake?.status ?? 200, headers, result);
    } catch (thrown) {
      return thrown instanceof SoapRefusal && thrown.isPlain
        ? send(response, 500, PLAIN, thrown.message, CLOSE)
        : sendAnswer(response, 500, { 'Content-Type': PLAIN, ...CLOSE }, toFault(sentenceOf(thrown)));
    }
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const [, service = '', path = ''] =
      /^\/otrs\/nph-genericinterface\.pl\/Webservice\/([^/]+)(.*)$/.exec(url.pathname) ?? [];
    const isSoap = service === `${name}-soap`;
    if (service !== name && !isSoap) {
      // The real one hangs up when it has no such web service.
      return request.socket.destroy();
    }

    const length = Number(request.headers['content-length'] ?? 0);
    if (isSoap && length === 0) {
      return send(response, 411, PLAIN, 'Length Required', CLOSE);
    }

    if (length > maxLength) {
      request.resume();
      return send(response, 413, PLAIN, 'Request Too Large');
    }

    return isSoap ? answerSoap(request, response) : answerRest(request, response, url, path);
  };
}

/** What a request asks for, as the query of the same request over REST would say it. */
function queryOf(data: Data): string {
  return Object.entries(data)
    .map(([name, value]) => `&${name}=${value}`)
    .join('');
}

function sentenceOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

export function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body), ...headers });
  response.end(body);
}

/** No delay is none: a timer of nothing costs a millisecond. */
async function delay(milliseconds: number): Promise<void> {
  if (milliseconds > 0) {
    await sleep(milliseconds);
  }
}

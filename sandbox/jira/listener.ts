import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Language } from './catalogue.ts';
import type { Dialect } from './dialect.ts';
import { type Faults, isAfterEffect, type Reply, replyOf } from './faults.ts';
import { download, downloadMedia, MEDIA } from './file-routes.ts';
import { issuePage, listPage } from './page.ts';
import { Refusal } from './refusal.ts';
import type { Router } from './routes.ts';
import { type Credentials, signIn } from './sign-in.ts';
import type { State } from './state.ts';
import { isMultipart, readUploads, type Upload } from './uploads.ts';

/** One request that arrived, for tests to look at. */
export interface Call {
  readonly method: string;
  /** Below `/rest/api/<version>`, without the query; the whole path for the content of a file. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Empty for a multipart request. */
  readonly body: string;
}

export interface Serving {
  /** By the language that names come in. */
  readonly routers: Readonly<Record<Language, Router>>;
  readonly dialect: Dialect;
  readonly state: State;
  readonly faults: Faults;
  readonly calls: Call[];
  readonly timeZone: string;
  readonly credentials: Credentials;
}

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** A request with everything that was read of it. */
interface Received {
  readonly request: IncomingMessage;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  /** Throws `Refusal` for a multipart body that cannot be read. */
  readonly uploads: () => readonly Upload[];
}

const FILES = '/secure/attachment/';

/** Takes requests, lets the faults strike, and answers. */
export function createListener(serving: Serving): Listener {
  return (request, response) => {
    serve(serving, request, response).catch((error: unknown) => {
      if (response.headersSent) {
        response.destroy();
        return;
      }

      const body = { errorMessages: ['Internal server error'], errors: {}, cause: String(error) };
      response.writeHead(500, { 'content-type': 'application/json;charset=UTF-8' }).end(JSON.stringify(body));
    });
  };
}

async function serve(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = new URL(request.url ?? '/', 'http://127.0.0.1');
  const { searchParams: query } = address;
  // Both products tell under the older version what they are, so that a client can choose.
  const api = `/rest/api/${serving.dialect.version}`;
  const pathname = address.pathname === '/rest/api/2/serverInfo' ? `${api}/serverInfo` : address.pathname;
  const method = request.method ?? 'GET';
  if (pathname.startsWith(MEDIA)) {
    await write(
      response,
      refusalsOf(() => downloadMedia(serving.state, address, request.headers.authorization)),
    );
    return;
  }

  if (!pathname.startsWith(`${api}/`) && !pathname.startsWith(FILES)) {
    request.resume();
    await write(response, showPage(pathname, serving));
    return;
  }

  const path = pathname.startsWith(FILES) ? pathname : pathname.slice(api.length);
  const received = { request, method, path, query, ...(await readBody(request)) };
  serving.calls.push({ method, path, query: query.toString(), headers: request.headers, body: received.body });
  const fault = serving.faults.take(method, path);
  if (fault === undefined) {
    await write(response, answer(serving, received));
    return;
  }

  const good = isAfterEffect(fault) ? answer(serving, received) : undefined;
  if (fault.kind === 'slow') {
    await sleep(fault.milliseconds, undefined, { ref: false });
  }

  const trouble = fault.kind === 'slow' ? good : replyOf(fault);
  if (trouble === undefined) {
    response.destroy();
  } else {
    await write(response, trouble);
  }
}

function answer({ routers, dialect, state, credentials }: Serving, received: Received): Reply {
  const { request, method, path, query, body } = received;
  const user = signIn(request.headers, credentials);
  if (user === undefined) {
    return {
      status: 401,
      headers: { 'content-type': 'text/html;charset=UTF-8', 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' },
      body: '<html><h1>Unauthorized (401)</h1></html>',
    };
  }

  const headers = {
    'x-seraph-loginreason': 'OK',
    ...(dialect.name === 'cloud' ? { 'x-aaccountid': user.accountId } : { 'x-ausername': user.name }),
  };
  const reply = refusalsOf(() => {
    if (path.startsWith(FILES)) {
      return download(state, path);
    }

    const { headers: sent } = request;
    return routers[languageOf(request)](method, path, {
      user,
      query,
      body,
      headers: sent,
      uploads: received.uploads(),
    });
  });
  return { ...reply, headers: { ...headers, ...reply.headers } };
}

/** The account's own, Russian, unless the client forces English by the pair of headers. */
function languageOf({ headers }: IncomingMessage): Language {
  const isForced = headers['x-force-accept-language'] === 'true';
  return isForced && headers['accept-language']?.startsWith('en') === true ? 'english' : 'russian';
}

/** What JIRA answers, its refusals included. */
function refusalsOf(make: () => Reply): Reply {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error;
    }

    return { status: error.status, body: { errorMessages: error.messages, errors: error.fields } };
  }
}

function showPage(pathname: string, { state, timeZone }: Serving): Reply {
  const headers = { 'content-type': 'text/html; charset=utf-8' };
  const key = decodeURIComponent(pathname.replace(/^\/browse\/?/, ''));
  const issue = state.all().find((each) => each.key === key);
  if (issue !== undefined) {
    return { status: 200, headers, body: issuePage(issue, timeZone) };
  }

  return pathname === '/' || key === ''
    ? { status: 200, headers, body: listPage(state.all()) }
    : {
        status: 404,
        headers,
        body: '<!DOCTYPE html><html lang="ru"><meta charset="utf-8"><p>Такой задачи нет.</html>',
      };
}

async function write(response: ServerResponse, { status, headers = {}, body }: Reply): Promise<void> {
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers });
  if (body instanceof Readable) {
    await pipeline(body, response);
    return;
  }

  response.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<Pick<Received, 'body' | 'uploads'>> {
  if (!isMultipart(request)) {
    return { body: await readText(request), uploads: () => [] };
  }

  try {
    const uploads = await readUploads(request);
    return { body: '', uploads: () => uploads };
  } catch (error) {
    return {
      body: '',
      uploads: () => {
        throw error;
      },
    };
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

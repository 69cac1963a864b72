import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Language } from './catalogue.ts';
import type { Dialect } from './dialect.ts';
import { replyOf } from './fault-replies.ts';
import { type Fault, type Faults, isAfterEffect, type Reply } from './faults.ts';
import { download, downloadMedia, MEDIA } from './file-routes.ts';
import type { HookFlavour } from './hook-delivery.ts';
import { hookRegistry, isHookRegistry } from './hook-registry.ts';
import type { Hooks } from './hooks.ts';
import type { Installation } from './installation.ts';
import { showPage } from './page.ts';
import type { RateLimiter } from './rate-limit.ts';
import { Refusal } from './refusal.ts';
import type { Router } from './routes.ts';
import { type Credentials, signIn } from './sign-in.ts';
import type { State } from './state.ts';
import { isMultipart, readUploads, type Upload } from './uploads.ts';

/** One request that arrived, for tests to look at. */
export interface Call {
  readonly method: string;
  /** Below `/rest/api/<version>`, without the query; the whole path for what lies elsewhere. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Empty for a multipart request. */
  readonly body: string;
  /** Form fields of a multipart request, with the file names. */
  readonly parts: readonly { readonly field: string; readonly name: string }[];
  /** What struck it. */
  readonly fault?: Fault['kind'];
}

export interface Serving {
  /** By the language that names come in. */
  readonly routers: Readonly<Record<Language, Router>>;
  readonly dialect: Dialect;
  readonly installation: Installation;
  readonly state: State;
  readonly hooks: Hooks;
  readonly flavour: HookFlavour;
  readonly limiter: RateLimiter;
  readonly faults: Faults;
  readonly delays: { of: (method: string, path: string) => number };
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
  readonly parts: Call['parts'];
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
  const { dialect, state, timeZone, faults } = serving;
  const address = new URL(request.url ?? '/', 'http://127.0.0.1');
  // Both products tell under the older version what they are, so that a client can choose.
  const api = `/rest/api/${dialect.version}`;
  const pathname = address.pathname === '/rest/api/2/serverInfo' ? `${api}/serverInfo` : address.pathname;
  const method = request.method ?? 'GET';
  if (pathname.startsWith(MEDIA)) {
    await write(
      response,
      refusalsOf(() => downloadMedia(state, address, request.headers.authorization)),
    );
    return;
  }

  const isElsewhere = pathname.startsWith(FILES) || isHookRegistry(pathname);
  if (!pathname.startsWith(`${api}/`) && !isElsewhere) {
    request.resume();
    await write(response, showPage(pathname, state.all(), timeZone));
    return;
  }

  const path = isElsewhere ? pathname : pathname.slice(api.length);
  const early = faults.takeEarly(method, path);
  if (early?.kind === 'reset-while-receiving') {
    breakOff(request, early.afterBytes ?? 0);
    return;
  }

  const received = { request, method, path, query: address.searchParams, ...(await readBody(request)) };
  await strike(serving, received, response);
}

/** Answers, unless a fault comes in between. */
async function strike(serving: Serving, received: Received, response: ServerResponse): Promise<void> {
  const { request, method, path, query, body, parts } = received;
  const fault = serving.faults.take(method, path);
  const call = { method, path, query: query.toString(), headers: request.headers, body, parts };
  serving.calls.push({ ...call, ...(fault === undefined ? {} : { fault: fault.kind }) });
  const delayMs = serving.delays.of(method, path);
  if (delayMs > 0) {
    await sleep(delayMs, undefined, { ref: false });
  }

  const good = fault === undefined || isAfterEffect(fault) ? await answer(serving, received) : undefined;
  if (good !== undefined && fault === undefined) {
    await write(response, good);
    return;
  }

  if (fault?.kind === 'slow') {
    await sleep(fault.milliseconds, undefined, { ref: false });
  }

  const trouble = fault === undefined || fault.kind === 'slow' ? good : replyOf(fault, method, path);
  if (trouble !== undefined) {
    await write(response, trouble);
  } else if (fault?.kind === 'partial-body-after-effect' && good !== undefined) {
    writeHalf(response, good);
  } else {
    response.destroy();
  }
}

async function answer(serving: Serving, received: Received): Promise<Reply> {
  const { limiter, flavour, hooks, installation } = serving;
  const { headers, refusal } = limiter.admit();
  if (refusal !== undefined) {
    return { ...refusal, headers: { ...headers, ...refusal.headers } };
  }

  if (installation.isNarrow && /[\u{10000}-\u{10ffff}]/u.test(received.body)) {
    return { status: 500, headers, body: { errorMessages: ['Incorrect string value for column'], errors: {} } };
  }

  const reply = answerTo(serving, received);
  if (flavour.isSynchronous) {
    await hooks.idle();
  }

  return { ...reply, headers: { ...headers, ...reply.headers } };
}

function answerTo({ routers, dialect, state, credentials, ...serving }: Serving, received: Received): Reply {
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

    if (isHookRegistry(path)) {
      return tellHooks(serving, path);
    }

    const language = languageOf(request);
    return routers[language](method, path, {
      user,
      query,
      body,
      headers: request.headers,
      uploads: received.uploads(),
    });
  });
  return { ...reply, headers: { ...headers, ...reply.headers } };
}

function tellHooks(
  { installation, flavour, hooks }: Pick<Serving, 'installation' | 'flavour' | 'hooks'>,
  path: string,
) {
  const told = hookRegistry(path, flavour, hooks.targets());
  if (told === undefined) {
    throw new Refusal(404, ['null for uri']);
  }

  if (!installation.isAdministrator) {
    throw new Refusal(403, [
      'You are not authorized to perform this operation. Administrator privileges are required.',
    ]);
  }

  return told;
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

/** The account's own, Russian, unless the client forces English by the pair of headers. */
function languageOf({ headers }: IncomingMessage): Language {
  const isForced = headers['x-force-accept-language'] === 'true';
  return isForced && headers['accept-language']?.startsWith('en') === true ? 'english' : 'russian';
}

async function write(response: ServerResponse, { status, headers = {}, body }: Reply): Promise<void> {
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers });
  if (body instanceof Readable) {
    await pipeline(body, response);
    return;
  }

  response.end(textOf(body));
}

function textOf(body: unknown): string | undefined {
  return body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
}

/** Half of the bytes that the head promises; of a file, none. */
function writeHalf(response: ServerResponse, { status, headers = {}, body }: Reply): void {
  const bytes = Buffer.from(body instanceof Readable ? '' : (textOf(body) ?? ''));
  const length = Math.max(bytes.length, 2);
  response.writeHead(status, {
    'content-type': 'application/json;charset=UTF-8',
    'content-length': String(length),
    ...headers,
  });
  response.write(bytes.subarray(0, Math.floor(length / 2)), () => response.destroy());
}

/** Takes so many bytes of a request and breaks the connection. */
function breakOff(request: IncomingMessage, afterBytes: number): void {
  const { socket } = request;
  let taken = 0;
  request.on('data', (chunk: Buffer) => {
    taken += chunk.length;
    if (taken >= afterBytes) {
      socket.resetAndDestroy();
    }
  });
  request.once('end', () => socket.resetAndDestroy());
  request.on('error', () => {});
}

async function readBody(request: IncomingMessage): Promise<Pick<Received, 'body' | 'parts' | 'uploads'>> {
  if (!isMultipart(request)) {
    return { body: await readText(request), parts: [], uploads: () => [] };
  }

  try {
    const uploads = await readUploads(request);
    return { body: '', parts: uploads.map(({ field, name }) => ({ field, name })), uploads: () => uploads };
  } catch (error) {
    return {
      body: '',
      parts: [],
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

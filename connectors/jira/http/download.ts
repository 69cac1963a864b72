import type { Readable, Writable } from 'node:stream';
import type { AxiosInstance } from 'axios';
import type { DateTime } from 'luxon';
import { z } from 'zod';
import { BridgeError, type Disposition } from '../../../src/errors.ts';
import { endPieces, writePiece } from '../../../src/files/spool.ts';
import { type Answer, readAnswer, refuseDenied } from './answer.ts';
import { type Call, describeCall } from './call.ts';
import type { Credentials } from './denial.ts';

/** One file to be read. */
export interface Download extends Call<unknown> {
  /** Where JIRA says that it is. */
  readonly url: string;
  /** Bytes. */
  readonly size: number;
}

export interface DownloadParts {
  readonly client: AxiosInstance;
  readonly baseUrl: string;
  readonly now: () => DateTime;
  readonly credentials: Credentials;
  /** Told what JIRA says about its limits. */
  readonly learn: (answer: Pick<Answer, 'status' | 'headers'>) => void;
  /** Whether JIRA may send the bridge on to a host that serves files; no credentials go there. */
  readonly mayLeave: boolean;
}

const MOST_REDIRECTS = 3;

/** Characters of an answer that is none of JIRA's files. */
const BEGINNING = 4_096;

/**
 * Writes the bytes of a file into `into` as they come and ends it. Credentials go to the configured address only, whatever
 * JIRA or a redirect names.
 */
export async function downloadFile(
  download: Download,
  into: Writable,
  parts: DownloadParts,
  signal: AbortSignal,
): Promise<void> {
  const answer = await request(download, parts, signal);
  const { headers, data } = answer;
  const length = headers['content-encoding'] === undefined ? headers['content-length'] : undefined;
  if (isPage(headers) || (length !== undefined && Number(length) !== download.size)) {
    const beginning = await beginningOf(data);
    throw isPage(headers)
      ? unusable(download, 'a page came instead of the file, often the login page of a proxy', beginning, 'outage')
      : unusable(download, `${length} bytes are offered instead of ${download.size}`, beginning, 'again');
  }

  let received = 0;
  for await (const piece of data) {
    received += piece.length;
    if (received > download.size) {
      throw unusable(download, `more than ${download.size} bytes came`, '', 'again');
    }
    await writePiece(into, piece);
  }
  if (received !== download.size) {
    throw unusable(download, `${received} bytes came instead of ${download.size}`, '', 'again');
  }
  await endPieces(into);
}

interface FileAnswer extends Omit<Answer, 'body'> {
  readonly data: Readable;
}

/** The answer that carries the bytes, behind at most a few redirects. Throws for every other. */
async function request(download: Download, parts: DownloadParts, signal: AbortSignal): Promise<FileAnswer> {
  let url = onOwnHost(download, parts.baseUrl);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const isOurs = url.origin === new URL(parts.baseUrl).origin;
    const { status, headers, data } = await parts.client.request<Readable>({
      method: 'GET',
      url: url.href,
      responseType: 'stream',
      maxContentLength: -1,
      headers: {
        Accept: '*/*',
        'Content-Type': false,
        ...(isOurs ? {} : { Authorization: false, 'X-Atlassian-Token': false }),
      },
      signal,
    });
    const answer = { status, headers: { ...headers }, data };
    if (isOurs) {
      parts.learn(answer);
      refuseDenied({ ...answer, body: '' }, download, parts.credentials);
    }
    if (status >= 200 && status < 300) {
      return answer;
    }

    const body = await beginningOf(data);
    const target = status >= 300 && status < 400 ? String(headers.location ?? '') : '';
    if (target === '' || !URL.canParse(target, url)) {
      return readAnswer({ ...answer, body }, { ...download, shape: z.never() }, parts.now(), parts.credentials);
    }

    const next = new URL(target, url);
    if (next.origin !== new URL(parts.baseUrl).origin && !parts.mayLeave) {
      throw unusable(download, `JIRA sends on to another host, ${next.origin}`, body, 'again');
    }
    url = next;
  }

  throw unusable(download, `JIRA redirects more than ${MOST_REDIRECTS} times`, '', 'outage');
}

/**
 * The address of a file on the configured host. JIRA names it by the address that people use, which can be another one
 * than the bridge's.
 */
function onOwnHost({ url, ...call }: Download, baseUrl: string): URL {
  const base = new URL(baseUrl);
  if (URL.canParse(url) && new URL(url).origin === base.origin) {
    return new URL(url);
  }

  const [path] = /\/(?:secure\/attachment|rest\/api\/\w+\/attachment)\/.*$/.exec(url) ?? [];
  if (path === undefined) {
    throw unusable(call, 'JIRA names an address for the file that is not its own; check base_url', url, 'again');
  }

  return new URL(`${baseUrl}${path}`);
}

/** JIRA names every file that it serves in this header; a page has none. */
function isPage(headers: Answer['headers']): boolean {
  return /^text\/html\b/i.test(String(headers['content-type'] ?? '')) && headers['content-disposition'] === undefined;
}

async function beginningOf(data: Readable): Promise<string> {
  let text = '';
  for await (const chunk of data) {
    text += String(chunk);
    if (text.length > BEGINNING) {
      break;
    }
  }
  return text;
}

function unusable(
  call: Pick<Download, 'method' | 'path' | 'about'>,
  reason: string,
  beginning: string,
  disposition: Disposition,
): BridgeError {
  return new BridgeError('ANSWER_UNREADABLE', `${describeCall(call)}: ${reason}`, {
    disposition,
    details: { beginning: beginning.slice(0, 200) },
  });
}

import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { BridgeError } from '../../src/errors.ts';
import { encoded, encodedLength } from './base64.ts';
import type { DocumentReader } from './document.ts';
import type { Call } from './failure.ts';
import type { OperationName, OtrsOptions } from './options.ts';

/** A file that is read while it is sent. `open` may be called several times. */
export interface Content {
  readonly size: number;
  open(): AsyncIterable<Buffer>;
}

/** One call of an operation of the web service, whatever it travels in. */
export interface Request extends Call {
  readonly operation: OperationName;
  /** Parameters that name the record; routes of REST take them up by name. */
  readonly path?: Readonly<Record<string, string>>;
  /** The other parameters. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** A file; it stands as base64 where `data` has `CONTENT`. */
  readonly content?: Content;
  /** Bytes of files that travel with the call or its answer; they lengthen its time-out. */
  readonly bytes?: number;
  readonly sessionId?: string;
}

/** A request as it goes over the wire. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body?: Body;
}

/** Bytes that are made as they are sent. */
export interface Body {
  readonly length: number;
  open(): Readable | Buffer;
}

/** What the web service speaks: how a request is written and an answer is read. It sends nothing. */
export interface Transport {
  /** What answers consist of, e.g. `JSON`. */
  readonly format: string;
  write(request: Request): Promise<Outgoing>;
  /** The data of an answer. Throws a `SyntaxError` for what is no answer. */
  read(body: Buffer): Promise<unknown>;
  /** Reads an answer that is too large to be held. Throws a `SyntaxError` for what is no answer. */
  scan(body: AsyncIterable<Buffer>, reader: DocumentReader): Promise<void>;
  /** What an operation says that gave up after its checks, e.g. because the database refused a value. */
  faultOf(body: string): Promise<string | undefined>;
}

/** Where the content belongs. Nobody outside of this process knows the word, so no text can hold it. */
export const CONTENT = `content-${randomUUID()}`;

/** What base64 ends with decodes to nothing; OTRS refuses a content that is an empty text. */
const NOTHING = '=';

/** Where the web service is reached; routes of REST follow behind. */
export function webServiceUrl({ base_url, interface_path, web_service }: OtrsOptions): string {
  return `${base_url}${interface_path}/Webservice/${encodeURIComponent(web_service)}`;
}

/** How the operation is called. Throws `REFUSED` for one that the configuration leaves out. */
export function callingOf(options: OtrsOptions, { operation, purpose }: Pick<Request, 'operation' | 'purpose'>) {
  const calling = options.operations[operation];
  if (calling === undefined || calling === false) {
    throw new BridgeError('REFUSED', `OTRS cannot ${purpose}: \`operations.${operation}\` is not configured`);
  }

  return calling;
}

/** The text of a request as bytes, with the content written in as it is read. */
export function toBody(text: string, content: Content | undefined): Body {
  if (content === undefined) {
    const bytes = Buffer.from(text, 'utf8');
    return { length: bytes.length, open: () => bytes };
  }

  const [before = '', behind = ''] = text.split(CONTENT);
  const inside = content.size === 0 ? NOTHING.length : encodedLength(content.size);
  return {
    length: Buffer.byteLength(before) + inside + Buffer.byteLength(behind),
    open: () => Readable.from(piecesOf(before, content, behind), { objectMode: false }),
  };
}

async function* piecesOf(before: string, content: Content, behind: string): AsyncGenerator<Buffer> {
  yield Buffer.from(before, 'utf8');
  if (content.size === 0) {
    yield Buffer.from(NOTHING);
  } else {
    yield* encoded(content.open());
  }
  yield Buffer.from(behind, 'utf8');
}

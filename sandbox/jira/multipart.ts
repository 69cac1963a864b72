import { Refusal } from './refusal.ts';

/** The head of one part of a multipart body. */
export interface PartHead {
  readonly field: string;
  readonly fileName: string | undefined;
  readonly contentType: string;
}

/** Takes the bytes of one part as they come. */
export interface PartSink {
  write(bytes: Buffer): void;
  end(): void;
}

const LONGEST_HEAD = 16_384;
const LINE_END = '\r\n';

/** Reads a multipart body as it comes, part by part, and keeps nothing. Throws `Refusal` 400 for a broken one. */
export async function readMultipart(
  body: AsyncIterable<Buffer>,
  contentType: string,
  openPart: (head: PartHead) => PartSink,
): Promise<void> {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)?.slice(1).find(Boolean);
  if (boundary === undefined) {
    throw broken('there is no boundary');
  }

  const parser = createParser(Buffer.from(`${LINE_END}--${boundary}`), openPart);
  for await (const chunk of body) {
    parser.take(chunk);
  }
  parser.end();
}

type Place = 'content' | 'after-boundary' | 'head' | 'end';

function createParser(delimiter: Buffer, openPart: (head: PartHead) => PartSink) {
  let place: Place = 'content';
  let part: PartSink | undefined;
  // The first boundary has no line before it, all others do.
  let pending: Buffer = Buffer.from(LINE_END);

  /** Goes on as far as the bytes reach; false asks for more. */
  const steps: Readonly<Record<Place, () => boolean>> = {
    content: () => {
      const end = pending.indexOf(delimiter);
      const safe = end < 0 ? Math.max(0, pending.length - delimiter.length + 1) : end;
      if (safe > 0) {
        part?.write(pending.subarray(0, safe));
      }
      pending = pending.subarray(end < 0 ? safe : end + delimiter.length);
      if (end < 0) {
        return false;
      }

      part?.end();
      part = undefined;
      place = 'after-boundary';
      return true;
    },
    'after-boundary': () => {
      if (pending.length < 2) {
        return false;
      }

      place = pending.subarray(0, 2).toString('latin1') === '--' ? 'end' : 'head';
      pending = pending.subarray(2);
      return true;
    },
    head: () => {
      const end = pending.indexOf(LINE_END + LINE_END);
      if (end < 0) {
        if (pending.length > LONGEST_HEAD) {
          throw broken('the head of a part has no end');
        }
        return false;
      }

      part = openPart(readHead(pending.subarray(0, end).toString('utf8')));
      pending = pending.subarray(end + 4);
      place = 'content';
      return true;
    },
    end: () => false,
  };

  return {
    take: (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      while (steps[place]()) {}
    },
    end: () => {
      if (place !== 'end') {
        throw broken('the body ends too early');
      }
    },
  };
}

function readHead(text: string): PartHead {
  const header = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(text)?.[1]?.trim();
  const disposition = header('content-disposition') ?? '';
  const parameter = (name: string) => new RegExp(`[;\\s]${name}="((?:[^"\\\\]|\\\\.)*)"`, 'i').exec(disposition)?.[1];
  return {
    field: parameter('name') ?? '',
    fileName: parameter('filename')
      ?.replace(/\\(.)/g, '$1')
      .replace(/%(22|0D|0A)/g, (escaped) => decodeURIComponent(escaped)),
    contentType: header('content-type') ?? 'application/octet-stream',
  };
}

function broken(reason: string): Refusal {
  return new Refusal(400, [`The multipart body cannot be read: ${reason}`]);
}

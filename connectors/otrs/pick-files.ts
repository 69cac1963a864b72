import type { Writable } from 'node:stream';
import { endPieces, openSpool, type Spool, writePiece } from '../../src/files/spool.ts';
import { createDecoder } from './base64.ts';
import type { Scan, Sink } from './document.ts';

export interface WantedFile {
  readonly articleId: string;
  readonly fileId: string;
  readonly name: string;
  /** Bytes, at least one. */
  readonly size: number;
  /** Where its bytes go; ended once they are there. */
  open(): Promise<Writable>;
  /** What it fails with fails everything: the others come along where they can. */
  readonly isNeeded: boolean;
}

/** What an answer of TicketGet turned out to be. */
export type Picked =
  | { readonly outcome: 'read'; readonly written: ReadonlySet<WantedFile> }
  | { readonly outcome: 'error'; readonly code: string; readonly message: string };

const ARTICLE = 'Ticket.Article';
const FILE = 'Ticket.Article.Attachment';
const KEPT = new Set(['ArticleID', 'FileID', 'Filename', 'FilesizeRaw', 'ErrorCode', 'ErrorMessage']);

/**
 * Finds files in a ticket that comes with the contents of all its files, in the memory of one piece of them. OTRS writes
 * keys in random order, or a content before its name: one that comes before the ids that belong to it waits on the disk,
 * unless its name or size already tells that it is none of those that are wanted.
 */
export async function pickFiles(
  scan: Scan,
  wanted: readonly WantedFile[],
  folder: string | undefined,
): Promise<Picked> {
  const contents = collectContents(wanted, folder);
  const failure = new Map<string, string>();
  try {
    await scan({
      begin: contents.begin,
      end: contents.end,
      string(path) {
        const [, key = ''] = /\.([^.]+)$/.exec(path) ?? [];
        return path === `${FILE}.Content` ? contents.take() : KEPT.has(key) ? 'keep' : 'skip';
      },
      value(path, text) {
        const [, holder = '', key = ''] = /^(.*)\.([^.]+)$/.exec(path) ?? [];
        const values = { ...contents.values, Error: failure }[holder];
        values?.set(key, text);
      },
    });
  } finally {
    await contents.close();
  }

  const code = failure.get('ErrorCode');
  return code !== undefined
    ? { outcome: 'error', code, message: failure.get('ErrorMessage') ?? '' }
    : { outcome: 'read', written: contents.written };
}

/** A content that came before it was known whose it is. */
interface Stray {
  readonly spool: Spool;
  readonly keys: ReadonlyMap<string, string>;
}

/** What is known about the article and the file under way, and where contents go meanwhile. */
function collectContents(wanted: readonly WantedFile[], folder: string | undefined) {
  const article = new Map<string, string>();
  const file = new Map<string, string>();
  const values: Readonly<Record<string, Map<string, string>>> = { [ARTICLE]: article, [FILE]: file };
  const written = new Set<WantedFile>();
  /** The wanted file under way, where it is known to be one; otherwise its content and how much of it has come. */
  let target: Target | undefined;
  let current: Spool | undefined;
  let arrived = 0;
  /** Contents of this article that nobody has claimed yet. */
  const strays: Stray[] = [];

  const possible = (keys: ReadonlyMap<string, string>) =>
    wanted.filter((each) => !written.has(each) && fits(each, article, keys));

  const endFile = async () => {
    const [done, spool] = [target, current];
    target = undefined;
    current = undefined;
    await done?.end();
    if (spool !== undefined && possible(file).some(({ size }) => size === arrived)) {
      strays.push({ spool, keys: new Map(file) });
    } else {
      await spool?.close();
    }
  };

  const endArticle = async () => {
    for (const { spool, keys } of [...strays]) {
      const [owner] = possible(keys);
      if (owner !== undefined) {
        written.add(owner);
        await copy(spool, writeTo(owner));
      }
      strays.shift();
      await spool.close();
    }
  };

  return {
    values,
    written,
    begin: (path: string) => values[path]?.clear(),
    end: (path: string) => (path === FILE ? endFile() : path === ARTICLE ? endArticle() : undefined),

    take(): Sink | 'skip' {
      const files = possible(file);
      const [first] = files;
      if (first === undefined) {
        return 'skip';
      }

      const decode = createDecoder();
      if (article.has('ArticleID') && file.has('FileID')) {
        written.add(first);
        const writing = writeTo(first);
        target = writing;
        return (piece) => writing.take(decode(piece));
      }

      const most = Math.max(...files.map(({ size }) => size));
      arrived = 0;
      return async (piece) => {
        const bytes = decode(piece);
        arrived += bytes.length;
        // What is longer than any of them is none of them, and need not fill the disk.
        if (arrived <= most) {
          current ??= await openSpool(most, folder);
          await writePiece(current.into, bytes);
        }
      };
    },

    async close() {
      await current?.close();
      for (const { spool } of strays) {
        await spool.close();
      }
    },
  };
}

interface Target {
  take(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
}

/** Writes a file as its bytes come. What is only welcome must not fail what is needed. */
function writeTo(owner: WantedFile): Target {
  let into: Writable | undefined;
  let isBroken = false;
  const attempt = async (work: () => Promise<void>) => {
    try {
      await (isBroken ? undefined : work());
    } catch (thrown) {
      isBroken = true;
      if (owner.isNeeded) {
        throw thrown;
      }
    }
  };

  return {
    take: (bytes) =>
      attempt(async () => {
        into ??= await owner.open();
        await writePiece(into, bytes);
      }),
    end: () => attempt(async () => endPieces(into ?? (await owner.open()))),
  };
}

function fits(
  { articleId, fileId, name, size }: WantedFile,
  article: ReadonlyMap<string, string>,
  file: ReadonlyMap<string, string>,
): boolean {
  const isOther = (found: string | undefined, known: string) => found !== undefined && found !== known;
  return !(
    isOther(article.get('ArticleID'), articleId) ||
    isOther(file.get('FileID'), fileId) ||
    isOther(file.get('Filename'), name) ||
    isOther(file.get('FilesizeRaw'), String(size))
  );
}

async function copy(spool: Spool, target: Target): Promise<void> {
  await endPieces(spool.into);
  for await (const piece of spool.read()) {
    await target.take(piece);
  }
  await target.end();
}

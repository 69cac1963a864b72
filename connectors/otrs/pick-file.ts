import type { Writable } from 'node:stream';
import { endPieces, openSpool, type Spool, writePiece } from '../../src/files/spool.ts';
import { createDecoder } from './base64.ts';
import type { Scan, Sink } from './document.ts';

export interface WantedFile {
  readonly articleId: string;
  readonly fileId: string;
  readonly name: string;
  readonly size: number;
}

/** What an answer of TicketGet turned out to be. */
export type Picked =
  | { readonly outcome: 'written' }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'error'; readonly code: string; readonly message: string };

const ARTICLE = 'Ticket.Article';
const FILE = 'Ticket.Article.Attachment';
const KEPT = new Set(['ArticleID', 'FileID', 'Filename', 'FilesizeRaw', 'ErrorCode', 'ErrorMessage']);

/**
 * Finds one file in a ticket that comes with the contents of all its files, in the memory of one piece of it. OTRS
 * writes keys in random order, or a content before its name: one that comes before the ids that belong to it waits on the
 * disk, unless its name or size already tells that it is another one. Ends `into` only when the file is in it.
 */
export async function pickFile(
  scan: Scan,
  wanted: WantedFile,
  into: Writable,
  folder: string | undefined,
): Promise<Picked> {
  const contents = collectContents(wanted, into, folder);
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
    : { outcome: contents.isWritten() ? 'written' : 'missing' };
}

/** What is known about the article and the file under way, and where contents go meanwhile. */
function collectContents(wanted: WantedFile, into: Writable, folder: string | undefined) {
  const article = new Map<string, string>();
  const file = new Map<string, string>();
  const values: Readonly<Record<string, Map<string, string>>> = { [ARTICLE]: article, [FILE]: file };
  /** The content of the file under way with what has come of it, and of the file of this article with the right id. */
  let current: Spool | undefined;
  let arrived = 0;
  let candidate: Spool | undefined;
  let isWritten = false;

  const isOther = () =>
    isWritten ||
    differs(article.get('ArticleID'), wanted.articleId) ||
    differs(file.get('FileID'), wanted.fileId) ||
    differs(file.get('Filename'), wanted.name) ||
    differs(file.get('FilesizeRaw'), String(wanted.size));

  return {
    values,
    isWritten: () => isWritten,
    begin: (path: string) => values[path]?.clear(),

    take(): Sink | 'skip' {
      if (isOther()) {
        return 'skip';
      }

      const decode = createDecoder();
      if (article.has('ArticleID') && file.has('FileID')) {
        isWritten = true;
        return (piece) => writePiece(into, decode(piece));
      }

      arrived = 0;
      return async (piece) => {
        const bytes = decode(piece);
        arrived += bytes.length;
        // What is longer than the wanted one is another, and need not fill the disk.
        if (arrived <= wanted.size) {
          current ??= await openSpool(wanted.size, folder);
          await writePiece(current.into, bytes);
        }
      };
    },

    async end(path: string) {
      if (path === FILE) {
        const found = current;
        current = undefined;
        const isWanted = found !== undefined && arrived <= wanted.size && candidate === undefined && !isOther();
        candidate = isWanted ? found : candidate;
        await (isWanted ? undefined : found?.close());
      }
      if (path === ARTICLE) {
        const found = candidate;
        candidate = undefined;
        if (found !== undefined && article.get('ArticleID') === wanted.articleId) {
          isWritten = true;
          await copy(found, into);
        }
        await found?.close();
      }
    },

    async close() {
      await current?.close();
      await candidate?.close();
    },
  };
}

function differs(found: string | undefined, wanted: string): boolean {
  return found !== undefined && found !== wanted;
}

async function copy(spool: Spool, into: Writable): Promise<void> {
  await endPieces(spool.into);
  for await (const piece of spool.read()) {
    await writePiece(into, piece);
  }
}

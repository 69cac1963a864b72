import type { Writable } from 'node:stream';
import type { FileContent } from '../../src/connector.ts';
import type { CommentDraft } from '../../src/domain/action.ts';
import { type Attachment, nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import { endPieces } from '../../src/files/spool.ts';
import { toArticle } from './article.ts';
import { encodedLength } from './base64.ts';
import type { Scan } from './document.ts';
import { ofErrorCode, ofUnreadable } from './failure.ts';
import type { OtrsOptions } from './options.ts';
import { pickFile, type WantedFile } from './pick-file.ts';
import type { Session } from './session.ts';
import type { TicketCalls } from './ticket-calls.ts';
import { CONTENT, type Request } from './transport.ts';
import { updated, type WireArticle } from './wire.ts';

export interface FileParts {
  readonly options: OtrsOptions;
  readonly session: Session;
  readonly tickets: TicketCalls;
  /** Where contents wait whose owner is not known yet. */
  readonly folder: string | undefined;
}

/** Articles that may come in between the list and the call that counts from its end. */
const SLACK = 3;

/**
 * Writes one file into `into`. OTRS gives the contents of all files of all articles or of none, so only as many articles
 * are asked for as it takes to reach the right one. Throws `FILE_REFUSED` for a file that is gone.
 */
export async function fetchFile(
  { options, session, tickets, folder }: FileParts,
  ref: Ref,
  attachment: Attachment,
  into: Writable,
  signal: AbortSignal,
): Promise<void> {
  const { Article } = await tickets.get(ref, signal);
  const articles = Article.toSorted((left, right) => Number(left.ArticleID) - Number(right.ArticleID));
  const wanted = wantedOf(attachment);
  const index = articles.findIndex((article) => holds(article, wanted));
  if (index < 0) {
    throw new BridgeError('FILE_REFUSED', `«${attachment.name}» is not in ticket ${nameOf(ref)} any more`, {
      details: { reason: 'gone' },
    });
  }

  if (wanted.size > 0) {
    await receive(index);
  }
  await endPieces(into);

  async function receive(at: number): Promise<void> {
    const isNearEnd = articles.length - at + SLACK < at + 1;
    const limit = isNearEnd ? articles.length - at + SLACK : at + 1;
    const asked = isNearEnd ? articles.slice(-limit) : articles.slice(0, limit);
    const request: Request = {
      operation: 'ticket_get',
      effect: 'read',
      purpose: `read «${attachment.name}» of ticket ${nameOf(ref)}`,
      path: { TicketID: ref.id },
      bytes: encodedLength(asked.reduce((sum, article) => sum + sizeOf(article), 0)),
      data: {
        AllArticles: 1,
        Attachments: 1,
        GetAttachmentContents: 1,
        ArticleOrder: isNearEnd ? 'DESC' : 'ASC',
        ArticleLimit: limit,
      },
    };
    await session.receive(request, (scan) => pick(request, scan, wanted, into, folder, options), signal);
  }
}

async function pick(
  request: Request,
  scan: Scan,
  wanted: WantedFile,
  into: Writable,
  folder: string | undefined,
  { login }: OtrsOptions,
): Promise<void> {
  const picked = await pickFile(scan, wanted, into, folder);
  switch (picked.outcome) {
    case 'written':
      return;
    case 'error':
      throw ofErrorCode(request, picked.code, picked.message);
    case 'missing':
      throw ofUnreadable(request, '', `without the file that it lists (logged in as ${login})`);
  }
}

/** Writes an article with the file in one call; its content is read as it is sent. Answers with the file's id. */
export async function attachFile(
  { options, session }: FileParts,
  ref: Ref,
  file: FileContent,
  note: CommentDraft,
  key: string,
  signal: AbortSignal,
): Promise<string> {
  if (file.size > options.max_file_megabytes * 1_048_576) {
    throw tooLarge(file, `otrs.max_file_megabytes is ${options.max_file_megabytes}`);
  }

  const attachment = { ContentType: mimeOf(file), Filename: storableName(file.name), Content: CONTENT };
  const { ArticleID } = await session
    .call(
      {
        operation: 'ticket_update',
        effect: 'write',
        purpose: `put «${file.name}» into ticket ${nameOf(ref)}`,
        path: { TicketID: ref.id },
        data: { ...toArticle(note, key, options), Attachment: [attachment] },
        content: file,
        bytes: encodedLength(file.size),
      },
      updated,
      signal,
    )
    .catch((thrown: unknown) => {
      throw isTooLarge(thrown) ? tooLarge(file, 'the web server in front of OTRS refuses it (413)') : thrown;
    });
  if (ArticleID === undefined) {
    throw new BridgeError('ANSWER_UNREADABLE', `OTRS did not name the article with «${file.name}» in ${nameOf(ref)}`, {
      disposition: 'in-doubt',
    });
  }

  return `${ArticleID}/${ONLY_FILE}`;
}

/** OTRS numbers the files of an article, and this article has one. */
const ONLY_FILE = '1';

/** OTRS takes nothing but a plain media type. */
function mimeOf({ contentType }: FileContent): string {
  return /^[a-z]+\/[\w.+-]+/i.exec(contentType)?.[0] ?? 'application/octet-stream';
}

/** A name without folders and characters that OTRS would replace in ways of its own. */
function storableName(name: string): string {
  const clean = name
    .toWellFormed()
    .replace(/^.*[/\\]/u, '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '')
    .trim();
  return clean === '' ? 'file' : clean;
}

function wantedOf({ id, name, size }: Attachment): WantedFile {
  const [articleId = '', fileId = ''] = id.split('/', 2);
  return { articleId, fileId, name, size };
}

function holds(article: WireArticle, { articleId, fileId, name, size }: WantedFile): boolean {
  return (
    article.ArticleID === articleId &&
    article.Attachment.some(
      (file) => file.FileID === fileId && file.Filename === name && Number(file.FilesizeRaw) === size,
    )
  );
}

function sizeOf({ Attachment, Body }: WireArticle): number {
  return Attachment.reduce((sum, { FilesizeRaw }) => sum + (Number(FilesizeRaw) || 0), Body.length);
}

function isTooLarge(thrown: unknown): boolean {
  return thrown instanceof BridgeError && thrown.details.status === 413;
}

function tooLarge(file: FileContent, reason: string): BridgeError {
  return new BridgeError('FILE_REFUSED', `«${file.name}» has ${file.size} bytes, and ${reason}`, {
    details: { reason: 'too-large-for-target', size: file.size },
  });
}

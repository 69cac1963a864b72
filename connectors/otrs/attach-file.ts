import type { FileContent } from '../../src/connector.ts';
import type { CommentDraft } from '../../src/domain/action.ts';
import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import { toArticle } from './article.ts';
import { encodedLength } from './base64.ts';
import type { OtrsOptions } from './options.ts';
import type { Session } from './session.ts';
import { CONTENT } from './transport.ts';
import { updated } from './wire.ts';

export interface AttachParts {
  readonly options: OtrsOptions;
  readonly session: Session;
}

/** Writes an article with the file in one call; its content is read as it is sent. Answers with the file's id. */
export async function attachFile(
  { options, session }: AttachParts,
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

function isTooLarge(thrown: unknown): boolean {
  return thrown instanceof BridgeError && thrown.details.status === 413;
}

function tooLarge(file: FileContent, reason: string): BridgeError {
  return new BridgeError('FILE_REFUSED', `«${file.name}» has ${file.size} bytes, and ${reason}`, {
    details: { reason: 'too-large-for-target', size: file.size },
  });
}

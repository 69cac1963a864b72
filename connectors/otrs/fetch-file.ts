import type { Writable } from 'node:stream';
import type { Nearby } from '../../src/connector.ts';
import { type Attachment, nameOf, type Ref, type Snapshot } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import { endPieces } from '../../src/files/spool.ts';
import { encodedLength } from './base64.ts';
import { ofErrorCode, ofUnreadable } from './failure.ts';
import type { OtrsOptions } from './options.ts';
import { pickFiles, type WantedFile } from './pick-files.ts';
import { type ArticlePlace, type FetchPlan, planFetch, type SenderType, senderOf } from './plan-fetch.ts';
import type { Session } from './session.ts';
import type { TicketCalls } from './ticket-calls.ts';
import type { Request } from './transport.ts';
import type { WireArticle } from './wire.ts';

export interface FetchParts {
  readonly options: OtrsOptions;
  readonly session: Session;
  readonly tickets: TicketCalls;
  /** Where contents wait whose owner is not known yet. */
  readonly folder: string | undefined;
}

/**
 * Writes one file into `into`. OTRS gives the contents of all files of the articles that it is asked for or of none, so as few
 * articles are asked for as reach the right one, and what is wanted next comes with it where that costs little. Throws
 * `FILE_REFUSED` for a file that is gone.
 */
export async function fetchFile(
  parts: FetchParts,
  ref: Ref,
  attachment: Attachment,
  into: Writable,
  signal: AbortSignal,
  nearby?: Nearby,
): Promise<void> {
  const first = wantedOf(attachment, async () => into, true);
  const known = nearby === undefined ? undefined : placesOf(nearby.of);
  const places = known ?? (await listPlaces(parts, ref, attachment, signal));
  if (first.size === 0) {
    await endPieces(into);
    return;
  }

  const others = (nearby?.next ?? []).map((each) => wantedOf(each.attachment, each.open, false));
  const wanted = [first, ...others.filter(({ size }) => size > 0)];
  const bytes = new Map<string, number>();
  for (const { articleId, size } of wanted) {
    bytes.set(articleId, (bytes.get(articleId) ?? 0) + size);
  }
  const plan = planFetch(places, first.articleId, bytes);
  const written = plan === undefined ? new Set() : await receive(parts, ref, attachment, plan, wanted, signal);
  if (written.has(first)) {
    return;
  }

  // The ticket is not as it was read, or OTRS counts articles in it that it does not show.
  const fresh = known === undefined ? places : await listPlaces(parts, ref, attachment, signal);
  const all: FetchPlan = { order: 'ASC', limit: 0, bytes: fresh.reduce((sum, each) => sum + each.bytes, 0) };
  const left = wanted.filter((each) => !written.has(each));
  if (known === undefined || !(await receive(parts, ref, attachment, all, left, signal)).has(first)) {
    const request = requestFor(ref, attachment, all);
    throw ofUnreadable(request, '', `without the file that it lists (logged in as ${parts.options.login})`);
  }
}

async function receive(
  { session, folder }: FetchParts,
  ref: Ref,
  attachment: Attachment,
  plan: FetchPlan,
  wanted: readonly WantedFile[],
  signal: AbortSignal,
): Promise<ReadonlySet<unknown>> {
  const request = requestFor(ref, attachment, plan);
  const picked = await session.receive(request, (scan) => pickFiles(scan, wanted, folder), signal);
  if (picked.outcome === 'error') {
    throw ofErrorCode(request, picked.code, picked.message);
  }

  return picked.written;
}

/** Without a limit all articles come. */
function requestFor(ref: Ref, { name }: Attachment, { sender, order, limit, bytes }: FetchPlan): Request {
  return {
    operation: 'ticket_get',
    effect: 'read',
    purpose: `read «${name}» of ticket ${nameOf(ref)}`,
    path: { TicketID: ref.id },
    bytes: encodedLength(bytes),
    data: {
      AllArticles: 1,
      Attachments: 1,
      GetAttachmentContents: 1,
      ...(sender === undefined ? {} : { ArticleSenderType: sender }),
      ...(limit === 0 ? {} : { ArticleOrder: order, ArticleLimit: limit }),
    },
  };
}

/** The articles of the ticket as it was read. */
function placesOf({ comments, attachments }: Snapshot): readonly ArticlePlace[] {
  const bytes = new Map<string, number>();
  for (const { commentId = '', size } of attachments) {
    bytes.set(commentId, (bytes.get(commentId) ?? 0) + size);
  }
  return comments
    .toSorted((left, right) => Number(left.id) - Number(right.id))
    .map(({ id, by, text }) => ({ id, sender: senderOf(by), bytes: text.length + (bytes.get(id) ?? 0) }));
}

/** The articles of the ticket as it is now. Throws `FILE_REFUSED` if none of them has the file. */
async function listPlaces(
  { tickets }: FetchParts,
  ref: Ref,
  attachment: Attachment,
  signal: AbortSignal,
): Promise<readonly ArticlePlace[]> {
  const { Article } = await tickets.get(ref, signal);
  if (!Article.some((article) => holds(article, attachment))) {
    throw new BridgeError('FILE_REFUSED', `«${attachment.name}» is not in ticket ${nameOf(ref)} any more`, {
      details: { reason: 'gone' },
    });
  }

  return Article.toSorted((left, right) => Number(left.ArticleID) - Number(right.ArticleID)).map((article) => ({
    id: article.ArticleID,
    sender: article.SenderType as SenderType,
    bytes: sizeOf(article),
  }));
}

function wantedOf({ id, name, size }: Attachment, open: WantedFile['open'], isNeeded: boolean): WantedFile {
  const [articleId = '', fileId = ''] = id.split('/', 2);
  return { articleId, fileId, name, size, open, isNeeded };
}

function holds({ ArticleID, Attachment }: WireArticle, { id, name, size }: Attachment): boolean {
  return Attachment.some(
    ({ FileID, Filename, FilesizeRaw }) =>
      `${ArticleID}/${FileID}` === id && Filename === name && Number(FilesizeRaw) === size,
  );
}

function sizeOf({ Attachment, Body }: WireArticle): number {
  return Attachment.reduce((sum, { FilesizeRaw }) => sum + (Number(FilesizeRaw) || 0), Body.length);
}

import type { CommentDraft } from '../../../src/domain/action.ts';
import { nameOf, type Ref } from '../../../src/domain/ticket.ts';
import { BridgeError } from '../../../src/errors.ts';
import type { Gateway } from '../http/gateway.ts';
import { pathOf } from '../issue-path.ts';
import type { JiraOptions } from '../options.ts';
import { isCut } from '../text/limits.ts';
import { type WireComment, wireCommentPage, wireWritten } from '../wire.ts';

const PAGE_SIZE = 1_000;

/** All comments of an issue with their properties, read from the database and not from the index. */
export async function listComments(ref: Ref, gateway: Gateway, signal: AbortSignal): Promise<readonly WireComment[]> {
  const all: WireComment[] = [];
  for (;;) {
    const page = await gateway.send({
      method: 'GET',
      path: `${pathOf(ref)}/comment`,
      query: { expand: 'properties', startAt: all.length, maxResults: PAGE_SIZE },
      effect: 'none',
      shape: wireCommentPage,
      signal,
    });
    all.push(...page.comments);
    if (page.comments.length === 0 || all.length >= page.total) {
      return all;
    }
  }
}

/**
 * Adds a comment together with its marker and tells whether its text had to be cut. Throws `REFUSED` for an internal one
 * if the configuration does not say who may read it.
 */
export async function addComment(
  ref: Ref,
  comment: CommentDraft,
  key: string,
  options: JiraOptions,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<{ readonly id: string; readonly isCut: boolean }> {
  const dialect = await gateway.dialect(signal);
  const body = dialect.writeText(comment.text, options);
  const written = await gateway.send({
    method: 'POST',
    path: `${pathOf(ref)}/comment`,
    body: {
      body,
      ...restriction(comment, options),
      properties: [{ key: options.marker_property, value: { key } }],
    },
    about: nameOf(ref),
    effect: 'once',
    shape: wireWritten,
    signal,
  });
  return { id: written.id, isCut: isCut(dialect.readText(body), options) };
}

function restriction({ visibility }: CommentDraft, { internal_comments }: JiraOptions) {
  if (visibility === 'public') {
    return {};
  }

  if (internal_comments === undefined) {
    throw new BridgeError(
      'REFUSED',
      'the comment is internal, and jira.internal_comments does not name a role or group that may read it',
    );
  }

  return { visibility: { type: internal_comments.type, value: internal_comments.name } };
}

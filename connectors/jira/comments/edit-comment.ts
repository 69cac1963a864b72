import { z } from 'zod';
import { nameOf, type Ref } from '../../../src/domain/ticket.ts';
import { BridgeError } from '../../../src/errors.ts';
import type { Gateway } from '../http/gateway.ts';
import { pathOf } from '../issue-path.ts';
import { markerOf } from '../marker.ts';
import type { JiraOptions } from '../options.ts';
import { wireComment } from '../wire.ts';

/**
 * Gives a comment that the bridge wrote another text. JIRA takes an edit for the whole comment: without its restriction
 * it would become public, so restriction and marker are sent along. Throws `REFUSED` for a comment of somebody else.
 */
export async function editComment(
  ref: Ref,
  commentId: string,
  text: string,
  options: JiraOptions,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<void> {
  const path = `${pathOf(ref)}/comment/${encodeURIComponent(commentId)}`;
  const about = nameOf(ref);
  const { visibility, properties } = await gateway.send({
    method: 'GET',
    path,
    query: { expand: 'properties' },
    about,
    effect: 'none',
    shape: wireComment,
    signal,
  });
  const key = options.marker_property;
  const marker = markerOf(properties ?? [], key);
  if (marker === undefined) {
    throw new BridgeError('REFUSED', `comment ${commentId} of ${about} was not written by the bridge`);
  }

  await gateway.send({
    method: 'PUT',
    path,
    body: {
      body: (await gateway.dialect(signal)).writeText(text, options),
      ...(visibility ? { visibility } : {}),
      properties: [{ key, value: marker }],
    },
    about,
    effect: 'repeatable',
    shape: z.unknown(),
    signal,
  });
}

import type { Found } from '../../src/connector.ts';
import type { Action } from '../../src/domain/action.ts';
import type { Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import { listComments } from './comments/comments.ts';
import type { WireFields } from './fields.ts';
import type { Gateway } from './http/gateway.ts';
import { pathOf } from './issue-path.ts';
import { carrierOf, type Marker, markerJql, markerOf, showsMarker } from './marker.ts';
import type { JiraOptions } from './options.ts';
import { quoteJql } from './search.ts';
import { wireProperty } from './wire.ts';

/** More issues than one with the marker of one ticket are rare; a hundred would be a fault of the installation. */
const MOST_CANDIDATES = 100;

/** Looks an issue up by its marker. The index proves presence only, so one that is not found is `unclear`. */
export async function findIssue(
  action: Extract<Action, { do: 'open' }>,
  options: JiraOptions,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<Found> {
  const project = quoteJql(action.draft.project);
  const jql = `project = ${project} AND ${markerJql(action.origin, options)} ORDER BY created ASC`;
  const dialect = await gateway.dialect(signal);
  const search = dialect.search({ jql, size: MOST_CANDIDATES, fields: [carrierOf(options)] });
  const { issues } = await gateway.send({ ...search, effect: 'none', signal });
  for (const { id, key, fields = {} } of issues) {
    if (await isOpenedFor(action, { id, fields }, options, gateway, signal)) {
      return { outcome: 'present', ref: { system: action.system, id, key } };
    }
  }

  return { outcome: 'unclear', settleMs: options.settle_seconds * 1_000 };
}

/**
 * Looks a comment up in the issue itself. JIRA reads its database here, but may still be at work on the call that writes
 * the comment.
 */
export async function findComment(
  action: Extract<Action, { do: 'comment' }>,
  options: JiraOptions,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<Found> {
  const comments = await listComments(action.ref, gateway, signal);
  const found = comments.find(
    ({ properties }) => markerOf(properties ?? [], options.marker_property)?.key === action.key,
  );
  return found === undefined
    ? { outcome: 'unclear', settleMs: options.settle_seconds * 1_000 }
    : { outcome: 'present', ref: { system: action.ref.system, id: found.id } };
}

/**
 * The property proves it, for it cannot be typed by hand. An account that may not read properties goes by the text of
 * the field or summary.
 */
async function isOpenedFor(
  action: Extract<Action, { do: 'open' }>,
  issue: Pick<Ref, 'id'> & { readonly fields: WireFields },
  options: JiraOptions,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const marker = await readMarker(issue.id, options, gateway, signal);
    return marker?.key === action.key && marker.ticket === action.origin.id;
  } catch (error) {
    const isForbidden = error instanceof BridgeError && error.code === 'NOT_PERMITTED';
    if (isForbidden && options.marker.find_by !== 'label') {
      return showsMarker(issue.fields, action.origin, options);
    }
    throw error;
  }
}

async function readMarker(
  id: string,
  { marker_property }: JiraOptions,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<Marker | undefined> {
  try {
    const { value } = await gateway.send({
      method: 'GET',
      path: `${pathOf({ id })}/properties/${encodeURIComponent(marker_property)}`,
      effect: 'none',
      shape: wireProperty,
      signal,
    });
    return markerOf([{ key: marker_property, value }], marker_property);
  } catch (error) {
    if (error instanceof BridgeError && error.code === 'RECORD_NOT_READABLE') {
      return undefined;
    }
    throw error;
  }
}

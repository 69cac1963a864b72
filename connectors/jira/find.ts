import type { Found } from '../../src/connector.ts';
import type { Action } from '../../src/domain/action.ts';
import { BridgeError } from '../../src/errors.ts';
import { listComments } from './comments.ts';
import type { Gateway } from './gateway.ts';
import { pathOf } from './issue-path.ts';
import { type Marker, markerLabel, markerOf } from './marker.ts';
import type { JiraOptions } from './options.ts';
import { quoteJql } from './search.ts';
import { wireProperty } from './wire.ts';

/** More issues than one with the label of one ticket are rare; a hundred would be a fault of the installation. */
const MOST_CANDIDATES = 100;

/** Looks an issue up by its label. The index proves presence only, so one that is not found is `unclear`. */
export async function findIssue(
  action: Extract<Action, { do: 'open' }>,
  options: JiraOptions,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<Found> {
  const label = quoteJql(markerLabel(action.origin, options));
  const jql = `project = ${quoteJql(action.draft.project)} AND labels = ${label} ORDER BY created ASC`;
  const dialect = await gateway.dialect(signal);
  const search = dialect.search({ jql, size: MOST_CANDIDATES });
  const { issues } = await gateway.send({ ...search, effect: 'none', signal });
  for (const { id, key } of issues) {
    const marker = await readMarker(id, options, gateway, signal);
    if (marker?.key === action.key && marker.ticket === action.origin.id) {
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

/** A label can be typed by hand; the property cannot. */
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

import { z } from 'zod';
import type { Fields } from '../../src/domain/ticket.ts';
import type { WireFields } from './fields.ts';

const versions = z.array(z.object({ name: z.string(), released: z.boolean().nullish() })).nullish();

/**
 * The fix versions of an issue that are released, as a logical field of their own: JIRA tells it with each version. Read
 * only; empty where `fixVersions` is not among the configured fields.
 */
export function readReleasedVersions({ fixVersions }: Readonly<WireFields>): Fields {
  const released = (versions.safeParse(fixVersions).data ?? []).filter((version) => version.released === true);
  const names = released.map(({ name }) => name);
  const [first] = names;
  return first === undefined ? {} : { released_versions: names.length === 1 ? first : names };
}

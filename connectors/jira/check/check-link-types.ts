import type { ExpectedName, Finding } from '../../../src/connector.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Gateway } from '../http/gateway.ts';
import { readLinkTypes } from '../links/link-types.ts';
import { compareNames } from './check-names.ts';
import { ok } from './finding.ts';

/** Whether JIRA has the link types of the mappings, by id or any name. Asks nothing where they name none. */
export async function checkLinkTypes(
  gateway: Gateway,
  catalogue: Catalogue,
  expected: readonly ExpectedName[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (expected.length === 0) {
    return [];
  }

  const types = await readLinkTypes(gateway, signal);
  const names = types.map(({ name }) => name);
  const found = await Promise.all(expected.map(({ name }) => catalogue.find('linkType', name, signal)));
  const unknown = expected.filter((_, index) => found[index] === undefined);
  return [ok('link type', `names for the mappings: ${names.join(', ')}`), ...compareNames('link type', unknown, types)];
}

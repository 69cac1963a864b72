import type { ExpectedName, Finding } from '../../src/connector.ts';
import { compareNames } from './check-names.ts';
import { ok } from './finding.ts';
import type { Gateway } from './gateway.ts';
import { readLinkTypes } from './link-types.ts';

/** Whether JIRA has the link types of the mappings, by name or id. Asks nothing where they name none. */
export async function checkLinkTypes(
  gateway: Gateway,
  expected: readonly ExpectedName[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (expected.length === 0) {
    return [];
  }

  const types = await readLinkTypes(gateway, signal);
  const names = types.map(({ name }) => name);
  const byName = expected.filter(({ name }) => !types.some(({ id }) => id === name));
  return [
    ok('link type', `names for the mappings: ${names.join(', ')}`),
    ...compareNames('link type', byName, names, 'compared'),
  ];
}

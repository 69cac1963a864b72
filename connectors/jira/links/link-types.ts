import type { DateTime } from 'luxon';
import { z } from 'zod';
import { isSameText } from '../../../src/domain/condition.ts';
import { BridgeError } from '../../../src/errors.ts';
import { type Catalogue, findCalled } from '../catalogue.ts';
import type { Gateway } from '../http/gateway.ts';

const wireLinkType = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  name: z.string(),
  inward: z.string(),
  outward: z.string(),
});

export type LinkType = z.output<typeof wireLinkType>;

export interface LinkTypes {
  /** Throws `REFUSED` for a type that JIRA does not have, and where issue linking is switched off. */
  find(wanted: string, signal: AbortSignal): Promise<LinkType>;
  /** The next look asks JIRA again. */
  drop(): void;
}

/** The same for both ends: «relates to», not «blocks» and «is blocked by». */
export function isSymmetric({ inward, outward }: LinkType): boolean {
  return isSameText(inward, outward);
}

const KNOWN_FOR = { minutes: 10 };

/** The kinds of links between issues, kept for a while. */
export function createLinkTypes(gateway: Gateway, catalogue: Catalogue, now: () => DateTime): LinkTypes {
  let known: { readonly types: readonly LinkType[]; readonly until: DateTime } | undefined;

  const list = async (signal: AbortSignal): Promise<readonly LinkType[]> => {
    if (known === undefined || known.until <= now()) {
      known = { types: await readLinkTypes(gateway, signal), until: now().plus(KNOWN_FOR) };
    }
    return known.types;
  };

  return {
    find: async (wanted, signal) => {
      const types = await list(signal);
      // The catalogue also knows the names in other languages, and is asked only where those of the account do not help.
      const type =
        findCalled(types, wanted) ?? findCalled(types, (await catalogue.find('linkType', wanted, signal))?.id ?? '');
      if (type === undefined) {
        known = undefined;
        const names = types.map(({ name }) => `«${name}»`).join(', ');
        throw new BridgeError('REFUSED', `JIRA has no link type «${wanted}»; it has ${names}`, {
          details: { type: wanted, known: types.map(({ name }) => name) },
        });
      }

      return type;
    },
    drop: () => {
      known = undefined;
    },
  };
}

/** Throws `REFUSED` where issue linking is switched off. */
export async function readLinkTypes(gateway: Gateway, signal: AbortSignal): Promise<readonly LinkType[]> {
  try {
    const { issueLinkTypes } = await gateway.send({
      method: 'GET',
      path: '/issueLinkType',
      effect: 'none',
      shape: z.object({ issueLinkTypes: z.array(wireLinkType) }),
      signal,
    });
    return issueLinkTypes;
  } catch (error) {
    // The only way in which JIRA says so.
    throw error instanceof BridgeError && error.code === 'RECORD_NOT_READABLE'
      ? new BridgeError('REFUSED', 'issue linking is switched off in JIRA', { cause: error, details: error.details })
      : error;
  }
}

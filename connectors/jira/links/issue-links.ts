import type { DateTime } from 'luxon';
import { z } from 'zod';
import { nameOf, type Ref } from '../../../src/domain/ticket.ts';
import { BridgeError } from '../../../src/errors.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Gateway } from '../http/gateway.ts';
import { pathOf } from '../issue-path.ts';
import { locateIssue } from '../locate.ts';
import { createLinkTypes, isSymmetric, type LinkType } from './link-types.ts';

const wireEnd = z.object({ id: z.union([z.string(), z.number()]).transform(String), key: z.string() });

/** Each link shows its other end only: `outwardIssue` if it starts here, `inwardIssue` if it ends here. */
const wireLinked = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  key: z.string(),
  fields: z.object({
    issuelinks: z
      .array(
        z.object({
          type: z.object({ id: z.union([z.string(), z.number()]).transform(String) }),
          inwardIssue: wireEnd.nullish(),
          outwardIssue: wireEnd.nullish(),
        }),
      )
      .nullish(),
  }),
});

type WireLinked = z.output<typeof wireLinked>;

/** Links two issues, so that the first one shows the other under the outward name of the type. */
export type LinkIssues = (ref: Ref, to: Ref, type: string, signal: AbortSignal) => Promise<void>;

/**
 * Data Center stores the same link as often as it is asked to, Cloud refuses the second one. So the link is looked for
 * first, the ends of a symmetric type are put in order, and after a refusal being there is what counts.
 */
export function createIssueLinks(gateway: Gateway, catalogue: Catalogue, now: () => DateTime): LinkIssues {
  const types = createLinkTypes(gateway, catalogue, now);

  return async (ref, to, wanted, signal) => {
    const type = await types.find(wanted, signal);
    const here = await readLinks(ref, gateway, signal);
    const there = await findOther(to, here, gateway, signal);
    if (isLinked(here, there, type)) {
      return;
    }

    try {
      await write(here, there, type, gateway, signal);
    } catch (error) {
      const code = error instanceof BridgeError ? error.code : undefined;
      if (code !== 'REFUSED' && code !== 'RECORD_NOT_READABLE') {
        throw error;
      }

      if (isLinked(await readLinks(ref, gateway, signal), there, type)) {
        return;
      }

      // A 404 may also mean that linking has been switched off since: then the types say so.
      types.drop();
      await types.find(wanted, signal);
      throw error;
    }
  };
}

/** One read of the issue itself, which the index does not lag behind. */
function readLinks(ref: Ref, gateway: Gateway, signal: AbortSignal): Promise<WireLinked> {
  return gateway.send({
    method: 'GET',
    path: pathOf(ref),
    query: { fields: 'issuelinks' },
    about: nameOf(ref),
    effect: 'none',
    shape: wireLinked,
    signal,
  });
}

/** People name the other issue by a key, perhaps by one that it had before it was moved. */
async function findOther(to: Ref, here: WireLinked, gateway: Gateway, signal: AbortSignal) {
  const key = nameOf(to);
  const other = await locateIssue(key, gateway, to.system, signal);
  if (other === undefined) {
    throw new BridgeError('REFUSED', `JIRA shows the bridge no issue «${key}» to link ${here.key} with`);
  }

  if (other.id === here.id) {
    throw new BridgeError('REFUSED', `«${key}» is ${here.key} itself, and an issue is not linked with itself`);
  }

  return { id: other.id, key: nameOf(other) };
}

function isLinked({ fields }: WireLinked, { id }: { readonly id: string }, type: LinkType): boolean {
  return (fields.issuelinks ?? []).some(
    (link) =>
      link.type.id === type.id && (link.outwardIssue?.id === id || (isSymmetric(type) && link.inwardIssue?.id === id)),
  );
}

/** JIRA calls the end that a link starts from the inward issue. */
async function write(
  here: WireLinked,
  there: { readonly id: string; readonly key: string },
  type: LinkType,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<void> {
  const isTurned = isSymmetric(type) && Number(there.id) < Number(here.id);
  const [from, to] = isTurned ? [there, here] : [here, there];
  await gateway.send({
    method: 'POST',
    path: '/issueLink',
    body: { type: { name: type.name }, inwardIssue: { key: from.key }, outwardIssue: { key: to.key } },
    about: here.key,
    effect: 'repeatable',
    shape: z.unknown(),
    signal,
  });
}

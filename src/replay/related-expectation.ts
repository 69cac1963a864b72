import { z } from 'zod';
import type { Facts } from '../domain/facts.ts';
import { gapsFor, wantedSystems } from '../domain/related/opening.ts';
import type { RelatedPolicy, RelatedSystem } from '../domain/related/policy.ts';
import { proposeSystems } from '../domain/related/propose.ts';

const names = (description: string) => z.array(z.string()).optional().meta({ description });

/** What an example may expect of adjacent systems (R71), by their keys. */
export const relatedSchema = z
  .strictObject({
    named: names('Exactly these systems are proposed because the ticket names them.'),
    decided: names('Exactly these systems were chosen by the agent or by `when`.'),
    missing: names(
      'Exactly these are missing for tickets that are not opened yet: logical names of fields, or parts such as `text`.',
    ),
  })
  .refine((expected) => Object.keys(expected).length > 0, { message: 'say what is expected of adjacent systems' })
  .meta({ description: 'Adjacent systems, whatever of it is written down.' });

export type RelatedNames = Readonly<Record<keyof z.output<typeof relatedSchema>, readonly string[]>>;

/** What the rules found; nothing is wanted for a closed ticket. */
export function foundRelated({ ticket, link }: Facts, policy: RelatedPolicy): RelatedNames {
  const isOver = ticket.phase === 'done';
  const wanted = isOver ? [] : wantedSystems(ticket, policy);
  const linked = new Set(link.related.map(({ name }) => name));
  const isProposed = (system: RelatedSystem) =>
    proposeSystems(ticket, { ...policy, systems: [system] }, linked).because.length > 0;
  return {
    named: isOver || wanted.length > 0 ? [] : policy.systems.filter(isProposed).map(({ key }) => key),
    decided: wanted.map(({ system }) => system.key),
    missing: wanted
      .filter(({ system }) => !linked.has(system.key))
      .flatMap(({ system }) => gapsFor(system, ticket).map(({ part }) => part)),
  };
}

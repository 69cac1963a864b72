import { z } from 'zod';
import type { Facts } from '../domain/facts.ts';
import { judgeRelated, missingFor, type RelatedPolicy } from '../domain/related.ts';

const names = (description: string) => z.array(z.string()).optional().meta({ description });

/** What an example may expect of adjacent systems (R71), by their keys. */
export const relatedSchema = z
  .strictObject({
    named: names('Exactly these systems are proposed because the ticket names them.'),
    decided: names('Exactly these systems were chosen by the agent.'),
    missing: names('Exactly these fields are missing for the support of the chosen systems, by logical name.'),
  })
  .refine((expected) => Object.keys(expected).length > 0, { message: 'say what is expected of adjacent systems' })
  .meta({ description: 'Adjacent systems, whatever of it is written down.' });

export type RelatedNames = Readonly<Record<keyof z.output<typeof relatedSchema>, readonly string[]>>;

/** What the rules found, each system judged by itself. */
export function foundRelated(facts: Facts, policy: RelatedPolicy): RelatedNames {
  const systemsWith = (rule: string) =>
    policy.systems.filter((system) =>
      judgeRelated(facts, { ...policy, systems: [system] }).because.some((reason) => reason.rule === rule),
    );
  const decided = systemsWith('related-system-is-decided');
  return {
    named: systemsWith('related-system-is-named').map(({ key }) => key),
    decided: decided.map(({ key }) => key),
    missing: decided.flatMap((system) => missingFor(system, facts.ticket).map(({ field }) => field)),
  };
}

import { z } from 'zod';
import { clause, logicalField as field, text } from './schema-parts.ts';

const mandatory = z.strictObject({
  field: field('Logical name of the field in the ticket.'),
  title: text('Name of the field for people.'),
  clause,
});

const system = z.strictObject({
  key: text('Key of the dropdown in OTRS by which the agent decides.'),
  title: text('Name of the system for people.'),
  clause,
  service: text('Service of its support in OTRS.'),
  ticket_queue: text('Ticket queue of its support in OTRS.'),
  mandatory: z
    .array(mandatory)
    .default([])
    .meta({ description: 'Fields that must be filled before its support can be asked.' }),
  named_by: z
    .array(text('Words in any order within one sentence; `[side by side]`, `beginning*`.'))
    .default([])
    .meta({ description: 'How requesters call the system: then the bridge proposes it.' }),
});

export const relatedSystemsSchema = z
  .strictObject({
    decided_by: field('Logical name of the field by which the agent decides for an adjacent system.'),
    systems: z.array(system).meta({ description: 'Adjacent systems and the way to their support (R71).' }),
  })
  .meta({ description: 'Adjacent systems: who their support is and what it needs (R71).' });

import { z } from 'zod';
import { isZone } from '../domain/zone.ts';
import { clause, contact, template, text } from './schema-parts.ts';

const head = (line: string) =>
  z.strictObject({ ...contact, clause }).meta({ description: `Head of support line ${line}.` });

const branch = z.strictObject({
  name: text('Name of the branch, as letters and texts show it.'),
  clause,
  companies: z
    .array(text('CustomerID of a customer company in OTRS.'))
    .min(1)
    .meta({ description: 'Customer companies of OTRS whose people belong to the branch.' }),
  zone: z
    .string()
    .refine(isZone, { message: 'is no time zone; use an IANA name such as Asia/Novosibirsk' })
    .optional()
    .meta({ description: 'IANA time zone of the branch, for people; deadlines do not depend on it.' }),
  curators: z
    .array(z.strictObject(contact))
    .min(1, 'a branch needs at least one curator')
    .meta({ description: 'Curators of the branch (R4, R32).' }),
});

const account = z.strictObject({
  agent: text('Login of the agent in OTRS.'),
  user: text('User in JIRA: user name on Data Center, account id on Cloud.'),
});

const employees = z
  .strictObject({
    domains: z
      .array(
        z
          .string()
          .regex(/^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u, 'a domain such as rt.ru, without @')
          .meta({ description: 'Domain of e-mail addresses.' }),
      )
      .min(1)
      .meta({ description: 'Domains whose senders are employees.' }),
    subdomains: z
      .enum(['included', 'excluded'])
      .default('included')
      .meta({ description: 'Whether sub-domains of these count too.' }),
    clause,
  })
  .meta({ description: 'Whose letters are taken in (R8).' });

export const peopleSchema = z
  .strictObject({
    branches: z.array(branch).min(1).meta({ description: 'Regional branches (МРФ) and their curators.' }),
    heads: z
      .strictObject({ line_2: head('2'), line_3: head('3') })
      .meta({ description: 'Who watches the tickets of a support line (R33).' }),
    people: z
      .array(account)
      .default([])
      .meta({ description: 'People of line 3 in both systems: agent of OTRS and user of JIRA.' }),
    assignee: z
      .strictObject({
        clause,
        note: z.strictObject({ subject: template('Subject of the note.'), text: template('Text of the note.') }),
      })
      .meta({ description: 'The internal note about an agent to whom JIRA does not assign the issue.' }),
    employees,
  })
  .meta({
    description: 'Branches, curators, heads of the support lines and people in both systems (R1, R4, R32, R33).',
  });

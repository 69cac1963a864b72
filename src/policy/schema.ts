import type { z } from 'zod';
import { accessSchema } from './access-schema.ts';
import { assignmentsSchema } from './assignments-schema.ts';
import { attachmentsSchema } from './attachments-schema.ts';
import { clockSchema } from './clock-schema.ts';
import { closureSchema } from './closure-schema.ts';
import { commentsSchema } from './comments-schema.ts';
import { completenessSchema } from './completeness-schema.ts';
import { delaysSchema } from './delays-schema.ts';
import { endingsSchema } from './endings-schema.ts';
import { escalationSchema } from './escalation-schema.ts';
import { peopleSchema } from './people-schema.ts';
import { prioritySchema } from './priority-schema.ts';
import { relatedSystemsSchema } from './related-systems-schema.ts';
import { servicesSchema } from './services-schema.ts';
import { slaSchema } from './sla-schema.ts';
import { statusSchema } from './status-schema.ts';

/** One schema per file of the mappings folder; the key is the file's name without `.yaml`. */
export const mappingSchemas = {
  services: servicesSchema,
  escalation: escalationSchema,
  priority: prioritySchema,
  completeness: completenessSchema,
  comments: commentsSchema,
  status: statusSchema,
  closure: closureSchema,
  sla: slaSchema,
  clock: clockSchema,
  people: peopleSchema,
  access: accessSchema,
  assignments: assignmentsSchema,
  attachments: attachmentsSchema,
  endings: endingsSchema,
  delays: delaysSchema,
  'related-systems': relatedSystemsSchema,
} as const;

export type MappingName = keyof typeof mappingSchemas;

export type Mappings = { readonly [Name in MappingName]: z.output<(typeof mappingSchemas)[Name]> };

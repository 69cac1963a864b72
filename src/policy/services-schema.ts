import { z } from 'zod';
import { clause, text } from './schema-parts.ts';

export const servicesSchema = z
  .strictObject({
    services: z
      .array(z.strictObject({ service: text('Name of the service in OTRS.'), clause }))
      .min(1)
      .meta({ description: 'Services whose tickets the bridge looks after.' }),
  })
  .meta({ description: 'Which tickets are ours (R14).' });

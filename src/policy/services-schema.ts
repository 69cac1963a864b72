import { z } from 'zod';
import { serviceKinds } from '../domain/scope.ts';
import { clause, text } from './schema-parts.ts';

export const servicesSchema = z
  .strictObject({
    services: z
      .array(
        z.strictObject({
          service: text('Name of the service in OTRS.'),
          kind: z.enum(serviceKinds).meta({
            description: 'What is asked for: help with the system, access to it, or help with an access.',
          }),
          type: text('Type of the tickets of this service in OTRS (R15).'),
          clause,
        }),
      )
      .min(1)
      .meta({ description: 'Services whose tickets the bridge looks after.' }),
  })
  .meta({ description: 'Which tickets are ours and of which type they are (R14, R15).' });

import { z } from 'zod';

/**
 * The options of one connected system. `kind` and `webhook` stand in the same section, which takes over these keys one by
 * one: a rule about several of them together would be lost.
 */
export const httpTicketsOptions = z
  .strictObject({
    base_url: z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ''))
      .describe('Address of the interface, up to and without `/tickets`.'),
    token: z.string().min(1).meta({ description: 'Token of the bridge’s account.', secret: true }),
    account: z
      .string()
      .min(1)
      .optional()
      .describe('Login of the bridge’s account. Webhooks about its own changes are dropped at the door.'),
    fields: z
      .record(z.string().min(1), z.string().min(1))
      .default({ parent_ticket: 'parent_ticket', external_number: 'external_number', solution: 'solution' })
      .describe('Fields of its tickets by their logical names in the mappings.'),
    timeout_seconds: z
      .number()
      .positive()
      .max(300)
      .default(20)
      .describe('Longest time of one call. After twice that an effect that cannot be found is taken for absent.'),
  })
  .describe('A ticket system with a plain interface over HTTP and JSON: the worked example of a connector.');

export type HttpTicketsOptions = z.output<typeof httpTicketsOptions>;

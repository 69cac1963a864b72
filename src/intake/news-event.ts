import { z } from 'zod';
import type { News, NewsType } from '../domain/news.ts';
import { ownSource, typePrefix } from './cloud-event.ts';

export const newsTypes = [
  'issue-opened',
  'deadline-near',
  'deadline-missed',
  'closed',
  'dead-letter',
  'dead-letter-resolved',
] as const satisfies readonly NewsType[];

const record = z.strictObject({
  system: z.string().min(1).max(64),
  id: z.string().min(1).max(100),
  key: z.string().min(1).max(100).optional(),
});

const newsData = z.strictObject({
  ticket: record.optional(),
  issue: record.optional(),
  priority: z.int().min(1).max(4).optional(),
  stage: z.enum(['reaction', 'diagnosis', 'workaround', 'resolution']).optional(),
  deadline: z.iso.datetime().optional(),
  share: z.int().min(1).max(99).optional(),
  letter: z.string().optional(),
  code: z
    .string()
    .regex(/^[A-Z_]+$/)
    .optional(),
  system: z.string().optional(),
  action: z.string().optional(),
  outcome: z.string().optional(),
});

/** A news as it is published; what is not named here, a text above all, does not leave the bridge. */
export const newsEvent = z.strictObject({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(255),
  source: z.literal(ownSource),
  type: z.enum(newsTypes.map((type) => `${typePrefix}${type}` as const)),
  subject: z.string().optional(),
  time: z.iso.datetime(),
  sequence: z.string().regex(/^\d{20}$/),
  datacontenttype: z.literal('application/json'),
  data: newsData,
});

export type NewsEvent = z.infer<typeof newsEvent>;

/** `position` rises from one to the next of a ticket, so whoever gets an old one again can tell by `sequence`. */
export function toNewsEvent({ id, type, at, data, position }: News & { readonly position: number }): string {
  const { ticket } = data;
  const event = {
    specversion: '1.0',
    id,
    source: ownSource,
    type: `${typePrefix}${type}`,
    ...(ticket === undefined ? {} : { subject: `${ticket.system}/${ticket.id}` }),
    time: at.toUTC().toISO(),
    sequence: String(position).padStart(20, '0'),
    datacontenttype: 'application/json',
    data: Object.fromEntries(Object.entries(data).filter(([name]) => name in newsData.shape)),
  };
  return JSON.stringify(event);
}

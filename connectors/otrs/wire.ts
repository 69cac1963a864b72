import { z } from 'zod';

/**
 * OTRS's own JSON. The same value comes as number here and as string there (route parameters are echoed, Perl forgets
 * types), empty comes as null, '' or {} (XSLT), and one element of a list may come without its list.
 */
const isEmptyObject = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

/** UserID of the agent `root@localhost`: what a ticket without an owner shows as its owner. */
export const NOBODY = '1';

/** Text of whatever scalar; null, absent and {} are ''. */
export const text = z.preprocess(
  (value) => (value === null || value === undefined || isEmptyObject(value) ? '' : value),
  z.union([z.string(), z.number().transform(String), z.boolean().transform((value) => (value ? '1' : '0'))]),
);

/** An id as string; 0 and empty are no id. */
export const id = text.transform((value) => (value === '' || value === '0' ? undefined : value));

export function isTicketId(value: string): boolean {
  return /^[1-9]\d*$/.test(value);
}

const requiredId = text.refine(isTicketId, 'not an id');

const many = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((value) => {
    if (value === null || value === undefined || value === '' || isEmptyObject(value)) {
      return [];
    }
    return Array.isArray(value) ? value : [value];
  }, z.array(item));

/** An article whose writing failed half-way stays in the list for ever, without an id or anything else. */
const articles = (item: typeof article) =>
  z.preprocess(
    (value) => [value ?? []].flat().filter((each) => typeof each !== 'object' || each === null || 'ArticleID' in each),
    many(item),
  );

const dynamicField = z.object({
  Name: text,
  Value: z.preprocess(
    (value) => (value === undefined || isEmptyObject(value) ? '' : value),
    z.union([z.array(text), text]),
  ),
});

const attachment = z.object({
  FileID: text,
  Filename: text,
  ContentType: text,
  FilesizeRaw: text,
  Disposition: text,
});

const article = z.object({
  ArticleID: requiredId,
  Subject: text,
  Body: text,
  From: text,
  SenderType: text,
  IsVisibleForCustomer: text,
  CreateBy: text,
  CreateTime: text,
  ChangeTime: text,
  IncomingTime: text,
  DynamicField: many(dynamicField),
  Attachment: many(attachment),
});

const ticket = z.object({
  TicketID: requiredId,
  TicketNumber: text,
  Title: text,
  State: text,
  StateType: text,
  Priority: text,
  Type: text,
  Service: text,
  Queue: text,
  Owner: text,
  OwnerID: text,
  CustomerID: text,
  CustomerUserID: text,
  ArchiveFlag: text,
  Created: text,
  Changed: text,
  /** Seconds since it was created. */
  Age: text,
  DynamicField: many(dynamicField),
  Article: articles(article),
});

const historyEntry = z.object({
  ArticleID: id,
  CreateBy: text,
  CreateTime: text,
  HistoryType: text,
  Name: text,
  /** Who owned the ticket then. */
  OwnerID: id,
});

export type WireTicket = z.output<typeof ticket>;
export type WireArticle = z.output<typeof article>;
export type WireHistoryEntry = z.output<typeof historyEntry>;
export type WireDynamicField = z.output<typeof dynamicField>;

export const failure = z.object({ Error: z.object({ ErrorCode: text, ErrorMessage: text }) });
export const sessionCreated = z.object({ SessionID: z.string().min(1) });
export const sessionData = z.object({ SessionData: many(z.object({ Key: text, Value: text })) });
export const tickets = z.object({ Ticket: many(ticket) });
export const history = z.object({ TicketHistory: many(z.object({ TicketID: text, History: many(historyEntry) })) });
export const updated = z.object({ TicketID: requiredId, ArticleID: id });
export const created = z.object({ TicketID: requiredId, TicketNumber: id, ArticleID: id });
/** 0 where the two were linked in another way before. */
export const linked = z.object({ LinkAdded: text });
/** No hit comes as an empty object. */
export const searched = z.object({ TicketID: many(requiredId) });

import type { DateTime } from 'luxon';
import { contentOf, type FileContent } from '../../jira/file-content.ts';
import { toPlainText } from '../desk/html.ts';
import type { Channel, SandboxFile, SenderType } from '../desk/model.ts';
import type { SandboxTickets } from '../desk/tickets.ts';
import { articleFields, ticketFields } from '../world.ts';
import { type CheckedField, channels, charsetOf, senderTypes } from './check-article.ts';
import { OperationFault } from './refusal.ts';
import { type Data, isSet, textOf } from './values.ts';

/** What both operations that write need besides the request. */
export interface Writing {
  readonly tickets: SandboxTickets;
  readonly now: () => DateTime;
  readonly zone: string;
  readonly takeFieldLoss: (name: string) => boolean;
}

/** Characters of the column that holds a dynamic field or a subject. */
const COLUMN = 3800;

/** Fields of the ticket; those of the article go with it. A value that is too long takes the old one with it. */
export function writeFields(
  { tickets, takeFieldLoss }: Writing,
  id: number,
  fields: readonly CheckedField[],
  by: string,
) {
  for (const { name, value } of fields.filter((field) => ticketFields[field.name] !== undefined)) {
    if (String(value).length > COLUMN) {
      tickets.setField(id, name, '', by);
      throw new OperationFault(`Dynamic Field ${name} could not be set, please contact the system administrator`);
    }
    tickets.setField(id, name, takeFieldLoss(name) ? '' : value, by);
  }
}

/** Where an operation fills in what the request leaves out. */
export interface ArticleDefaults {
  readonly historyType: string;
  readonly historyComment: string;
  readonly from: string;
  readonly to: string;
  readonly isQuiet: boolean;
}

export function writeArticle(
  { tickets }: Writing,
  id: number,
  article: Data,
  attachments: readonly SandboxFile[],
  fields: readonly CheckedField[],
  by: string,
  defaults: ArticleDefaults,
) {
  const text = (key: string) => textOf(article[key]);
  if (text('Subject').length > COLUMN) {
    throw new OperationFault('Article could not be created, please contact the system administrator');
  }

  const ofArticle = fields.filter(({ name }) => articleFields.some((each) => each === name));
  const body = text('Body').replaceAll('\r\n', '\n');
  const isHtml = /text\/html/i.test(text('ContentType') || text('MimeType'));
  return tickets.addArticle(id, {
    text: isHtml ? toPlainText(body) : body,
    ...(isHtml ? { html: body } : {}),
    charset: charsetOf(text('ContentType').toLowerCase()) ?? text('Charset').toLowerCase(),
    subject: text('Subject'),
    from: text('From') || defaults.from,
    to: text('To') || defaults.to,
    // The real one shows an article to the customer unless told otherwise.
    visibility: isSet(article.IsVisibleForCustomer ?? 1) ? 'public' : 'internal',
    by,
    channel: oneOf<Channel>(article, 'CommunicationChannel', channels) ?? 'Internal',
    senderType: oneOf<SenderType>(article, 'SenderType', senderTypes) ?? 'agent',
    historyType: text('HistoryType') || defaults.historyType,
    historyComment: text('HistoryComment') || defaults.historyComment,
    isQuiet: isSet(article.NoAgentNotify) || defaults.isQuiet,
    fields: Object.fromEntries(ofArticle.map(({ name, value }) => [name, value === '' ? null : value])),
    attachments,
  });
}

/** What cannot be decoded is left out. */
export function toAttachments(wanted: unknown): readonly SandboxFile[] {
  return [wanted ?? []].flat().map((each) => {
    const { Content, ContentType, Filename } = each as Data;
    const isText = typeof Content !== 'object';
    return {
      name: textOf(Filename),
      contentType: textOf(ContentType).toLowerCase(),
      content: isText ? contentOf(Buffer.from(String(Content), 'base64')) : (Content as FileContent),
    };
  });
}

/** Moment of a checked `PendingTime`. */
export function pendingUntil(time: Data, { now, zone }: Writing): DateTime {
  if (time.Diff !== undefined) {
    return now().plus({ minutes: Number(time.Diff) });
  }

  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = ['Year', 'Month', 'Day', 'Hour', 'Minute'].map((key) =>
    Number(time[key]),
  );
  return now().setZone(zone).set({ year, month, day, hour, minute });
}

function oneOf<Name extends string>(article: Data, key: string, names: readonly Name[]): Name | undefined {
  const id = article[`${key}ID`];
  return isSet(id) ? names[Number(id) - 1] : names.find((name) => name === textOf(article[key]));
}

import type { DateTime } from 'luxon';
import type { FileContent } from '../jira/file-content.ts';
import { type Data, isRefusal, type Refusal, refusal } from './operations.ts';
import type { Attribute, FieldValue, SandboxFile, SandboxTickets } from './tickets.ts';
import {
  agents,
  articleFields,
  priorities,
  services,
  stateTypes,
  ticketFields,
  ticketQueues,
  ticketTypes,
} from './world.ts';

const OPERATION = 'TicketUpdate';

/** Characters of the column that holds a dynamic field or a subject. */
const COLUMN = 3800;

/** An operation that gave up half-way; the real one answers HTTP 500 with a JSON fault. */
export class OperationFault extends Error {}

interface Known {
  readonly attribute: Attribute;
  readonly values?: readonly string[];
}

const known: Readonly<Record<string, Known>> = {
  Title: { attribute: 'title' },
  Queue: { attribute: 'ticketQueue', values: ticketQueues },
  State: { attribute: 'state', values: Object.keys(stateTypes) },
  Priority: { attribute: 'priority', values: priorities },
  Type: { attribute: 'type', values: ticketTypes },
  Service: { attribute: 'service', values: services },
};

interface Checked {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly article: Readonly<Record<string, unknown>> | undefined;
  readonly fields: readonly { name: string; value: FieldValue }[];
  readonly attachments: readonly SandboxFile[];
}

/** Everything is checked before anything is written, except that a pending state lacks its time. */
export function updateTicket(
  tickets: SandboxTickets,
  id: string,
  by: string,
  data: Data,
  { now, takeFieldLoss }: { readonly now: () => DateTime; readonly takeFieldLoss: (name: string) => boolean },
): object {
  const ticket = tickets.get(id);
  const checked = check(data);
  if (isRefusal(checked)) {
    return checked;
  }

  const { attributes, article, fields, attachments } = checked;
  for (const [name, { attribute }] of Object.entries(known)) {
    if (name === 'State' && isPending(attributes.State)) {
      const pending = attributes.PendingTime;
      if (!isRecord(pending)) {
        return {
          Error: {
            ErrorCode: `${OPERATION}.MissingParameter`,
            ErrorMessage: "Can't set a ticket on a pending state without pendig time!",
          },
        };
      }
      ticket.pendingUntil = now().plus({ minutes: Number(pending.Diff ?? 0) });
    }
    if (typeof attributes[name] === 'string') {
      tickets.set(id, attribute, attributes[name], by);
    }
  }
  if (typeof attributes.Owner === 'string') {
    tickets.setOwner(id, attributes.Owner, by);
  }
  const written = article === undefined ? undefined : writeArticle(tickets, id, by, article, fields, attachments);
  for (const { name, value } of fields.filter((field) => ticketFields[field.name] !== undefined)) {
    if (String(value).length > COLUMN) {
      tickets.setField(id, name, '', by);
      throw new OperationFault(`Dynamic Field ${name} could not be set, please contact the system administrator`);
    }
    tickets.setField(id, name, takeFieldLoss(name) ? '' : value, by);
  }
  return {
    ...(written === undefined ? {} : { ArticleID: written.id }),
    TicketID: id,
    TicketNumber: ticket.number,
  };
}

function check(data: Data): Checked | Refusal {
  const attributes = data.Ticket ?? {};
  const article = data.Article;
  if (!isRecord(attributes)) {
    return refusal(OPERATION, 'InvalidParameter', 'Ticket parameter is not valid!');
  }

  if (article !== undefined && (!isRecord(article) || Object.keys(article).length === 0)) {
    return refusal(OPERATION, 'InvalidParameter', 'Article parameter is not valid!');
  }

  const wrong = Object.entries(known).find(
    ([name, { values }]) => attributes[name] !== undefined && values && !values.includes(String(attributes[name])),
  );
  if (wrong !== undefined) {
    const [name] = wrong;
    return refusal(OPERATION, 'InvalidParameter', `Ticket->${name}ID or Ticket->${name} parameter is invalid!`);
  }

  if (attributes.Owner !== undefined && !agents.some(({ login }) => login === attributes.Owner)) {
    return refusal(OPERATION, 'InvalidParameter', 'Ticket->OwnerID or Ticket->Owner parameter is invalid!');
  }

  return checkArticle(article) ?? checkFields(attributes, article, data);
}

function checkArticle(article: Record<string, unknown> | undefined): Refusal | undefined {
  if (article === undefined) {
    return undefined;
  }

  const missing = ['Subject', 'Body'].find((name) => typeof article[name] !== 'string' || article[name].trim() === '');
  if (missing !== undefined) {
    return refusal(OPERATION, 'MissingParameter', `Article->${missing} parameter is missing!`);
  }

  return article.ContentType === undefined && article.MimeType === undefined
    ? refusal(
        OPERATION,
        'MissingParameter',
        'Article->ContentType or Ticket->MimeType and Article->Charset parameters are required!',
      )
    : undefined;
}

function checkFields(
  attributes: Record<string, unknown>,
  article: Record<string, unknown> | undefined,
  data: Data,
): Checked | Refusal {
  const fields: { name: string; value: FieldValue }[] = [];
  for (const field of [data.DynamicField ?? []].flat()) {
    const name = isRecord(field) ? String(field.Name) : '';
    const definition =
      ticketFields[name] ?? (articleFields.some((each) => each === name) ? { type: 'text' } : undefined);
    if (!isRecord(field) || definition === undefined) {
      return refusal(OPERATION, 'InvalidParameter', 'DynamicField->Name parameter is invalid!');
    }

    if (field.Value === null || field.Value === undefined) {
      return refusal(OPERATION, 'MissingParameter', 'DynamicField->Value parameter is missing!');
    }

    if (ticketFields[name] === undefined && article === undefined) {
      return refusal(OPERATION, 'MissingParameter', 'To create an article DynamicField an article is required!');
    }

    const value = typeof field.Value === 'string' ? stored(field.Value) : field.Value;
    if (!isAllowed(ticketFields[name], value)) {
      return refusal(OPERATION, 'InvalidParameter', 'DynamicField->Value parameter is invalid!');
    }
    fields.push({ name, value: definition.type === 'checkbox' ? Number(value) : String(value) });
  }
  const attachments = checkAttachments(data.Attachment, article);
  return 'Error' in attachments ? attachments : { attributes, article, fields, attachments };
}

function checkAttachments(
  wanted: unknown,
  article: Record<string, unknown> | undefined,
): Refusal | readonly SandboxFile[] {
  const files: SandboxFile[] = [];
  for (const file of [wanted ?? []].flat()) {
    if (article === undefined) {
      return refusal(OPERATION, 'MissingParameter', 'To create an attachment an article is needed!');
    }

    const missing = ['Content', 'ContentType', 'Filename'].find((name) => !isRecord(file) || !file[name]);
    if (!isRecord(file) || missing !== undefined) {
      return refusal(OPERATION, 'MissingParameter', `Attachment->${missing} parameter is missing!`);
    }

    if (!/^\w+\/\w+/.test(String(file.ContentType))) {
      return refusal(OPERATION, 'InvalidParameter', 'Attachment->ContentType is invalid!');
    }

    const contentType = String(file.ContentType).toLowerCase();
    files.push({ name: String(file.Filename), contentType, content: file.Content as FileContent });
  }
  return files;
}

function isAllowed(definition: (typeof ticketFields)[string] | undefined, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'object') {
    return false;
  }

  if (definition?.type === 'checkbox') {
    return ['0', '1'].includes(String(value));
  }

  if (definition?.type === 'moment') {
    return value === '' || /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(String(value));
  }

  return definition?.type !== 'dropdown' || value === '' || String(value) in (definition.values ?? {});
}

function writeArticle(
  tickets: SandboxTickets,
  id: string,
  by: string,
  article: Record<string, unknown>,
  fields: Checked['fields'],
  attachments: Checked['attachments'],
) {
  if (String(article.Subject).length > COLUMN) {
    throw new OperationFault('Article could not be created, please contact the system administrator');
  }

  const ofArticle = fields.filter(({ name }) => articleFields.some((each) => each === name));
  return tickets.addArticle(id, {
    text: stored(String(article.Body)).replaceAll('\r\n', '\n'),
    subject: stored(String(article.Subject)),
    // The real one shows an article to the customer unless told otherwise.
    visibility: String(article.IsVisibleForCustomer ?? 1) === '0' ? 'internal' : 'public',
    by,
    senderType: article.SenderType === 'customer' || article.SenderType === 'system' ? article.SenderType : 'agent',
    historyComment: typeof article.HistoryComment === 'string' ? article.HistoryComment : '%%GenericInterface Note',
    fields: Object.fromEntries(ofArticle.map(({ name, value }) => [name, value])),
    attachments,
  });
}

/** Trimmed, and ended by a NUL: what the database makes of a text. */
function stored(text: string): string {
  return (text.split('\u0000', 1)[0] ?? '').trim();
}

function isPending(state: unknown): boolean {
  return typeof state === 'string' && (stateTypes[state] ?? '').startsWith('pending');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

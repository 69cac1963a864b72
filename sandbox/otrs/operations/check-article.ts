import { historyTypes } from '../desk/history-types.ts';
import { articleFields, type FieldDefinition, ticketFields } from '../world.ts';
import { firstObjection, type Objection } from './refusal.ts';
import { type Data, isGiven, isRecord, isSet, textOf } from './values.ts';

export const channels = ['Email', 'Phone', 'Internal'] as const;
export const senderTypes = ['agent', 'system', 'customer'] as const;

const autoResponses = ['auto reply', 'auto reject', 'auto follow up', 'auto reply/new ticket', 'auto remove'];

export function checkArticle(article: Data): Objection | undefined {
  const given = (key: string, isRight: (text: string) => boolean, what = key): Objection | false =>
    isSet(article[key]) && !isRight(textOf(article[key])) && invalid(what);
  const text = (key: string) => textOf(article[key]);
  return firstObjection(
    () => !isSet(text('Subject')) && lacks('Subject'),
    () => !isSet(text('Body')) && lacks('Body'),
    () => given('AutoResponseType', (type) => autoResponses.includes(type)),
    () =>
      !isOneOf(article, 'CommunicationChannel', channels) && [
        'InvalidParameter',
        'Article->CommunicationChannel or Article->CommunicationChannelID parameter is invalid or not supported!',
      ],
    () =>
      !isOneOf(article, 'SenderType', senderTypes) && [
        'InvalidParameter',
        'Article->SenderTypeID or Ticket->SenderType parameter is invalid!',
      ],
    () => given('From', (from) => !/@/.test(from) || /[^\s@<]+@[^\s@>]+\.[^\s@>]+/.test(from)),
    ...contentChecks(article),
    () => given('HistoryType', (type) => type in historyTypes),
    () => given('TimeUnit', (unit) => /^\d+([.,]\d+)?$/.test(unit)),
    () => given('NoAgentNotify', (flag) => flag === '1', 'NoAgent'),
  );
}

/** `ContentType` says it all; without it `MimeType` and `Charset` have to. */
function contentChecks(article: Data): readonly (() => Objection | false)[] {
  const { ContentType, MimeType, Charset } = article;
  return [
    () =>
      !isSet(ContentType) &&
      !isSet(MimeType) &&
      !isSet(Charset) && [
        'MissingParameter',
        'Article->ContentType or Ticket->MimeType and Article->Charset parameters are required!',
      ],
    () => isSet(MimeType) && !isSet(Charset) && ['MissingParameter', 'Article->Charset is required!'],
    () => isSet(Charset) && !isSet(MimeType) && ['MissingParameter', 'Article->MimeType is required!'],
    () => isSet(MimeType) && !/^\w+\/\w+$/.test(textOf(MimeType)) && isInvalid('Article->MimeType'),
    () => isSet(Charset) && !isCharset(textOf(Charset)) && isInvalid('Article->Charset'),
    () =>
      isSet(ContentType) &&
      !(isCharset(charsetOf(textOf(ContentType)) ?? '') && hasMimeType(textOf(ContentType))) &&
      isInvalid('Article->ContentType'),
  ];
}

/** A value for a field as the database keeps it. */
export interface CheckedField {
  readonly name: string;
  readonly value: string | number;
}

/**
 * The fields of a request, one or several, or what is wrong with the first wrong one. A new ticket has an article, so it
 * may have the fields of one.
 */
export function checkFields(wanted: unknown, hasArticle: boolean, isNew: boolean): readonly CheckedField[] | Objection {
  const checked: CheckedField[] = [];
  for (const field of [wanted ?? []].flat()) {
    const objection = isRecord(field) ? checkField(field, hasArticle, isNew) : lacksField('Name', isNew);
    if (objection !== undefined) {
      return objection;
    }

    const { Name, Value } = field as Data;
    const [value] = [Value].flat();
    const isCheckbox = ticketFields[textOf(Name)]?.type === 'checkbox' && textOf(value) !== '';
    checked.push({ name: textOf(Name), value: isCheckbox ? Number(value) : textOf(value) });
  }
  return checked;
}

export function isObjection(value: readonly CheckedField[] | Objection): value is Objection {
  return typeof value[0] === 'string';
}

function checkField({ Name, Value }: Data, hasArticle: boolean, isNew: boolean): Objection | undefined {
  const name = textOf(Name);
  const isOfTicket = ticketFields[name] !== undefined;
  const isOfArticle = articleFields.some((each) => each === name);
  return firstObjection(
    () => (Name === undefined || Name === null || typeof Name === 'object') && lacksField('Name', isNew),
    () =>
      (Value === undefined || Value === null || (typeof Value === 'object' && !Array.isArray(Value))) &&
      lacksField('Value', isNew),
    () => !isOfTicket && !isOfArticle && ['InvalidParameter', 'DynamicField->Name parameter is invalid!'],
    () =>
      isOfArticle && !hasArticle && ['MissingParameter', 'To create an article DynamicField an article is required!'],
    () =>
      isOfTicket &&
      !isAllowed(ticketFields[name], Value) && ['InvalidParameter', 'DynamicField->Value parameter is invalid!'],
  );
}

/** TicketCreate writes two spaces where TicketUpdate writes one. */
function lacksField(key: string, isNew: boolean): Objection {
  return ['MissingParameter', `DynamicField->${key} ${isNew ? ' ' : ''}parameter is missing!`];
}

function isAllowed(definition: FieldDefinition | undefined, value: unknown): boolean {
  const text = textOf(value);
  switch (definition?.type) {
    case 'checkbox':
      return ['', '0', '1'].includes(text);
    case 'moment':
      return text === '' || /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text);
    case 'dropdown':
      return text === '' || text in (definition.values ?? {});
    default:
      return !Array.isArray(value);
  }
}

export function checkAttachment(file: unknown, hasArticle: boolean, isNew: boolean): Objection | undefined {
  const missing = (key: string): Objection => [
    'MissingParameter',
    `Attachment->${key} ${isNew ? ' ' : ''}parameter is missing!`,
  ];
  const record = isRecord(file) ? file : {};
  return firstObjection(
    () => !hasArticle && ['MissingParameter', 'To create an attachment an article is needed!'],
    () => (record.Content === undefined || record.Content === null || record.Content === '') && missing('Content'),
    () => textOf(record.ContentType) === '' && missing('ContentType'),
    () => textOf(record.Filename) === '' && missing('Filename'),
    () => {
      const type = textOf(record.ContentType);
      const charset = charsetOf(type);
      const isRight = hasMimeType(type) && (charset === undefined || isCharset(charset));
      return !isRight && isInvalid('Attachment->ContentType');
    },
  );
}

export function charsetOf(contentType: string): string | undefined {
  return /charset=["']?([\w-]+)/i.exec(contentType)?.[1];
}

function isCharset(name: string): boolean {
  try {
    new TextDecoder(name);
    return true;
  } catch {
    return /^(us-)?ascii$/i.test(name);
  }
}

function hasMimeType(contentType: string): boolean {
  return /^\w+\/\w+/.test(contentType);
}

function isOneOf(article: Data, key: string, names: readonly string[]): boolean {
  const id = article[`${key}ID`];
  return isSet(id)
    ? names[Number(id) - 1] !== undefined
    : !isGiven(article, key) || names.includes(textOf(article[key]));
}

function lacks(what: string): Objection {
  return ['MissingParameter', `Article->${what} parameter is missing!`];
}

function invalid(what: string): Objection {
  return ['InvalidParameter', `Article->${what} parameter is invalid!`];
}

function isInvalid(what: string): Objection {
  return ['InvalidParameter', `${what} is invalid!`];
}

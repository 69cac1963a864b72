/**
 * What stays of an answer when nothing is left in it that differs from one installation, run or second to another: ids
 * become the names that the script gave them or are counted from the first one seen, times near now become the word `time`. What kind of a value it
 * was (JSON knows numbers and texts) stays.
 */
export interface Normaliser {
  /** Begins to count anew. */
  begin(): void;
  /** A JSON value, with its keys in alphabetical order. */
  json(value: unknown): unknown;
  /** An XML text as lines of one element each. */
  xml(text: string): readonly string[];
}

const TICKETS = new Set(['TicketID', 'MainTicketID', 'ticketId', 'mainTicketId', 'SourceTicketID', 'TargetTicketID']);
const ARTICLES = new Set(['ArticleID', 'articleId']);
const AGENTS = new Set(['ChangeBy', 'CreateBy', 'OwnerID', 'ResponsibleID', 'UserID', 'userId']);
/** The id stands beside the name; an entry of the history has the id alone. */
const NAMED = new Set(['Queue', 'State', 'Priority', 'Type', 'Service']);
const EPOCHS = new Set(['IncomingTime', 'UnlockTimeout', 'RealTillTimeNotUsed']);
const SECONDS = new Set(['Age', 'UntilTime']);

/** With the declaration before and the body within, split as lines are. */
const ENVELOPE = [
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<soap:Envelope soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
  '<soap:Body>',
].join('\n');

const DAY_MS = 86_400_000;

/** Which fields there are is the business of an installation: of the empty ones these stand for all. */
const EMPTY_FIELDS = new Set(['BridgeExternalId', 'JiraKey', 'ProcessManagementProcessID']);

function isEmptyField(value: unknown): boolean {
  const { Name, Value } = (typeof value === 'object' ? (value ?? {}) : {}) as Readonly<Record<string, unknown>>;
  return Name !== undefined && Value === null && !EMPTY_FIELDS.has(String(Name));
}

/** Whether the entry is written depends on the second in which the ticket was worked on before. */
const RESET = 'Reset of unlock time.';

export function createNormaliser(
  userIds: Readonly<Record<string, string>>,
  names: ReadonlyMap<string, string>,
  now: () => number,
): Normaliser {
  const agents = new Map(Object.entries(userIds).map(([login, id]) => [id, login]));
  const known = new Map<string, string>();
  const counted = new Map<string, string>();

  const count = (kind: string, id: string) => {
    const [named] = [...names].find(([name, value]) => value === id && name.startsWith(kind)) ?? [];
    const key = `${kind} ${id}`;
    const number = [...counted.keys()].filter((each) => each.startsWith(`${kind} `)).length + 1;
    counted.set(key, counted.get(key) ?? `${kind} ${number}`);
    return named ?? counted.get(key) ?? '';
  };

  const isNear = (moment: number) => Math.abs(moment - now()) < 3 * DAY_MS;

  /** Times and ticket numbers wherever they stand. */
  const text = (value: string) =>
    value
      .replaceAll(/\b\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?!\d)/g, (time) =>
        isNear(Date.parse(`${time.replace(' ', 'T')}Z`)) ? 'time' : time,
      )
      .replaceAll(/\b20\d{6}10\d{6}\b/g, (number) => count('number', number))
      .replaceAll(/(?<=the )ticket \d+(?=!)/g, (id) => count('ticket', id.slice('ticket '.length)));

  /** `%%NTTM::3ЛТП%%8%%NTTM::2ЛТП%%7`: the numbers are ids, but for those that are values of dynamic fields. */
  const historyName = (value: string) =>
    value.startsWith('%%FieldName%%') ? text(value) : text(value).replaceAll(/%%\d+(?=%%|$)/g, '%%id');

  const scalar = (key: string, value: string): string => {
    if (TICKETS.has(key)) {
      return value.replaceAll(/\d+/g, (id) => count('ticket', id));
    }

    if (ARTICLES.has(key)) {
      return value.replaceAll(/[1-9]\d*/g, (id) => count('article', id));
    }

    if (AGENTS.has(key)) {
      return agents.get(value) ?? value;
    }

    if (EPOCHS.has(key)) {
      return isNear(Number(value) * 1_000) ? 'epoch' : value;
    }

    if (SECONDS.has(key)) {
      return value === '0' && key === 'UntilTime' ? value : 'seconds';
    }

    if (key === 'GroupID' || (key.endsWith('ID') && NAMED.has(key.slice(0, -2)))) {
      return value === '' ? '' : (known.get(`${key} ${value}`) ?? 'id');
    }

    if (key === 'SessionID') {
      return 'session';
    }

    if (/^\d{10}$/.test(value) && isNear(Number(value) * 1_000)) {
      return 'epoch';
    }

    return key === 'Name' ? historyName(value) : text(value);
  };

  const learn = (key: string, id: string, name: string) => known.set(`${key}ID ${id}`, `id of ${name}`);

  const json = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) {
      return value.filter((each) => each?.Name !== RESET && !isEmptyField(each)).map((each) => json(each, key));
    }

    if (typeof value === 'object' && value !== null) {
      const record = value as Record<string, unknown>;
      for (const name of NAMED) {
        if (record[name] !== undefined && record[`${name}ID`] !== undefined) {
          learn(name, String(record[`${name}ID`]), String(record[name]));
        }
      }
      const sorted = Object.entries(record)
        .filter(
          ([name, each]) => !(name.startsWith('DynamicField_') && isEmptyField({ Name: name.slice(13), Value: each })),
        )
        .toSorted(([left], [right]) => (left < right ? -1 : 1));
      return Object.fromEntries(sorted.map(([name, each]) => [name, json(each, name)]));
    }

    if (typeof value === 'number') {
      const normal = scalar(key, String(value));
      return normal === String(value) ? value : `${normal} (number)`;
    }

    return typeof value === 'string' ? scalar(key, value) : value;
  };

  const xml = (source: string) => {
    const lines = source
      .replaceAll(/<History>(?:(?!<\/History>).)*Reset of unlock time\.(?:(?!<\/History>).)*<\/History>/gs, '')
      .replaceAll(/<DynamicField><Name>(\w+)<\/Name><Value \/><\/DynamicField>/g, (element, name: string) =>
        EMPTY_FIELDS.has(name) ? element : '',
      )
      .replaceAll('><', '>\n<');
    for (const name of NAMED) {
      for (const [, value = '', id = ''] of lines.matchAll(
        new RegExp(`<${name}>([^<]*)</${name}>\\s*<${name}ID>(\\d+)</`, 'g'),
      )) {
        learn(name, id, value);
      }
    }
    return lines
      .replace(ENVELOPE, '<Envelope>')
      .replaceAll(
        /<(\w+)>([^<]*)<\/\1>/g,
        (_, name: string, value: string) => `<${name}>${scalar(name, value)}</${name}>`,
      )
      .split('\n');
  };

  return { begin: () => counted.clear(), json: (value) => json(value), xml };
}

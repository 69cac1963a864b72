import { createHmac, randomBytes } from 'node:crypto';

/** Whatever its value, it is nobody's business. */
const SECRET =
  /pass(?:word|wort)?$|secret|token|authorization|cookie|session|api.?key|credential|private.?key|парол|секрет|токен/i;

/** A secret within a sentence, behind its name. */
const SECRET_SAID =
  /(?<![\p{L}\d])((?:bearer|basic) |(?:password|secret|token|api.?key|sessionid|пароль|секрет|токен)[\s"'«]*[=:][\s"'«]*)[^\s"'»,;]+/giu;

/** Names, addresses and phones of people stand below these names, by themselves or in an object. */
const PERSON =
  /^(?:assignee|reporter|creator|author|updateauthor|requester|customer\w*|owner\w*|responsible\w*|user\w*|login|from|to|cc|bcc|replyto|sender|\w*realname|\w*name_?(?:first|last|full)|(?:first|last|full|display|account)name|contact\w*|\w*e?mail(?:address)?|\w*phone|mobile\w*|fax|curator|branch|фио|логин|(?:эл\.? ?)?почта|(?:моб\.? ?)?телефон|заявитель|инициатор|исполнитель)$/i;

/** What a system has a fixed list of: the values say what was asked for, and nothing of anybody. */
const VOCABULARY =
  /^(?:state(?:type)?|queue|service|sla|type|priority|lock|status|resolution|issuetype|project|visibility|mimetype|contenttype|charset|(?:sender|article|history)type|communicationchannel|error_?code|request|method|labels|operation)$/i;

/** What a person wrote stands below these names, and may look like a code: a password, or a small file in base64. */
const TEXT =
  /^(?:body|text|content|subject|environment|\w*(?:title|summary|description|comment|note|solution|file_?name))$/i;

/** Where an answer refuses a call: sentences of the system, which name fields and rules, and may quote a value. */
const SENTENCES =
  /^(?:messages|fields|errors|errormessages?|error_message|fault(?:string)?|warningmessages|unresolved)$/i;

/** An id, a key, a code, an address of a record: no blank in it, and more than a mere word. */
const CODE = /^(?=.*[\d_:/]|[A-Z]+$)[\w.:/+#-]{1,200}$/;
const MOMENT = /^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?[\w.:+-]*)?$/;
const PHONE = /(?<![\w-])\+?\d[\d ()-]{8,14}\d(?![\w-])/g;
const ADDRESS = /[^\s<>"«»:;,]+@[^\s<>"«»:;,]+/g;

const DEEPEST = 8;
const MOST_MEMBERS = 60;
const LONGEST_SENTENCE = 500;
const LONGEST_HASHED = 65_536;

/** Characters of the JSON text that are kept of one request or answer. */
const LONGEST = 8_192;

type Standing = 'plain' | 'person' | 'text' | 'vocabulary' | 'sentence';

/** What was said: data of a record, or why a call failed. */
export type Said = 'data' | 'refusal';

export type Redact = (data: unknown, said: Said) => unknown;

/**
 * Makes data of a call fit to be kept: secrets are gone, texts and what belongs to people are told by length and digest, so
 * that two can be told to be the same; ids, codes, moments and names of fields stay. Digests of one redactor can be compared,
 * and be guessed by nobody: its key is kept nowhere. The answer is bounded in size, and whatever JSON cannot say is described.
 */
export function createRedactor(key: Buffer = randomBytes(32)): Redact {
  const digestOf = (text: string) =>
    createHmac('sha256', key).update(text.slice(0, LONGEST_HASHED)).digest('hex').slice(0, 8);
  const reduced = (text: string) => (text === '' ? '' : `[text, ${text.length} characters, ${digestOf(text)}]`);

  const textOf = (text: string, standing: Standing): string => {
    if (standing === 'person' || standing === 'text') {
      return reduced(text);
    }
    if (standing === 'sentence') {
      return cut(text).replace(SECRET_SAID, '$1[secret]').replace(ADDRESS, '[address]').replace(PHONE, '[phone]');
    }

    const isName = standing === 'vocabulary' && text.length <= 100 && !text.includes('@');
    return isName || isCode(text) ? text : reduced(text);
  };

  const walk = (value: unknown, standing: Standing, depth: number, said: Said): unknown => {
    if (typeof value === 'string') {
      return textOf(value, standing);
    }
    if (typeof value === 'number' || typeof value === 'bigint') {
      return standing === 'person' ? reduced(String(value)) : Number(value);
    }
    if (value === null || typeof value === 'boolean') {
      return value;
    }
    if (typeof value !== 'object') {
      return undefined;
    }
    if (depth >= DEEPEST) {
      return '[…]';
    }

    const members = Object.entries(value);
    const kept = members.slice(0, MOST_MEMBERS).map(([name, each]) => {
      const own = Array.isArray(value) ? standing : standingOf(fieldOf(name, value), standing, said);
      return [name, own === 'secret' ? '[secret]' : walk(each, own, depth + 1, said)] as const;
    });
    const rest = members.length > MOST_MEMBERS ? [['…', `${members.length - MOST_MEMBERS} more`] as const] : [];
    return Array.isArray(value)
      ? [...kept.map(([, each]) => each), ...rest.map(([, each]) => each)]
      : Object.fromEntries([...kept, ...rest]);
  };

  return (data, said) => {
    try {
      return bounded(walk(data, 'plain', 0, said));
    } catch {
      return '[cannot be shown]';
    }
  };
}

/** The data as it is, for the eyes of whoever may see the record, but for secrets. */
export function withoutSecrets(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) {
    return data;
  }
  return Array.isArray(data)
    ? data.map(withoutSecrets)
    : Object.fromEntries(
        Object.entries(data).map(([name, each]) => [name, SECRET.test(name) ? '[secret]' : withoutSecrets(each)]),
      );
}

/** OTRS writes a field as a pair: what the value is, its name says, and the name itself is one of a list. */
function fieldOf(member: string, of: object): string {
  if (!('Name' in of) || !('Value' in of) || typeof of.Name !== 'string') {
    return member;
  }

  return member === 'Name' ? 'type' : member === 'Value' ? of.Name : member;
}

/** Below a person everything is a person's. A vocabulary is one value or an object with a name and an id. */
function standingOf(name: string, above: Standing, said: Said): Standing | 'secret' {
  if (SECRET.test(name)) {
    return 'secret';
  }
  if (above === 'person' || PERSON.test(name)) {
    return 'person';
  }
  if (above === 'sentence' || (said === 'refusal' && SENTENCES.test(name))) {
    return 'sentence';
  }
  if (VOCABULARY.test(name)) {
    return 'vocabulary';
  }
  if (TEXT.test(name)) {
    return 'text';
  }

  return above === 'vocabulary' && /^(?:name|key|id|value)$/i.test(name) ? 'vocabulary' : 'plain';
}

function isCode(text: string): boolean {
  if (text.length > 200) {
    return false;
  }

  const isPhone = text.replace(PHONE, '') === '' && text.replace(/\D/g, '').length < 16;
  return MOMENT.test(text) ? text.length < 40 : CODE.test(text) && !isPhone;
}

function cut(text: string): string {
  return text.length <= LONGEST_SENTENCE ? text : `${text.slice(0, LONGEST_SENTENCE).toWellFormed()}…`;
}

function bounded(data: unknown): unknown {
  const size = JSON.stringify(data)?.length ?? 0;
  return size <= LONGEST ? data : `[${size} characters of data, too many to be kept]`;
}

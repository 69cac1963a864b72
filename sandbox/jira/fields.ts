import { z } from 'zod';
import {
  channels,
  components,
  findNamed,
  findUser,
  type Named,
  priorities,
  resolutions,
  versions,
} from './catalogue.ts';
import { fieldRefusal } from './refusal.ts';
import type { Values } from './state.ts';

export type FieldId = keyof Values;

export interface Field {
  readonly id: FieldId;
  readonly name: string;
  readonly schema: Readonly<Record<string, string>>;
  readonly allowed?: readonly Named[];
  /** The plain value of what a client sent, or the text of the refusal. */
  readonly read: (sent: unknown) => { readonly value: Values[FieldId] } | { readonly fault: string };
}

const textField = (sent: unknown) => {
  if (sent === null) {
    return { value: null };
  }

  if (typeof sent !== 'string') {
    return { fault: 'Operation value must be a string' };
  }

  return { value: sent === '' ? null : sent };
};

const summary = (sent: unknown) => {
  if (typeof sent !== 'string') {
    return { fault: 'Operation value must be a string' };
  }

  if (sent.trim() === '') {
    return { fault: 'You must specify a summary of the issue.' };
  }

  if (/[\r\n]/.test(sent)) {
    return { fault: 'The summary is invalid because it contains newline characters.' };
  }

  return sent.length > 254 ? { fault: 'Summary must be less than 255 characters.' } : { value: sent };
};

const shaped = (form: RegExp, fault: string) => (sent: unknown) =>
  sent === null || (typeof sent === 'string' && form.test(sent)) ? { value: sent } : { fault };

const day = shaped(/^\d{4}-\d\d-\d\d$/, "Error parsing date string: expected 'yyyy-MM-dd'");

const moment = shaped(
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$/,
  "Error parsing time: expected 'yyyy-MM-ddTHH:mm:ss.SSSZ'",
);

const labels = (sent: unknown) => {
  const { data } = z.array(z.string()).safeParse(sent);
  if (data === undefined) {
    return { fault: 'data was not an array' };
  }

  const spaced = data.find((label) => /\s/.test(label));
  return spaced === undefined
    ? { value: [...new Set(data)] }
    : { fault: `The label '${spaced}' contains spaces which is invalid.` };
};

const reference = z.union([z.strictObject({ id: z.string() }), z.strictObject({ name: z.string() })]);

const oneOf = (list: readonly Named[], fault: string) => (sent: unknown) => {
  const { data } = reference.safeParse(sent);
  const found = data === undefined ? undefined : findNamed(list, data);
  return found === undefined ? { fault } : { value: found.name };
};

const option = z.union([z.strictObject({ id: z.string() }), z.strictObject({ value: z.string() })]);

const choice = (list: readonly Named[], fault: string) => (sent: unknown) => {
  if (sent === null) {
    return { value: null };
  }

  const { data } = option.safeParse(sent);
  const found = data === undefined ? undefined : findNamed(list, 'value' in data ? { name: data.value } : data);
  return found === undefined ? { fault } : { value: found.name };
};

const line = (sent: unknown) => {
  if (sent !== null && typeof sent !== 'string') {
    return { fault: 'Operation value must be a string' };
  }

  return sent !== null && sent.length > 255
    ? { fault: 'The entered text is too long (255).' }
    : { value: sent || null };
};

const custom = (kind: string, type: string, customId: string) => ({
  type,
  custom: `com.atlassian.jira.plugin.system.customfieldtypes:${kind}`,
  customId,
});

const someOf = (list: readonly Named[], fault: string) => (sent: unknown) => {
  const { data } = z.array(reference).safeParse(sent);
  const found = data?.map((wanted) => findNamed(list, wanted)?.name);
  return found === undefined || found.includes(undefined)
    ? { fault }
    : { value: found.filter((name) => name !== undefined) };
};

const assignee = (sent: unknown) => {
  if (sent === null) {
    return { value: null };
  }

  const { data } = z.strictObject({ name: z.string() }).safeParse(sent);
  const user = findUser(data?.name);
  if (user === undefined) {
    return { fault: `User '${data?.name}' does not exist.` };
  }

  return user.active && user.isAssignable
    ? { value: user.name }
    : { fault: `User '${user.name}' cannot be assigned issues.` };
};

export const fields: readonly Field[] = [
  { id: 'summary', name: 'Тема', schema: { type: 'string', system: 'summary' }, read: summary },
  { id: 'description', name: 'Описание', schema: { type: 'string', system: 'description' }, read: textField },
  {
    id: 'priority',
    name: 'Приоритет',
    schema: { type: 'priority', system: 'priority' },
    allowed: priorities,
    read: oneOf(priorities, 'The priority selected is invalid.'),
  },
  { id: 'labels', name: 'Метки', schema: { type: 'array', items: 'string', system: 'labels' }, read: labels },
  {
    id: 'components',
    name: 'Компоненты',
    schema: { type: 'array', items: 'component', system: 'components' },
    allowed: components,
    read: someOf(components, 'Component name is not valid'),
  },
  {
    id: 'fixVersions',
    name: 'Исправлено в версиях',
    schema: { type: 'array', items: 'version', system: 'fixVersions' },
    allowed: versions,
    read: someOf(versions, 'Version name is not valid'),
  },
  {
    id: 'customfield_10200',
    name: 'Решение',
    schema: custom('textarea', 'string', '10200'),
    read: textField,
  },
  { id: 'duedate', name: 'Срок', schema: { type: 'date', system: 'duedate' }, read: day },
  {
    id: 'customfield_10300',
    name: 'Срок решения',
    schema: custom('datetime', 'datetime', '10300'),
    read: moment,
  },
  { id: 'assignee', name: 'Исполнитель', schema: { type: 'user', system: 'assignee' }, read: assignee },
  {
    id: 'environment',
    name: 'Окружение',
    schema: { type: 'string', system: 'environment' },
    read: textField,
  },
  {
    id: 'customfield_10400',
    name: 'Канал',
    schema: custom('select', 'option', '10400'),
    allowed: channels,
    read: choice(channels, 'Option value is not valid'),
  },
  { id: 'customfield_10500', name: 'Контур', schema: custom('textfield', 'string', '10500'), read: line },
  { id: 'customfield_10600', name: 'Заявка OTRS', schema: custom('textfield', 'string', '10600'), read: line },
  { id: 'customfield_10700', name: 'Владелец обращения', schema: custom('textfield', 'string', '10700'), read: line },
  {
    id: 'resolution',
    name: 'Решение задачи',
    schema: { type: 'resolution', system: 'resolution' },
    allowed: resolutions,
    read: oneOf(resolutions, 'The resolution selected is invalid.'),
  },
];

export const fieldIds: readonly FieldId[] = fields.map(({ id }) => id);

/** Plain values of what a client sent for a screen. Throws `Refusal` that names every field which is wrong. */
export function readValues(sent: Readonly<Record<string, unknown>>, screen: readonly string[]): Partial<Values> {
  const faults: Record<string, string> = {};
  const values: Partial<Record<FieldId, unknown>> = {};
  for (const [id, raw] of Object.entries(sent)) {
    const field = fields.find((each) => each.id === id);
    if (field === undefined || !screen.includes(id)) {
      faults[id] = `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`;
      continue;
    }

    const read = field.read(raw);
    if ('fault' in read) {
      faults[id] = read.fault;
    } else {
      values[field.id] = read.value;
    }
  }

  if (Object.keys(faults).length > 0) {
    throw fieldRefusal(faults);
  }

  return values as Partial<Values>;
}

/** Which of the fields have no value in what was sent. */
export function missingFields(required: Iterable<FieldId>, values: Partial<Values>): Readonly<Record<string, string>> {
  const missing = [...required].filter((id) => [values[id] ?? []].flat().length === 0);
  return Object.fromEntries(missing.map((id) => [id, `${fields.find((each) => each.id === id)?.name} is required.`]));
}

/** JSON Schemas of what the operations share, reduced to the names and types that the bridge may send. */

export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: 'string' };
export const flag: Schema = { type: 'boolean' };
export const whole: Schema = { type: 'integer', minimum: 0 };
export const list = (items: Schema): Schema => ({ type: 'array', items });

/** An object with these members and no others. */
export const closed = (properties: Readonly<Record<string, Schema>>, ...required: readonly string[]): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** Query parameters are text on the wire; these hold a number or a flag. */
export const digits: Schema = { type: 'string', pattern: '^[0-9]+$' };
export const truth: Schema = { enum: ['true', 'false'] };

export const oneOfKeys = (...keys: readonly string[]): Schema => ({
  oneOf: keys.map((key) => closed({ [key]: text }, key)),
});

/** The published description calls a property's value a text; every JSON value is taken. */
export const entityProperty = closed({ key: text, value: {} }, 'key', 'value');

export const visibility = closed({ type: { enum: ['role', 'group'] }, value: text, identifier: text }, 'type');

/** Atlassian's document format, as deep as it goes. Its nodes are checked one by one by the sandbox. */
export const document: Schema = {
  type: 'object',
  properties: {
    type: { const: 'doc' },
    version: { const: 1 },
    content: { type: 'array', items: { type: 'object', required: ['type'] } },
  },
  required: ['type', 'version', 'content'],
  additionalProperties: false,
};

const operations: Schema = {
  type: 'array',
  items: {
    type: 'object',
    minProperties: 1,
    maxProperties: 1,
    propertyNames: { enum: ['add', 'set', 'remove', 'edit'] },
  },
};

/** The published description takes every field for an object; texts, numbers and lists are what fields are made of. */
export const update: Schema = { type: 'object', additionalProperties: operations };

/** Known fields by their form, all others by whatever they hold. */
export const issueFields = (rendered: Schema, user: Schema): Schema => ({
  type: 'object',
  properties: {
    project: oneOfKeys('key', 'id'),
    issuetype: oneOfKeys('name', 'id'),
    priority: oneOfKeys('name', 'id'),
    resolution: oneOfKeys('name', 'id'),
    summary: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[^\\r\\n]*$' },
    description: { anyOf: [rendered, { type: 'null' }] },
    environment: { anyOf: [rendered, { type: 'null' }] },
    labels: list({ type: 'string', pattern: '^\\S+$' }),
    components: list(oneOfKeys('name', 'id')),
    fixVersions: list(oneOfKeys('name', 'id')),
    versions: list(oneOfKeys('name', 'id')),
    duedate: { anyOf: [{ type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' }, { type: 'null' }] },
    assignee: { anyOf: [user, { type: 'null' }] },
  },
});

export const remoteLink = closed(
  {
    globalId: { type: 'string', maxLength: 255 },
    application: closed({ type: text, name: text }),
    relationship: text,
    object: closed(
      {
        url: text,
        title: text,
        summary: text,
        icon: closed({ url16x16: text, title: text, link: text }),
        status: closed({ resolved: flag, icon: closed({ url16x16: text, title: text, link: text }) }),
      },
      'url',
      'title',
    ),
  },
  'object',
);

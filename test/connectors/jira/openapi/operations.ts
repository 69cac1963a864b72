import {
  closed,
  digits,
  document,
  entityProperty,
  flag,
  issueFields,
  list,
  oneOfKeys,
  remoteLink,
  type Schema,
  text,
  truth,
  update,
  visibility,
  whole,
} from './shapes.ts';

/** One operation of the REST interface, as far as requests to it are concerned. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/rest/api/<version>`, with `{…}` for what varies. */
  readonly path: string;
  /** Query parameters; none if nothing is said. */
  readonly query?: Readonly<Record<string, Schema>>;
  /** The JSON body; none if nothing is said. */
  readonly body?: Schema;
  /** Names of the form fields of a multipart request. */
  readonly parts?: readonly string[];
}

/** What both products take in the same form. */
const shared: readonly Operation[] = [
  { method: 'GET', path: '/serverInfo' },
  { method: 'GET', path: '/myself' },
  { method: 'GET', path: '/project/{key}', query: { expand: text } },
  { method: 'GET', path: '/priority' },
  { method: 'GET', path: '/resolution' },
  { method: 'GET', path: '/status' },
  { method: 'GET', path: '/field' },
  { method: 'GET', path: '/issuetype' },
  { method: 'GET', path: '/issueLinkType' },
  {
    method: 'GET',
    path: '/issue/createmeta/{project}/issuetypes',
    query: { startAt: digits, maxResults: digits },
  },
  {
    method: 'GET',
    path: '/issue/createmeta/{project}/issuetypes/{type}',
    query: { startAt: digits, maxResults: digits },
  },
  { method: 'GET', path: '/issue/{id}', query: { fields: text, expand: text, properties: text, updateHistory: truth } },
  // Data Center does not describe `expand` here and honours it.
  { method: 'GET', path: '/issue/{id}/transitions', query: { expand: text, transitionId: digits } },
  {
    method: 'GET',
    path: '/issue/{id}/comment',
    query: { expand: text, startAt: digits, maxResults: digits, orderBy: text },
  },
  { method: 'GET', path: '/issue/{id}/comment/{comment}', query: { expand: text } },
  { method: 'GET', path: '/issue/{id}/properties/{key}' },
  { method: 'GET', path: '/issue/{id}/editmeta' },
  { method: 'GET', path: '/issue/{id}/remotelink', query: { globalId: text } },
  { method: 'POST', path: '/issue/{id}/remotelink', body: remoteLink },
  { method: 'GET', path: '/attachment/meta' },
  { method: 'GET', path: '/attachment/{id}' },
  // Described as a JSON text on one side and as a list on the other; it is a form with one field for each file.
  { method: 'POST', path: '/issue/{id}/attachments', parts: ['file'] },
  {
    method: 'POST',
    path: '/issueLink',
    body: closed(
      { type: oneOfKeys('name', 'id'), inwardIssue: oneOfKeys('key', 'id'), outwardIssue: oneOfKeys('key', 'id') },
      'type',
      'inwardIssue',
      'outwardIssue',
    ),
  },
];

/** Operations with texts and users in them, which the products write in ways of their own. */
const withTexts = (rendered: Schema, user: Schema, assignee: Schema): readonly Operation[] => {
  const fields = issueFields(rendered, user);
  const comment = closed({ body: rendered, visibility, properties: list(entityProperty) }, 'body');
  return [
    {
      method: 'POST',
      path: '/issue',
      query: { updateHistory: truth },
      body: closed(
        {
          fields: { ...fields, required: ['project', 'issuetype', 'summary'] },
          update,
          properties: list(entityProperty),
        },
        'fields',
      ),
    },
    {
      method: 'PUT',
      path: '/issue/{id}',
      query: { notifyUsers: truth },
      body: { ...closed({ fields, update, properties: list(entityProperty) }), minProperties: 1 },
    },
    { method: 'PUT', path: '/issue/{id}/assignee', body: assignee },
    {
      method: 'POST',
      path: '/issue/{id}/transitions',
      body: closed({ transition: closed({ id: text }, 'id'), fields, update }, 'transition'),
    },
    { method: 'POST', path: '/issue/{id}/comment', query: { expand: text }, body: comment },
    { method: 'PUT', path: '/issue/{id}/comment/{comment}', query: { expand: text }, body: comment },
  ];
};

const nullable = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });

export const dataCenterOperations: readonly Operation[] = [
  ...shared,
  ...withTexts(text, closed({ name: text }, 'name'), closed({ name: nullable(text) }, 'name')),
  {
    method: 'GET',
    path: '/mypermissions',
    // `permissions` is Cloud's; here it is not described, and ignored.
    query: { projectKey: text, projectId: digits, issueKey: text, issueId: digits, permissions: text },
  },
  {
    method: 'POST',
    path: '/search',
    body: closed(
      { jql: text, startAt: whole, maxResults: whole, fields: list(text), expand: list(text), validateQuery: flag },
      'jql',
    ),
  },
  { method: 'GET', path: '/user', query: { username: text, key: text, includeDeleted: truth } },
  {
    method: 'GET',
    path: '/user/assignable/search',
    query: { username: text, project: text, issueKey: text, maxResults: digits },
  },
];

export const cloudOperations: readonly Operation[] = [
  ...shared,
  ...withTexts(document, closed({ accountId: text }, 'accountId'), closed({ accountId: nullable(text) }, 'accountId')),
  {
    method: 'GET',
    path: '/mypermissions',
    query: { projectKey: text, projectId: digits, issueKey: text, issueId: digits, permissions: text },
  },
  {
    method: 'POST',
    path: '/search/jql',
    body: closed(
      {
        jql: text,
        nextPageToken: text,
        maxResults: whole,
        fields: list(text),
        expand: text,
        properties: list(text),
        fieldsByKeys: flag,
        reconcileIssues: list(whole),
      },
      'jql',
    ),
  },
  { method: 'GET', path: '/user', query: { accountId: text, expand: text } },
  {
    method: 'GET',
    path: '/user/assignable/search',
    query: { query: text, accountId: text, project: text, issueKey: text, startAt: digits, maxResults: digits },
  },
  { method: 'GET', path: '/attachment/content/{id}', query: { redirect: truth } },
];

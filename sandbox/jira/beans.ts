import type { DateTime } from 'luxon';
import {
  account,
  channels,
  components,
  findNamed,
  findUser,
  issueTypes,
  type Language,
  type LinkType,
  linkTypes,
  type Named,
  nameIn,
  type Project,
  priorities,
  resolutions,
  versions,
} from './catalogue.ts';
import type { Dialect } from './dialect.ts';
import { type Field, fields as fieldDefinitions } from './fields.ts';
import type { Attachment, Comment, Issue, State } from './state.ts';
import { statuses, type Transition } from './workflow.ts';

/** JSON as JIRA writes it. */
export type Bean = Readonly<Record<string, unknown>>;

export interface Beans {
  moment(at: DateTime): string;
  user(name: string): Bean;
  issue(issue: Issue, fields?: readonly string[]): Bean;
  comment(issue: Issue, comment: Comment, expand?: 'properties'): Bean;
  attachment(attachment: Attachment): Bean;
  linkType(type: LinkType): Bean;
  project(project: Project): Bean;
  /** A field of a screen, as createmeta, editmeta and transitions tell it. */
  field(field: Field, isRequired: boolean): Bean;
  status(name: string): Bean;
  version(name: string): Bean;
  named(kind: string, list: readonly Named[]): readonly Bean[];
  transition(transition: Transition): Bean;
}

export interface BeanContext {
  readonly state: State;
  readonly url: () => string;
  readonly timeZone: string;
  readonly language: Language;
  readonly dialect: Dialect;
}

export function createBeans({ state, url, timeZone, language, dialect }: BeanContext): Beans {
  const api = (path: string) => `${url()}/rest/api/${dialect.version}/${path}`;
  const moment = (at: DateTime) => at.setZone(timeZone).toFormat("yyyy-MM-dd'T'HH:mm:ss.SSSZZZ");
  const named = (kind: string, list: readonly Named[]) =>
    list.map((each) => ({ self: api(`${kind}/${each.id}`), id: each.id, name: nameIn(language, each) }));
  const oneNamed = (kind: string, list: readonly Named[], name: string | null) =>
    name === null
      ? null
      : (named(
          kind,
          list.filter((each) => each.name === name),
        )[0] ?? null);
  const project = (home: Project): Bean => ({ self: api(`project/${home.id}`), ...home });

  const user = (name: string): Bean => {
    const known = findUser(name);
    if (known === undefined) {
      throw new Error(`there is no user «${name}»`);
    }

    const self = api(`user?${dialect.addressOf(known)}`);
    return { self, ...dialect.writeUser(known, name === account), timeZone };
  };
  const status = (name: string): Bean => {
    const known = findNamed(statuses, { name });
    if (known === undefined) {
      throw new Error(`the workflow has no status «${name}»`);
    }

    const { id, category } = known;
    return {
      self: api(`status/${id}`),
      id,
      name: nameIn(language, known),
      statusCategory: { id: category.id, key: category.key, name: nameIn(language, { ...category, id: '' }) },
    };
  };
  const version = (wanted: string): Bean => {
    const known = versions.find(({ name }) => name === wanted);
    return { self: api(`version/${known?.id}`), ...known, archived: false };
  };
  const comment = (issue: Issue, each: Comment, expand?: 'properties'): Bean => ({
    self: api(`issue/${issue.id}/comment/${each.id}`),
    id: each.id,
    author: user(each.author),
    body: dialect.writeText(each.body),
    updateAuthor: user(each.updateAuthor),
    created: moment(each.created),
    updated: moment(each.updated),
    ...(each.visibility === undefined ? {} : { visibility: each.visibility }),
    ...(expand === undefined ? {} : { properties: [...each.properties].map(([key, value]) => ({ key, value })) }),
  });

  const attachment = ({ id, name, contentType, author, created, content }: Attachment): Bean => ({
    self: api(`attachment/${id}`),
    id,
    filename: name,
    author: user(author),
    created: moment(created),
    size: content.size,
    mimeType: contentType,
    content:
      dialect.name === 'cloud'
        ? api(`attachment/content/${id}`)
        : `${url()}/secure/attachment/${id}/${encodeURIComponent(name)}`,
  });
  const field = ({ id, name, schema, allowed }: Field, isRequired: boolean): Bean => ({
    required: isRequired,
    schema,
    name,
    fieldId: id,
    hasDefaultValue: id === 'priority',
    operations: schema.type === 'array' ? ['add', 'set', 'remove'] : ['set'],
    ...(allowed === undefined ? {} : { allowedValues: allowedValues(id, allowed, schema.type) }),
  });
  const allowedValues = (id: string, list: readonly Named[], type: string | undefined): readonly Bean[] =>
    type === 'option'
      ? list.map((each) => ({ self: api(`customFieldOption/${each.id}`), id: each.id, value: each.name }))
      : named(id, list);
  const linkType = ({ inward, outward, ...type }: LinkType): Bean => ({
    id: type.id,
    name: nameIn(language, type),
    inward,
    outward,
    self: api(`issueLinkType/${type.id}`),
  });
  const linkedIssue = (id: string): Bean => {
    const { key, status: at, type, values } = state.get(id);
    return {
      id,
      key,
      self: api(`issue/${id}`),
      fields: {
        summary: values.summary,
        status: status(at),
        priority: oneNamed('priority', priorities, values.priority),
        issuetype: oneNamed('issuetype', issueTypes, type),
      },
    };
  };

  /** Each shows only the other issue, and no issue that the account may not see. */
  const issueLinks = (issue: Issue): readonly Bean[] =>
    state.links
      .filter(({ source, target }) => source === issue.id || target === issue.id)
      .filter(({ source, target }) => !state.get(source === issue.id ? target : source).isHidden)
      .map((link) => {
        const type = findNamed(linkTypes, { name: link.type });
        return {
          id: link.id,
          self: api(`issueLink/${link.id}`),
          ...(type === undefined ? {} : { type: linkType(type) }),
          ...(link.source === issue.id
            ? { outwardIssue: linkedIssue(link.target) }
            : { inwardIssue: linkedIssue(link.source) }),
        };
      });

  /** Made one by one: an issue with a thousand comments is costly, and most readers do not ask for them. */
  const fieldMakers: Readonly<Record<string, (issue: Issue) => unknown>> = {
    summary: ({ values }) => values.summary,
    description: ({ values }) => dialect.writeText(values.description),
    status: (issue) => status(issue.status),
    priority: ({ values }) => oneNamed('priority', priorities, values.priority),
    issuetype: ({ type }) => oneNamed('issuetype', issueTypes, type),
    project: (issue) => project(issue.project),
    resolution: ({ values }) => oneNamed('resolution', resolutions, values.resolution),
    labels: ({ values }) => values.labels,
    components: ({ values }) => values.components.map((name) => oneNamed('component', components, name)),
    fixVersions: ({ values }) => values.fixVersions.map((name) => version(name)),
    customfield_10200: ({ values }) => dialect.writeText(values.customfield_10200),
    customfield_10300: ({ values }) => values.customfield_10300,
    duedate: ({ values }) => values.duedate,
    environment: ({ values }) => dialect.writeText(values.environment),
    customfield_10400: ({ values }) => {
      const option = channels.find(({ name }) => name === values.customfield_10400);
      return option === undefined ? null : { id: option.id, value: option.name };
    },
    customfield_10500: ({ values }) => values.customfield_10500,
    customfield_10600: ({ values }) => values.customfield_10600,
    customfield_10700: ({ values }) => values.customfield_10700,
    reporter: ({ reporter }) => user(reporter),
    creator: ({ reporter }) => user(reporter),
    assignee: ({ values }) => (values.assignee === null ? null : user(values.assignee)),
    attachment: ({ attachments }) => attachments.map(attachment),
    issuelinks: issueLinks,
    created: ({ created }) => moment(created),
    updated: ({ updated }) => moment(updated),
    comment: (issue) => ({
      comments: issue.comments.map((each) => comment(issue, each)),
      maxResults: issue.comments.length,
      total: issue.comments.length,
      startAt: 0,
    }),
  };

  return {
    moment,
    user,
    status,
    version,
    named,
    comment,
    attachment,
    linkType,
    project,
    field,
    issue: (issue, wanted) => {
      const ids = Object.keys(fieldMakers).filter(
        (id) => wanted === undefined || wanted.includes(id) || wanted.includes('*all'),
      );
      const { id, key } = issue;
      const fields = Object.fromEntries(ids.map((fieldId) => [fieldId, fieldMakers[fieldId]?.(issue)]));
      return { id, self: api(`issue/${id}`), key, fields };
    },
    transition: ({ id, name, to, screen, required = [], resolution }) => ({
      id,
      name,
      to: status(to),
      fields: Object.fromEntries(
        fieldDefinitions
          .filter((each) => screen.includes(each.id))
          .map((each) => [
            each.id,
            field(each, required.includes(each.id) || (each.id === 'resolution' && resolution === 'demanded')),
          ]),
      ),
    }),
  };
}

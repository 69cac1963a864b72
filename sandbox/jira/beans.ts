import type { DateTime } from 'luxon';
import {
  components,
  findNamed,
  findUser,
  issueTypes,
  type LinkType,
  linkTypes,
  type Named,
  priorities,
  project,
  resolutions,
  versions,
} from './catalogue.ts';
import { fields as fieldDefinitions } from './fields.ts';
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
  status(name: string): Bean;
  version(name: string): Bean;
  named(kind: string, list: readonly Named[]): readonly Bean[];
  transition(transition: Transition): Bean;
}

export function createBeans(state: State, url: () => string, timeZone: string): Beans {
  const api = (path: string) => `${url()}/rest/api/2/${path}`;
  const moment = (at: DateTime) => at.setZone(timeZone).toFormat("yyyy-MM-dd'T'HH:mm:ss.SSSZZZ");
  const named = (kind: string, list: readonly Named[]) =>
    list.map(({ id, name }) => ({ self: api(`${kind}/${id}`), id, name }));
  const oneNamed = (kind: string, list: readonly Named[], name: string | null) =>
    name === null ? null : (named(kind, list).find((each) => each.name === name) ?? null);

  const user = (name: string): Bean => {
    const { isAssignable: _, ...known } = findUser(name) ?? {};
    return { self: api(`user?username=${name}`), ...known, timeZone };
  };
  const status = (name: string): Bean => {
    const known = statuses.find((each) => each.name === name);
    return { self: api(`status/${known?.id}`), id: known?.id, name, statusCategory: known?.category };
  };
  const version = (wanted: string): Bean => {
    const known = versions.find(({ name }) => name === wanted);
    return { self: api(`version/${known?.id}`), ...known, archived: false };
  };
  const comment = (issue: Issue, each: Comment, expand?: 'properties'): Bean => ({
    self: api(`issue/${issue.id}/comment/${each.id}`),
    id: each.id,
    author: user(each.author),
    body: each.body,
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
    content: `${url()}/secure/attachment/${id}/${encodeURIComponent(name)}`,
  });
  const linkType = ({ id, name, inward, outward }: LinkType): Bean => ({
    id,
    name,
    inward,
    outward,
    self: api(`issueLinkType/${id}`),
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
    description: ({ values }) => values.description,
    status: (issue) => status(issue.status),
    priority: ({ values }) => oneNamed('priority', priorities, values.priority),
    issuetype: ({ type }) => oneNamed('issuetype', issueTypes, type),
    project: () => ({ self: api(`project/${project.id}`), ...project }),
    resolution: ({ values }) => oneNamed('resolution', resolutions, values.resolution),
    labels: ({ values }) => values.labels,
    components: ({ values }) => values.components.map((name) => oneNamed('component', components, name)),
    fixVersions: ({ values }) => values.fixVersions.map((name) => version(name)),
    customfield_10200: ({ values }) => values.customfield_10200,
    customfield_10300: ({ values }) => values.customfield_10300,
    duedate: ({ values }) => values.duedate,
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
    issue: (issue, wanted) => {
      const ids = Object.keys(fieldMakers).filter(
        (id) => wanted === undefined || wanted.includes(id) || wanted.includes('*all'),
      );
      const { id, key } = issue;
      const fields = Object.fromEntries(ids.map((fieldId) => [fieldId, fieldMakers[fieldId]?.(issue)]));
      return { id, self: api(`issue/${id}`), key, fields };
    },
    transition: ({ id, name, to, screen, resolution }) => ({
      id,
      name,
      to: status(to),
      fields: Object.fromEntries(
        fieldDefinitions
          .filter((field) => screen.includes(field.id))
          .map((field) => [
            field.id,
            {
              required: field.id === 'resolution' && resolution === 'demanded',
              schema: field.schema,
              name: field.name,
              operations: ['set'],
              ...(field.allowed === undefined ? {} : { allowedValues: named(field.id, field.allowed) }),
            },
          ]),
      ),
    }),
  };
}

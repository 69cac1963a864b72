import type { Comment, Person, Phase, Snapshot } from '../../src/domain/ticket.ts';
import type { Dialect } from './dialect.ts';
import { readFields } from './fields.ts';
import { markerOf } from './marker.ts';
import type { JiraOptions } from './options.ts';
import { isOwn } from './own.ts';
import { readReleasedVersions } from './released-versions.ts';
import { isCut } from './text/limits.ts';
import type { WireComment, WireIssue, WireUser } from './wire.ts';

/** Status categories; JIRA knows no other, and a status without one is somewhere in between. */
const phases: Readonly<Record<string, Phase>> = { new: 'new', indeterminate: 'open', done: 'done' };

/** The fields of an issue that a snapshot is made of, besides the mapped ones. */
export const snapshotFields = [
  'summary',
  'description',
  'status',
  'priority',
  'issuetype',
  'resolution',
  'reporter',
  'assignee',
  'attachment',
  'created',
  'updated',
] as const;

/** An issue and its comments as the core sees them. */
export function toSnapshot(
  issue: WireIssue,
  comments: readonly WireComment[],
  system: string,
  options: JiraOptions,
  dialect: Dialect,
): Snapshot {
  const { fields } = issue;
  const text = dialect.readText(fields.description);
  return {
    ref: { system, id: issue.id, key: issue.key },
    url: `${options.base_url}/browse/${issue.key}`,
    title: fields.summary ?? '',
    text,
    ...(isCut(text, options) ? { isTextCut: true } : {}),
    state: fields.status.name,
    phase: phases[fields.status.statusCategory?.key ?? ''] ?? 'open',
    priority: fields.priority?.name ?? '',
    type: fields.issuetype.name,
    ...(fields.resolution ? { resolution: fields.resolution.name } : {}),
    ...(fields.reporter ? { requester: toPerson(fields.reporter, dialect) } : {}),
    ...(fields.assignee ? ownerOf(fields.assignee, dialect) : {}),
    fields: { ...readReleasedVersions(fields), ...readFields(fields, options, dialect) },
    comments: comments.map((comment) => toComment(comment, options, dialect)).toSorted(byId),
    attachments: (fields.attachment ?? []).map(({ id, filename, author, mimeType, size }) => ({
      id,
      name: filename,
      contentType: mimeType ?? 'application/octet-stream',
      size,
      ...(isOwn(author, options.account) ? { isOwn: true } : {}),
    })),
    history: [],
    createdAt: fields.created,
    changedAt: fields.updated,
  };
}

function toComment(comment: WireComment, options: JiraOptions, dialect: Dialect): Comment {
  const marker = markerOf(comment.properties ?? [], options.marker_property);
  const text = dialect.readText(comment.body);
  return {
    id: comment.id,
    author: comment.author ? nameOfUser(comment.author) : '',
    at: comment.created,
    text,
    visibility: isInternal(comment) ? 'internal' : 'public',
    by: 'agent',
    ...(marker === undefined ? {} : { marker: marker.key }),
    ...(isEdited(comment) ? { editedAt: comment.updated } : {}),
    ...(marker !== undefined && isCut(text, options) ? { isCut: true } : {}),
  };
}

/** JIRA writes the moment of the last change beside that of the writing, also where there was none. */
function isEdited(comment: WireComment): comment is WireComment & { readonly updated: WireComment['created'] } {
  const { created, updated } = comment;
  return updated !== undefined && updated !== null && updated > created;
}

/** Restricted to a role or group, or internal in the sense of Service Management. */
function isInternal({ visibility, jsdPublic, properties }: WireComment): boolean {
  const flag = properties?.find(({ key }) => key === 'sd.public.comment');
  return Boolean(visibility) || jsdPublic === false || (flag !== undefined && !saysPublic(flag.value));
}

/** Scripts write the flag in forms of their own, e.g. as the text `true`. What does not surely say public is internal. */
function saysPublic(flag: unknown): boolean {
  return typeof flag === 'object' && flag !== null && 'internal' in flag && String(flag.internal) === 'false';
}

function toPerson(user: WireUser, dialect: Dialect): Person {
  const login = dialect.readUser(user);
  return {
    name: nameOfUser(user),
    ...(login === undefined ? {} : { login }),
    ...(user.emailAddress === undefined ? {} : { email: user.emailAddress }),
  };
}

/** For people, and as `assign` takes it. */
function ownerOf(user: WireUser, dialect: Dialect): Pick<Snapshot, 'owner' | 'ownerLogin'> {
  const login = dialect.readUser(user);
  return { owner: nameOfUser(user), ...(login === undefined ? {} : { ownerLogin: login }) };
}

function nameOfUser({ displayName, name, key, accountId }: WireUser): string {
  return displayName ?? name ?? key ?? accountId ?? '';
}

function byId(left: Comment, right: Comment): number {
  return Number(left.id) - Number(right.id);
}

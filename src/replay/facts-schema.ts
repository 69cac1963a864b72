import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Action } from '../domain/action.ts';
import type { Facts, MainTicket, RelatedRecord } from '../domain/facts.ts';
import type { Agreed, Link, Refusal, RelatedRef } from '../domain/link.ts';
import type {
  Aliases,
  Attachment,
  ChangingProperty,
  Comment,
  HistoryEntry,
  Person,
  PropertyChange,
  Ref,
  Snapshot,
} from '../domain/ticket.ts';

/** A schema for every property of a type: one that the type gains is missing here until it is written down. */
type Each<Type> = Readonly<Record<keyof Type, z.ZodType>>;

const words = (description: string) => z.string().exactOptional().meta({ description });

/** An ISO moment with its offset, e.g. `2026-11-23T10:00:00+03:00`. */
export const moment = z.iso
  .datetime({ offset: true, message: 'is no moment with an offset, such as 2026-11-23T10:00:00+03:00' })
  .transform((text): DateTime => DateTime.fromISO(text, { setZone: true }))
  .refine((value) => value.isValid, { message: 'is no moment that exists' });

const at = (description: string) => moment.exactOptional().meta({ description });

const yes = (description: string) => z.boolean().exactOptional().meta({ description });

const only = (description: string) => z.literal(true).exactOptional().meta({ description });

const phase = z.enum(['new', 'open', 'pending', 'done']);

const ref = z.strictObject({
  system: z.string().min(1).meta({ description: 'System that holds the record: `otrs` or `jira`.' }),
  id: z.string().min(1).meta({ description: 'The system’s own id.' }),
  key: words('What people read: ticket number or issue key.'),
} satisfies Each<Ref>);

const person = z.strictObject({
  name: z.string().meta({ description: 'Full name.' }),
  login: words('Login.'),
  email: words('Mail address.'),
  phone: words('Telephone.'),
  branch: words('Regional branch (МРФ).'),
} satisfies Each<Person>);

const comment = z.strictObject({
  id: words('Id; counted up from 101 if it is left out.'),
  author: words('Name of the author.'),
  email: words('Address of the author.'),
  at: at('When it was written; the registration if it is left out.'),
  subject: words('Subject of an article.'),
  text: z.string().meta({ description: 'Plain text.' }),
  visibility: z
    .enum(['public', 'internal'])
    .exactOptional()
    .meta({ description: 'Who may read it; `internal` if it is left out.' }),
  by: z
    .enum(['requester', 'agent', 'system'])
    .exactOptional()
    .meta({ description: 'Who spoke; `agent` if it is left out.' }),
  marker: words('Key of the bridge’s action that wrote it.'),
  editedAt: at('When its text was last changed; never if it is left out.'),
  isCut: yes('Whether the bridge had to cut it.'),
  isMergedIn: only('It was written in another ticket, which was merged into this one.'),
} satisfies Each<Comment>);

const attachment = z.strictObject({
  id: words('Id; counted up from 1 if it is left out.'),
  name: z.string().min(1).meta({ description: 'File name.' }),
  contentType: words('MIME type.'),
  size: z.number().int().min(0).exactOptional().meta({ description: 'Bytes.' }),
  commentId: words('The comment that it came with.'),
  isOwn: yes('Whether the bridge put it there.'),
  marker: words('Key of the bridge’s action that wrote it.'),
} satisfies Each<Attachment>);

const properties = ['title', 'type', 'service', 'ticket_queue', 'priority', 'state', 'owner'] as const;

const change = z.strictObject({
  property: z
    .union([z.enum(properties), z.templateLiteral(['fields.', z.string().min(1)])])
    .meta({ description: 'What changed: a property of the ticket or `fields.<logical name>`.' }),
  from: words('Value before; none if it is left out.'),
  to: words('Value after; none if it is left out.'),
} satisfies Each<PropertyChange> & { property: z.ZodType<ChangingProperty> });

const historyEntry = z.strictObject({
  at: moment.meta({ description: 'When it happened.' }),
  by: words('Id of the acting user.'),
  what: words('The system’s name of the kind of change.'),
  detail: words('What the system says about it.'),
  commentId: words('The comment that it tells of.'),
  changes: z.array(change).exactOptional().meta({ description: 'Properties that got another value.' }),
} satisfies Each<HistoryEntry>);

const names = (what: string) =>
  z
    .array(z.string())
    .exactOptional()
    .meta({ description: `Other names of the ${what}.` });

const aliases = z.strictObject({
  state: names('state'),
  priority: names('priority'),
  resolution: names('resolution'),
} satisfies Each<Aliases>);

/** A ticket or an issue as people and the bridge write it: what is left out has a default, unknown keys are faults. */
const record = z.strictObject({
  ref: ref.exactOptional().meta({ description: 'Where it lies; invented if it is left out.' }),
  url: words('Where a person opens it.'),
  title: z.string().meta({ description: 'Title.' }),
  text: z.string().meta({ description: 'Description, or the first article as plain text.' }),
  textCommentId: words('The comment that `text` was taken from.'),
  state: words('State of the ticket or status of the issue.'),
  phase: phase.exactOptional().meta({ description: 'What the state means; `open` if it is left out.' }),
  priority: words('Priority.'),
  type: words('Type.'),
  service: words('Service.'),
  ticketQueue: words('Queue of OTRS.'),
  resolution: words('Resolution of the issue.'),
  isTextCut: yes('Whether the bridge had to cut the text that it opened the record with.'),
  aliases: aliases
    .exactOptional()
    .meta({ description: 'Other names of state, priority and resolution that mean the same.' }),
  requester: person.exactOptional().meta({ description: 'Who asked.' }),
  owner: words('Who works on it.'),
  ownerLogin: words('The same person under the name that the system takes; `owner` if that is one already.'),
  fields: z
    .record(z.string(), z.union([z.string(), z.array(z.string())]))
    .exactOptional()
    .meta({ description: 'Field values by logical name, e.g. `solution`.' }),
  comments: z.array(comment).exactOptional().meta({ description: 'Comments in the order of writing.' }),
  attachments: z.array(attachment).exactOptional().meta({ description: 'Files.' }),
  history: z.array(historyEntry).exactOptional().meta({ description: 'What happened to it, in order.' }),
  createdAt: at('When it was registered; the first moment that is known of it if it is left out.'),
  changedAt: at('When it last changed; the last moment that is known of it if it is left out.'),
  mergedInto: ref.exactOptional().meta({ description: 'The ticket that it was merged into.' }),
  mergedFrom: z.array(ref).exactOptional().meta({ description: 'Tickets that were merged into it.' }),
  isArchived: only('It was put away into the archive.'),
} satisfies Each<Snapshot>);

/** Compared letter by letter with the action decided anew, so it is taken as it is, with the order of its keys. */
const action = z.custom<Action>((value) => typeof value === 'object' && value !== null && 'do' in value, {
  message: 'is no action of the bridge',
});

const relatedRef = {
  name: z.string().min(1).meta({ description: 'Key of its system in related-systems.yaml.' }),
  role: z.enum(['related', 'task']).meta({ description: 'A question to another system, or a task of another line.' }),
  ref,
} satisfies Each<RelatedRef>;

const link = z.strictObject({
  ticket: ref.exactOptional().meta({ description: 'The ticket; that of `ticket` if it is left out.' }),
  issue: ref.exactOptional().meta({ description: 'The issue; that of `issue` if it is left out.' }),
  related: z
    .array(z.strictObject(relatedRef))
    .exactOptional()
    .meta({ description: 'Records that were opened for it; those of `related` if it is left out.' }),
  agreed: z
    .strictObject({
      issueState: words('Status and resolution of the issue, joined by /, that the ticket was last moved for.'),
      issuePhase: phase.exactOptional().meta({ description: 'What that status meant.' }),
      noted: words('Digest of the disagreements that were last written down.'),
      ticketState: words('State of the ticket that was last agreed.'),
      answer: words('Id of the requester’s last public article that was taken into account.'),
      shownTicket: words('How the issue shows the ticket: `open` or `resolved`, a slash, and the title.'),
      owesLetter: z
        .literal(true)
        .exactOptional()
        .meta({ description: 'The ticket is closed, and the letter about its solution is still to be written.' }),
      ended: z
        .array(z.string())
        .exactOptional()
        .meta({ description: 'Names of the linked records whose work was done at the last look.' }),
      firstAssignee: words('Login of the assignee that the issue had when it was first seen.'),
      misrouted: words('ISO moment at which the bridge closed the issue because its ticket had left our services.'),
      described: z
        .array(z.string())
        .exactOptional()
        .meta({ description: 'Ids of comments that stand in an issue as its description.' }),
      issueFrom: words('Id of the merged ticket that the issue was opened for.'),
      unreadableSince: words('Since when the ticket cannot be read.'),
      isGone: only('It was told that the ticket is gone.'),
    } satisfies Each<Agreed>)
    .exactOptional()
    .meta({ description: 'The last common state of both sides.' }),
  done: z
    .record(z.string(), z.string())
    .exactOptional()
    .meta({ description: 'Keys of actions that took effect, with the id of the effect.' }),
  refused: z
    .record(
      z.string(),
      z.strictObject({
        action,
        code: z.string(),
        message: words('What was answered.'),
        reason: words('The reason in one word, e.g. `content-differs`.'),
        at: moment,
        discarded: z
          .array(action)
          .exactOptional()
          .meta({ description: 'Contents of the action that a person discarded.' }),
      } satisfies Each<Refusal>),
    )
    .exactOptional()
    .meta({ description: 'Keys of actions that were refused for good.' }),
} satisfies Each<Link>);

const parts = {
  ticket: record.meta({ description: 'The ticket. Only `title` and `text` are needed.' }),
  issue: record.exactOptional().meta({ description: 'Its issue, once there is one.' }),
  isIssueGone: z
    .literal(true)
    .exactOptional()
    .meta({ description: 'The issue of the link is not shown to the bridge; then there is no `issue`.' }),
  related: z
    .array(
      z.strictObject({
        ...relatedRef,
        ref: ref.exactOptional().meta({ description: 'Where it lies; that of `record` if it is left out.' }),
        record: record.exactOptional().meta({ description: 'The record as it is now.' }),
        isGone: z.literal(true).exactOptional().meta({ description: 'It is not shown to the bridge.' }),
        lacks: z
          .array(z.enum(['comments', 'files', 'state', 'fields']))
          .exactOptional()
          .meta({ description: 'What its system cannot do with it.' }),
      } satisfies Each<RelatedRecord>),
    )
    .exactOptional()
    .meta({ description: 'Records that were opened for the ticket besides its issue.' }),
  main: z
    .strictObject({
      ref,
      issue: ref.exactOptional().meta({ description: 'Its issue.' }),
      related: z
        .array(z.strictObject(relatedRef))
        .exactOptional()
        .meta({ description: 'Records that were opened for it besides its issue.' }),
      isHidden: only('The bridge does not see it.'),
    } satisfies Each<MainTicket>)
    .exactOptional()
    .meta({ description: 'The ticket that this one was merged into.' }),
  shownIssueOf: ref.exactOptional().meta({ description: 'The ticket whose issue the fields of this one show.' }),
  link: link.exactOptional().meta({ description: 'What the bridge remembers about the ticket.' }),
} satisfies Each<Facts>;

/** The facts about a ticket in one file or line, with the moment at which they were seen. */
export const snapshotSchema = z
  .strictObject({ at: at('When the facts were seen.'), ...parts })
  .meta({ description: 'What the bridge knows about one ticket: the ticket, its issue and its own memory.' });

export type WrittenSnapshot = z.output<typeof snapshotSchema>;
export type WrittenRecord = z.output<typeof record>;

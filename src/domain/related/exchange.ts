import type { CommentDraft } from '../action.ts';
import { fileValues } from '../attachments.ts';
import { type CommentWay, goThrough, type StandingOfComment, standingsOn } from '../comment-ways.ts';
import type { Facts } from '../facts.ts';
import type { FileWay } from '../file-standing.ts';
import { combine, type Judgement } from '../reason.ts';
import { fill, type TemplateValues } from '../template.ts';
import type { Attachment, Comment, Snapshot, Visibility } from '../ticket.ts';
import { commentValues, editValues, ticketValues } from '../vocabulary.ts';
import { isListening, isShownNow, linkedTickets, type ShownTicket } from './linked.ts';
import { type RelatedPolicy, relatedValues, type Telling } from './policy.ts';

/**
 * Public words of people go both ways between the ticket and its linked tickets, internal ones never. What the bridge wrote
 * goes nowhere, so a comment of the issue or of one linked ticket never reaches another one. A linked ticket that is closed
 * or archived is told nothing until it is open again, and one whose system takes no comments is told none.
 */
export function judgeExchange(facts: Facts, linked: readonly ShownTicket[], policy: RelatedPolicy): Judgement {
  return combine(linked.flatMap((each) => commentWays(facts, each, policy).flatMap((way) => goThrough(way, facts))));
}

/** Where the comments of the ticket and of a linked ticket stand with each other. */
export function exchangeStandings(
  facts: Facts,
  linked: ShownTicket,
  policy: RelatedPolicy,
): readonly { readonly comment: Comment; readonly of: Snapshot; readonly standing: StandingOfComment }[] {
  return commentWays(facts, linked, policy).flatMap((way) =>
    standingsOn(way, facts).map(({ comment, standing }) => ({ comment, of: way.source, standing })),
  );
}

/** A way of files, what is said beside one of them, and the rule that carries it. */
export interface RelatedFileWay {
  readonly way: FileWay;
  readonly noteOf: (file: Attachment, visibility: Visibility) => CommentDraft;
  readonly rule: string;
}

/** Files that came with public words go both ways, as far as the list permits them (R10). */
export function relatedFileWays(facts: Facts, policy: RelatedPolicy): readonly RelatedFileWay[] {
  const { ticket } = facts;
  const { toRelated, toTicket } = policy;
  const common = { internal: 'stay', untied: 'internal', list: 'same_list' } as const;
  return linkedTickets(facts, policy)
    .filter(isShownNow)
    .flatMap((linked): readonly RelatedFileWay[] => {
      const { name, record, lacks = [] } = linked;
      const values = valuesOf(ticket, linked, policy);
      const there: RelatedFileWay = {
        way: {
          ...common,
          of: ticket,
          target: record,
          channel: `to-${name}`,
          publicAs: toRelated.visibility,
          takesNone: lacks.includes('files'),
        },
        noteOf: noteWriter(toRelated, values),
        rule: 'file-of-the-ticket-goes-to-the-related-ticket',
      };
      const back: RelatedFileWay = {
        way: { ...common, of: record, target: ticket, channel: `from-${name}`, publicAs: toTicket.visibility },
        noteOf: noteWriter(toTicket, values),
        rule: 'file-of-the-related-ticket-goes-to-the-ticket',
      };
      return isListening(record) ? [there, back] : [back];
    });
}

function commentWays({ ticket }: Facts, linked: ShownTicket, policy: RelatedPolicy): readonly CommentWay[] {
  const { name, record, clause, lacks = [] } = linked;
  const values = valuesOf(ticket, linked, policy);
  const common = { clause, internal: 'stay', edits: 'as_note' } as const;
  const there: CommentWay = {
    ...common,
    ...writers(policy.toRelated, values, policy),
    source: ticket,
    target: record,
    channel: `to-${name}`,
    described: describedIn(record, ticket),
    called: 'article',
    rules: rulesOf('public-article-goes-to-the-related-ticket', 'edited-article-is-told-in-the-related-ticket'),
  };
  const back: CommentWay = {
    ...common,
    ...writers(policy.toTicket, values, policy),
    source: record,
    target: ticket,
    channel: `from-${name}`,
    called: 'comment',
    rules: rulesOf('public-comment-comes-from-the-related-ticket', 'edited-comment-of-the-related-ticket-is-told'),
  };
  return !isListening(record) || lacks.includes('comments') ? [back] : [there, back];
}

/** Characters. What is shorter can stand in a text by chance. */
const TELLING = 20;

/**
 * The comments whose words the linked ticket has as its text: the first text of the ticket that it was opened for, which may
 * have been merged into this one later. None where its opening broke off half-way: then they are carried.
 */
function describedIn(
  { text, comments: there }: Snapshot,
  { comments, textCommentId = '' }: Snapshot,
): readonly string[] {
  if (text === '' && !there.some(({ marker }) => marker?.startsWith('open:'))) {
    return [];
  }

  const holds = (words: string) => words.length >= TELLING && text.includes(words);
  const cameAlong = comments.filter(({ isMergedIn, text: words }) => isMergedIn === true && holds(words));
  const own = comments.find(({ id }) => id === textCommentId)?.text ?? '';
  return [...cameAlong.map(({ id }) => id), ...(cameAlong.length === 0 || holds(own) ? [textCommentId] : [])];
}

function writers({ comment: texts, visibility }: Telling, values: TemplateValues, { wording }: RelatedPolicy) {
  const write = (template: string, comment: Comment): Omit<CommentDraft, 'visibility'> => {
    const known = {
      ...values,
      ...commentValues(comment, wording.moments),
      ...editValues(comment, wording.moments),
    };
    return { subject: fill(texts.subject, known), text: fill(template, known) };
  };
  return {
    visibility,
    write: (comment: Comment) => write(texts.text, comment),
    tell: (comment: Comment) => write(texts.edited, comment),
  };
}

function rulesOf(words: string, edit: string): CommentWay['rules'] {
  return { public: words, internal: words, edit, note: edit };
}

function noteWriter({ file: texts }: Telling, values: TemplateValues): RelatedFileWay['noteOf'] {
  return (file, visibility) => {
    const known = { ...values, ...fileValues(file) };
    return { subject: fill(texts.subject, known), text: fill(texts.text, known), visibility };
  };
}

function valuesOf(ticket: Snapshot, { title, ref, record }: ShownTicket, { wording }: RelatedPolicy): TemplateValues {
  return { ...ticketValues(ticket, wording), ...relatedValues(title, ref, record) };
}

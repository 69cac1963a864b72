import type { CommentDraft } from '../../src/domain/action.ts';
import { toHtml } from './html.ts';
import { toHistoryComment } from './marker.ts';
import type { OtrsOptions } from './options.ts';
import { storable } from './storable.ts';

const PLAIN = 'text/plain; charset=utf-8';
const HTML = 'text/html; charset=utf-8';

/** Characters of a subject. Beyond 3800 OTRS fails half-way and leaves a broken article behind. */
const MAX_SUBJECT = 200;

/**
 * An article as TicketUpdate wants it, plain. Whatever is not said here is left to OTRS, the sender's name for one. Articles
 * with files stay plain: the HTML of an article is one of its files, and would be counted among them.
 */
export function toArticle(comment: CommentDraft, key: string, options: OtrsOptions) {
  return {
    Article: {
      CommunicationChannel: options.articles.channel,
      SenderType: options.articles.sender,
      // Left out, it would be 1: OTRS shows an article to the customer unless told otherwise.
      IsVisibleForCustomer: comment.visibility === 'public' ? 1 : 0,
      Subject: storable(comment.subject, MAX_SUBJECT) || 'JIRA',
      Body: storable(comment.text),
      ContentType: PLAIN,
      HistoryType: 'AddNote',
      HistoryComment: toHistoryComment(key),
      // The notifications of the installation say whom a note is told to; as shipped the owner and whoever watches.
      ...(comment.notify === 'agents' ? {} : { NoAgentNotify: 1 }),
    },
    // Beside the article, not in it: there it would be ignored without a word.
    DynamicField: [{ Name: options.article_marker_field, Value: key }],
  };
}

/** The same in the format that the configuration names for articles without files. */
export function toWords(comment: CommentDraft, key: string, options: OtrsOptions) {
  const { Article, DynamicField } = toArticle(comment, key, options);
  return options.articles.format === 'plain'
    ? { Article, DynamicField }
    : { Article: { ...Article, Body: toHtml(Article.Body), ContentType: HTML }, DynamicField };
}

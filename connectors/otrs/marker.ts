import type { Ref } from '../../src/domain/ticket.ts';
import type { WireHistoryEntry } from './wire.ts';

/**
 * What the bridge writes is marked twice: in the article's dynamic field, and in the history entry of the article. OTRS
 * can serve a dynamic field from a cache that lost a race and forgot the value; the history always comes from its
 * database, so that «not marked» is certain.
 */
const PREFIX = '%%bridge ';

/** Characters; the history's column has 200. */
const MAX_COMMENT = 200;

/** The comment of the history entry, as OTRS wants it in `Article.HistoryComment`. */
export function toHistoryComment(key: string): string {
  return `${PREFIX}${key}`.slice(0, MAX_COMMENT);
}

/** What marks a ticket that the bridge opened: the action, and the ticket that it was opened for. */
export function toTicketMark(key: string, origin: Ref): string {
  return `${key} ${origin.id}`;
}

/**
 * The marker of an article: the history tells that the bridge wrote it, the field completes a key that was too long for the
 * history. A field alone proves nothing: the page that splits a ticket copies it into an article of an agent.
 */
export function markerOf(history: readonly WireHistoryEntry[], articleId: string, inField: string): string | undefined {
  const entries = history.filter(({ ArticleID }) => ArticleID === articleId);
  if (entries.length === 0) {
    return inField || undefined;
  }

  const told = entries.find(({ Name }) => Name.startsWith(PREFIX))?.Name;
  const key = told?.slice(PREFIX.length);
  return told?.length === MAX_COMMENT && inField.startsWith(key ?? '') ? inField : key;
}

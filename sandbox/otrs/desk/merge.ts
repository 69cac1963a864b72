import type { DateTime } from 'luxon';
import { agentOf } from './authors.ts';
import type { NewArticle, SandboxTicket } from './model.ts';
import type { Attribute, Happening } from './tickets.ts';

export interface MergeParts {
  readonly record: (ticket: SandboxTicket, by: number, type: string, name: string) => void;
  readonly addArticle: (id: number, article: NewArticle) => void;
  readonly set: (id: number, attribute: Attribute, value: string, by: string) => void;
  readonly tell: (event: Happening) => void;
}

/** Articles go over with their entries of the history; a note about it is all that the merged ticket keeps. */
export function mergeTickets(
  { record, addArticle, set, tell }: MergeParts,
  merged: SandboxTicket,
  main: SandboxTicket,
  login: string,
  at: DateTime,
): void {
  const by = agentOf(login).id;
  const moved = merged.articles.map((article) => ({ ...article, changed: { by, at } }));
  main.articles = [...main.articles, ...moved].toSorted((left, right) => left.id - right.id);
  main.history = [...main.history, ...merged.history.filter(({ articleId }) => articleId > 0)].toSorted(
    (left, right) => left.id - right.id,
  );
  merged.articles = [];
  merged.history = merged.history.filter(({ articleId }) => articleId === 0);
  addArticle(merged.id, {
    by: login,
    from: '',
    subject: 'Ticket Merged',
    text: `Объединена заявка ${merged.number} с ${main.number}.`,
    charset: 'ascii',
    visibility: 'public',
    historyComment: '%%Note',
  });
  const entry = `%%${merged.number}%%${merged.id}%%${main.number}%%${main.id}`;
  record(merged, by, 'Merged', entry);
  record(main, by, 'Merged', entry);
  record(main, by, 'TicketLinkAdd', `%%${merged.number}%%${merged.id}%%${main.id}`);
  record(merged, by, 'TicketLinkAdd', `%%${main.number}%%${main.id}%%${merged.id}`);
  set(merged.id, 'state', 'merged', login);
  tell({ name: 'TicketMerge', ticket: merged, by, more: { MainTicketID: String(main.id) } });
}

import { ticketFields } from '../world.ts';
import { agentOf } from './authors.ts';
import type { SandboxTickets } from './tickets.ts';

/**
 * What the page «Split» does: a new ticket like the old one, whose first article is a copy of the chosen one with its files
 * and with whatever fields the page is set up to show, those of the bridge among them. Both tickets tell of the link.
 */
export function splitTicket(
  tickets: SandboxTickets,
  ticketId: string,
  articleId: string,
  shown: readonly string[],
  login: string,
): { readonly id: string; readonly number: string } {
  const source = tickets.get(ticketId);
  const article = source.articles.find(({ id }) => String(id) === articleId);
  if (article === undefined) {
    throw new Error(`The sandbox has no article ${articleId} in ticket ${ticketId}`);
  }

  const by = agentOf(login).id;
  const { ticketQueue, state, priority, type, service, customer, owner } = source;
  const title = article.subject;
  const { id, number } = tickets.register({ title, ticketQueue, state, priority, type, service, customer, owner, by });
  for (const name of shown.filter((each) => ticketFields[each] !== undefined)) {
    tickets.setField(id, name, source.fields[name] ?? null, login);
  }
  tickets.addArticle(id, {
    by: login,
    from: article.from,
    to: ticketQueue,
    subject: title,
    text: article.body,
    visibility: 'public',
    senderType: 'customer',
    channel: 'Phone',
    historyType: 'PhoneCallCustomer',
    attachments: article.attachments,
    fields: Object.fromEntries(Object.entries(article.fields).filter(([name]) => shown.includes(name))),
  });
  tickets.tellOfLink(ticketId, String(id), login);
  return { id: String(id), number };
}

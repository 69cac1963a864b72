import type { DateTime } from 'luxon';
import { customers } from '../world.ts';
import { agentOf, authorOf } from './authors.ts';
import type { NewArticle, NewTicket, SandboxTicket } from './model.ts';
import { splitTicket } from './split.ts';
import type { SandboxTickets } from './tickets.ts';

/** What agents and customers do in the help desk; `by` is an agent unless said otherwise. */
export interface People {
  createTicket(ticket: NewTicket): { readonly id: string; readonly number: string };
  /** By an agent unless `by` names a customer, whose articles are public. Answers with the article's id. */
  addArticle(ticketId: string, article: NewArticle): string;
  moveToQueue(ticketId: string, ticketQueue: string, by?: string): void;
  setState(ticketId: string, state: string, by?: string): void;
  /** Sets the time of a ticket in a pending state. */
  remindIn(ticketId: string, minutes: number, by?: string): void;
  setPriority(ticketId: string, priority: string, by?: string): void;
  setType(ticketId: string, type: string, by?: string): void;
  setService(ticketId: string, service: string, by?: string): void;
  setTitle(ticketId: string, title: string, by?: string): void;
  setOwner(ticketId: string, login: string, by?: string): void;
  setField(ticketId: string, dynamicField: string, value: string | number, by?: string): void;
  /** The ticket ends in the state `merged`, and its articles go over to the other one. */
  merge(ticketId: string, into: string, by?: string): void;
  deleteTicket(ticketId: string, by?: string): void;
  archive(ticketId: string, isArchived?: boolean, by?: string): void;
  /** Makes a ticket of one article. `fields` are those that the page copies, of the ticket and of the article alike. */
  split(
    ticketId: string,
    articleId: string,
    fields?: readonly string[],
    by?: string,
  ): { readonly id: string; readonly number: string };
  ticket(ticketId: string): Readonly<SandboxTicket>;
  tickets(): readonly Readonly<SandboxTicket>[];
}

const AGENT = 'petrova.2l';
const CUSTOMER = 'user.volga';

export function letPeopleIn(tickets: SandboxTickets, now: () => DateTime): People {
  const done = <Result>(result: Result): Result => {
    tickets.commit();
    return result;
  };

  return {
    createTicket(wanted) {
      const by = wanted.by ?? CUSTOMER;
      const author = authorOf(by);
      const customer = customers.find(({ login }) => login === (wanted.customer ?? by));
      const { id, number, ticketQueue } = tickets.register({
        title: wanted.title,
        ticketQueue: wanted.ticketQueue ?? 'NTTM::2ЛТП',
        state: wanted.state ?? 'Назначено',
        priority: wanted.priority ?? '3 Средний',
        type: wanted.type ?? 'Инцидент',
        service: wanted.service ?? 'NTTM: Техническая поддержка',
        owner: agentOf(author.isCustomer ? 'root@localhost' : by),
        customer,
        by: author.userId,
      });
      const fromCustomer = customer === undefined ? {} : { from: `${customer.name} <${customer.email}>` };
      tickets.addArticle(id, {
        text: wanted.text,
        subject: wanted.title,
        by,
        to: ticketQueue,
        visibility: 'public',
        ...(author.isCustomer
          ? { historyType: 'WebRequestCustomer' }
          : { historyType: 'PhoneCallCustomer', channel: 'Phone', senderType: 'customer', ...fromCustomer }),
        ...(wanted.attachments === undefined ? {} : { attachments: wanted.attachments }),
      });
      return done({ id: String(id), number });
    },
    addArticle: (id, article) => done(String(tickets.addArticle(id, article).id)),
    moveToQueue: (id, ticketQueue, by = AGENT) => done(tickets.set(id, 'ticketQueue', ticketQueue, by)),
    setState: (id, state, by = AGENT) => done(tickets.set(id, 'state', state, by)),
    remindIn: (id, minutes, by = AGENT) => done(tickets.setPending(id, now().plus({ minutes }), by)),
    setPriority: (id, priority, by = AGENT) => done(tickets.set(id, 'priority', priority, by)),
    setType: (id, type, by = AGENT) => done(tickets.set(id, 'type', type, by)),
    setService: (id, service, by = AGENT) => done(tickets.set(id, 'service', service, by)),
    setTitle: (id, title, by = AGENT) => done(tickets.set(id, 'title', title, by)),
    setOwner: (id, login, by = AGENT) => done(tickets.setOwner(id, login, by)),
    setField: (id, name, value, by = AGENT) => done(tickets.setField(id, name, value, by)),
    merge: (id, into, by = AGENT) => done(tickets.merge(id, into, by)),
    deleteTicket: (id, by = AGENT) => done(tickets.remove(id, by)),
    archive: (id, isArchived = true, by = AGENT) => done(tickets.setArchived(id, isArchived, by)),
    split: (id, articleId, fields = [], by = AGENT) => done(splitTicket(tickets, id, articleId, fields, by)),
    ticket: tickets.get,
    tickets: tickets.all,
  };
}

import type { DateTime } from 'luxon';
import { type FileContent, generatedContent } from '../jira/file-content.ts';
import {
  type Agent,
  agents,
  type Customer,
  customers,
  priorities,
  services,
  stateTypes,
  ticketFields,
  ticketQueues,
  ticketTypes,
} from './world.ts';

export type FieldValue = string | number | null;

export interface SandboxArticle {
  readonly id: number;
  readonly subject: string;
  readonly body: string;
  readonly from: string;
  readonly senderType: 'agent' | 'customer' | 'system';
  readonly isVisibleForCustomer: boolean;
  readonly createdBy: number;
  readonly createdAt: DateTime;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly attachments: readonly SandboxFile[];
}

export interface SandboxFile {
  readonly name: string;
  readonly contentType: string;
  readonly content: FileContent;
}

/** A file as people attach it; one that tells only its size is made while it is read. */
export type NewFile = Omit<SandboxFile, 'content'> & ({ readonly size: number } | { readonly content: FileContent });

export interface SandboxHistoryEntry {
  readonly type: string;
  readonly name: string;
  readonly by: number;
  readonly at: DateTime;
  readonly articleId: number;
}

export interface SandboxTicket {
  readonly id: number;
  readonly number: string;
  title: string;
  ticketQueue: string;
  state: string;
  priority: string;
  type: string;
  service: string;
  owner: Agent;
  readonly customer: Customer | undefined;
  readonly createdAt: DateTime;
  changedAt: DateTime;
  changedBy: number;
  pendingUntil: DateTime | undefined;
  readonly fields: Record<string, FieldValue>;
  readonly articles: SandboxArticle[];
  readonly history: SandboxHistoryEntry[];
}

/** What OTRS tells its invokers: `by` is known to them only through conditions. */
export interface SandboxEvent {
  readonly name: string;
  readonly ticket: SandboxTicket;
  readonly by: number;
  readonly articleId?: number;
}

export interface NewTicket {
  readonly title: string;
  readonly text: string;
  readonly ticketQueue?: string;
  readonly state?: string;
  readonly priority?: string;
  readonly type?: string;
  readonly service?: string;
  /** Login of an agent or a customer; a ticket of an agent has no requester unless `customer` names one. */
  readonly by?: string;
  readonly customer?: string;
  /** What comes with the first letter. */
  readonly attachments?: readonly NewFile[];
}

export interface NewArticle {
  readonly text: string;
  readonly subject?: string;
  readonly visibility?: 'public' | 'internal';
  readonly by?: string;
  readonly attachments?: readonly NewFile[];
  readonly fields?: Readonly<Record<string, FieldValue>>;
  readonly historyComment?: string;
  readonly senderType?: SandboxArticle['senderType'];
}

export type Attribute = 'title' | 'ticketQueue' | 'state' | 'priority' | 'type' | 'service';

const attributes: Readonly<Record<Attribute, { event: string; history: string; values?: readonly string[] }>> = {
  title: { event: 'TicketTitleUpdate', history: 'TitleUpdate' },
  ticketQueue: { event: 'TicketQueueUpdate', history: 'Move', values: ticketQueues },
  state: { event: 'TicketStateUpdate', history: 'StateUpdate', values: Object.keys(stateTypes) },
  priority: { event: 'TicketPriorityUpdate', history: 'PriorityUpdate', values: priorities },
  type: { event: 'TicketTypeUpdate', history: 'TypeUpdate', values: ticketTypes },
  service: { event: 'TicketServiceUpdate', history: 'ServiceUpdate', values: services },
};

/** The tickets of a help desk, kept in memory. Changes write history and tell events, as the real one does. */
export function keepTickets(now: () => DateTime, tell: (event: SandboxEvent) => void) {
  const tickets = new Map<string, SandboxTicket>();
  let lastArticle = 0;

  const get = (id: string | number) => {
    const found = tickets.get(String(id));
    if (found === undefined) {
      throw new Error(`The sandbox has no ticket ${id}`);
    }
    return found;
  };

  const record = (ticket: SandboxTicket, by: number, type: string, name: string, articleId = 0) => {
    ticket.history.push({ type, name, by, at: now(), articleId });
    ticket.changedAt = now();
    ticket.changedBy = by;
  };

  const addArticle = (id: string | number, article: NewArticle) => {
    const ticket = get(id);
    const author = authorOf(article.by ?? 'petrova.2l');
    lastArticle += 1;
    const added: SandboxArticle = {
      id: lastArticle,
      subject: article.subject ?? (author.isCustomer ? ticket.title : 'Заметка'),
      body: article.text,
      from: author.from,
      senderType: article.senderType ?? (author.isCustomer ? 'customer' : 'agent'),
      isVisibleForCustomer: article.visibility === undefined ? author.isCustomer : article.visibility === 'public',
      createdBy: author.userId,
      createdAt: now(),
      fields: article.fields ?? {},
      attachments: (article.attachments ?? []).map(toFile),
    };
    ticket.articles.push(added);
    const type = author.isCustomer ? 'WebRequestCustomer' : 'AddNote';
    record(ticket, author.userId, type, article.historyComment ?? '%%', added.id);
    tell({ name: 'ArticleCreate', ticket, by: author.userId, articleId: added.id });
    return added;
  };

  const create = (wanted: NewTicket) => {
    const author = authorOf(wanted.by ?? 'user.volga');
    const id = tickets.size + 1;
    const ticket: SandboxTicket = {
      id,
      number: `${now().toFormat('yyyyMMdd')}10${String(id).padStart(5, '0')}7`,
      title: wanted.title,
      ticketQueue: wanted.ticketQueue ?? 'NTTM::2ЛТП',
      state: wanted.state ?? 'Назначено',
      priority: wanted.priority ?? '3 Средний',
      type: wanted.type ?? 'Инцидент',
      service: wanted.service ?? 'NTTM: Техническая поддержка',
      owner: agentOf('root@localhost'),
      customer: customers.find(({ login }) => login === (wanted.customer ?? wanted.by ?? 'user.volga')),
      createdAt: now(),
      changedAt: now(),
      changedBy: author.userId,
      pendingUntil: undefined,
      fields: {},
      articles: [],
      history: [],
    };
    for (const attribute of ['ticketQueue', 'state', 'priority', 'type', 'service'] as const) {
      mustBeKnown(attribute, ticket[attribute]);
    }
    tickets.set(String(id), ticket);
    const { number, ticketQueue, priority, state } = ticket;
    record(ticket, author.userId, 'NewTicket', `%%${number}%%${ticketQueue}%%${priority}%%${state}%%${id}`);
    record(ticket, author.userId, 'ServiceUpdate', `%%${ticket.service}%%1%%NULL%%`);
    record(ticket, author.userId, 'SLAUpdate', '%%NULL%%%%NULL%%');
    record(ticket, author.userId, 'TypeUpdate', `%%${ticket.type}%%1`);
    if (ticket.customer !== undefined) {
      const { company, login } = ticket.customer;
      record(ticket, author.userId, 'CustomerUpdate', `%%CustomerID=${company};CustomerUser=${login};`);
    }
    tell({ name: 'TicketCreate', ticket, by: author.userId });
    addArticle(id, {
      text: wanted.text,
      subject: wanted.title,
      by: wanted.by ?? 'user.volga',
      visibility: 'public',
      ...(wanted.attachments === undefined ? {} : { attachments: wanted.attachments }),
    });
    return ticket;
  };

  /** Setting what is set already changes nothing and tells nothing. */
  const set = (id: string | number, attribute: Attribute, value: string, by: string) => {
    const ticket = get(id);
    const { event, history } = attributes[attribute];
    mustBeKnown(attribute, value);
    const old = ticket[attribute];
    if (old === value) {
      return;
    }

    ticket[attribute] = value;
    const { userId } = authorOf(by);
    const change = attribute === 'state' ? `%%${old}%%${value}%%` : `%%${value}%%1%%${old}%%1`;
    record(ticket, userId, history, attribute === 'priority' ? `%%${old}%%1%%${value}%%1` : change);
    if (attribute === 'state' && stateTypes[value]?.startsWith('pending') !== true) {
      record(ticket, userId, 'SetPendingTime', '%%00-00-00 00:00');
    }
    tell({ name: event, ticket, by: userId });
  };

  const setField = (id: string | number, name: string, value: FieldValue, by: string) => {
    const ticket = get(id);
    if (ticketFields[name] === undefined) {
      throw new Error(`The sandbox has no dynamic field ${name}`);
    }

    const old = ticket.fields[name] ?? null;
    const wanted = value === '' ? null : value;
    if (old === wanted) {
      return;
    }

    ticket.fields[name] = wanted;
    const { userId } = authorOf(by);
    const change = `%%FieldName%%${name}%%Value%%${wanted ?? ''}%%OldValue%%${old ?? ''}`;
    record(ticket, userId, 'TicketDynamicFieldUpdate', change.slice(0, 200));
    tell({ name: `TicketDynamicFieldUpdate_${name}`, ticket, by: userId });
  };

  const setOwner = (id: string | number, login: string, by: string) => {
    const ticket = get(id);
    const owner = agentOf(login);
    if (ticket.owner.id === owner.id) {
      return;
    }

    ticket.owner = owner;
    const { userId } = authorOf(by);
    record(ticket, userId, 'OwnerUpdate', `%%${owner.login}%%${owner.id}`);
    tell({ name: 'TicketOwnerUpdate', ticket, by: userId });
  };

  return {
    all: () => [...tickets.values()],
    find: (id: string) => tickets.get(id),
    get,
    create,
    addArticle,
    set,
    setField,
    setOwner,
  };
}

export type SandboxTickets = ReturnType<typeof keepTickets>;

export function agentOf(login: string): Agent {
  const agent = agents.find((each) => each.login === login);
  if (agent === undefined) {
    throw new Error(`The sandbox has no agent ${login}`);
  }
  return agent;
}

/** A customer acts through the portal, whose changes belong to the first agent. */
function authorOf(login: string) {
  const customer = customers.find((each) => each.login === login);
  if (customer !== undefined) {
    return { userId: 1, isCustomer: true, from: `"${customer.name}" <${customer.email}>` };
  }

  const agent = agentOf(login);
  return { userId: agent.id, isCustomer: false, from: agent.name };
}

function mustBeKnown(attribute: Attribute, value: string): void {
  const { values } = attributes[attribute];
  if (values !== undefined && !values.includes(value)) {
    throw new Error(`The sandbox knows no ${attribute} «${value}»; it knows ${values.join(', ')}`);
  }
}

function toFile(file: NewFile): SandboxFile {
  const { name, contentType } = file;
  return { name, contentType, content: 'content' in file ? file.content : generatedContent(file.size) };
}

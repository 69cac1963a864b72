import type { DateTime } from 'luxon';
import {
  type Agent,
  type Customer,
  priorities,
  services,
  stateTypes,
  ticketFields,
  ticketQueues,
  ticketTypes,
} from '../world.ts';
import { agentOf, authorOf } from './authors.ts';
import { describeField } from './describe-field.ts';
import { mergeTickets } from './merge.ts';
import {
  type FieldValue,
  type NewArticle,
  type SandboxArticle,
  type SandboxEvent,
  type SandboxTicket,
  toFile,
} from './model.ts';

export type Attribute = 'title' | 'ticketQueue' | 'state' | 'priority' | 'type' | 'service';

const attributes: Readonly<Record<Attribute, { event: string; history: string; values?: readonly string[] }>> = {
  title: { event: 'TicketTitleUpdate', history: 'TitleUpdate' },
  ticketQueue: { event: 'TicketQueueUpdate', history: 'Move', values: ticketQueues },
  state: { event: 'TicketStateUpdate', history: 'StateUpdate', values: Object.keys(stateTypes) },
  priority: { event: 'TicketPriorityUpdate', history: 'PriorityUpdate', values: priorities },
  type: { event: 'TicketTypeUpdate', history: 'TypeUpdate', values: ticketTypes },
  service: { event: 'TicketServiceUpdate', history: 'ServiceUpdate', values: services },
};

/** What a ticket begins with; it may be of no service. */
export interface TicketDraft extends Readonly<Record<Attribute, string>> {
  readonly customer: Customer | undefined;
  readonly owner: Agent;
  readonly by: number;
}

/** An event before the act has ended. */
export type Happening = Omit<SandboxEvent, 'ticketId'>;

export interface Keeping {
  readonly now: () => DateTime;
  /** IANA zone of the help desk. */
  readonly zone: string;
  readonly tell: (event: SandboxEvent) => void;
}

/**
 * The tickets of a help desk, kept in memory. Changes write history and tell events as the real one does, also those
 * that it makes by itself after others. Setting what is set already changes nothing and tells nothing.
 */
export function keepTickets({ now, zone, tell: tellOutside }: Keeping) {
  const tickets = new Map<string, SandboxTicket>();
  let lastArticle = 0;
  let lastEntry = 0;
  let lastTicket = 0;
  const mails: (() => void)[] = [];
  const happenings: Happening[] = [];
  const fresh = new Set<SandboxTicket>();
  const tell = (happening: Happening) => happenings.push(happening);

  const get = (id: string | number) => {
    const found = tickets.get(String(id));
    if (found === undefined) {
      throw new Error(`The sandbox has no ticket ${id}`);
    }
    return found;
  };

  const record = (ticket: SandboxTicket, by: number, type: string, name: string, articleId = 0) => {
    lastEntry += 1;
    const { ticketQueue, state, priority, type: ticketType, owner } = ticket;
    const then = { ticketQueue, state, priority, type: ticketType, owner: owner.id };
    ticket.history.push({ id: lastEntry, type, name, by, at: now(), articleId, then });
    ticket.changedAt = now();
    ticket.changedBy = by;
  };

  /** An agent works on the ticket: the time until it is unlocked by itself begins anew. */
  const resetUnlockTime = (ticket: SandboxTicket, by: number) => {
    const second = Math.floor(now().toSeconds());
    if (ticket.unlockTimeout !== second) {
      ticket.unlockTimeout = second;
      record(ticket, by, 'Misc', 'Reset of unlock time.');
    }
  };

  /** Mails are entries of the history only, written when all else is done. */
  const notify = (ticket: SandboxTicket, by: number, what: string, to: readonly Agent[]) => {
    for (const { id, login } of new Set(to)) {
      if (id !== by && id !== 1) {
        mails.push(() => record(ticket, by, 'SendAgentNotification', `%%${what}%%${login}%%Email`));
      }
    }
  };

  /** Without history: what begins so has no other way of being known. */
  const register = (draft: TicketDraft) => {
    lastTicket += 1;
    const { title, ticketQueue, state, priority, type, service, customer, owner, by } = draft;
    for (const attribute of ['ticketQueue', 'state', 'priority', 'type'] as const) {
      mustBeKnown(attribute, draft[attribute]);
    }
    const ticket: SandboxTicket = {
      id: lastTicket,
      number: `${now().toFormat('yyyyMMdd')}10${String(lastTicket).padStart(5, '0')}7`,
      ...{ title, ticketQueue, state, priority, type, service, customer, owner },
      responsible: agentOf('root@localhost'),
      lock: 'unlock',
      createdAt: now(),
      createdBy: by,
      changedAt: now(),
      changedBy: by,
      pendingUntil: undefined,
      unlockTimeout: 0,
      isArchived: false,
      fields: {},
      articles: [],
      history: [],
    };
    tickets.set(String(ticket.id), ticket);
    fresh.add(ticket);
    const { id, number } = ticket;
    record(ticket, by, 'NewTicket', `%%${number}%%${ticketQueue}%%${priority}%%${state}%%${id}`);
    const named = service === '' ? '%%NULL%%' : `%%${service}%%${idOf('service', service)}`;
    record(ticket, by, 'ServiceUpdate', `${named}%%NULL%%`);
    record(ticket, by, 'SLAUpdate', '%%NULL%%%%NULL%%');
    record(ticket, by, 'TypeUpdate', `%%${type}%%${idOf('type', type)}`);
    if (customer !== undefined) {
      recordCustomer(ticket, by);
    }
    tell({ name: 'TicketCreate', ticket, by });
    return ticket;
  };

  const recordCustomer = (ticket: SandboxTicket, by: number) => {
    const { company = '', login = '' } = ticket.customer ?? {};
    record(ticket, by, 'CustomerUpdate', `%%CustomerID=${company};CustomerUser=${login};`);
    tell({ name: 'TicketCustomerUpdate', ticket, by });
  };

  const addArticle = (id: string | number, article: NewArticle) => {
    const ticket = get(id);
    const author = authorOf(article.by ?? 'petrova.2l');
    lastArticle += 1;
    const added: SandboxArticle = {
      id: lastArticle,
      subject: article.subject ?? (author.isCustomer ? ticket.title : 'Заметка'),
      body: article.text,
      ...(article.html === undefined ? {} : { html: article.html }),
      from: article.from ?? author.from,
      to: article.to ?? '',
      channel: article.channel ?? 'Internal',
      charset: article.charset ?? 'utf-8',
      senderType: article.senderType ?? (author.isCustomer ? 'customer' : 'agent'),
      isVisibleForCustomer: article.visibility === undefined ? author.isCustomer : article.visibility === 'public',
      createdBy: author.userId,
      createdAt: now(),
      fields: article.fields ?? {},
      attachments: (article.attachments ?? []).map(toFile),
    };
    const before = ticket.articles.findLast(({ senderType }) => senderType !== 'system');
    ticket.articles.push(added);
    const type = article.historyType ?? (author.isCustomer ? 'FollowUp' : 'AddNote');
    record(ticket, author.userId, type, article.historyComment ?? '%%', added.id);
    if (added.senderType === 'agent' || (added.senderType === 'customer' && before?.senderType === 'agent')) {
      resetUnlockTime(ticket, author.userId);
    }
    tell({ name: 'ArticleCreate', ticket, by: author.userId, articleId: added.id });
    if (article.isQuiet === false) {
      notify(ticket, author.userId, 'Ticket new note notification', [ticket.owner, ticket.responsible]);
    }
    return added;
  };

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
    record(ticket, userId, history, describe(attribute, old, value));
    tell({ name: event, ticket, by: userId });
    if (attribute === 'state' && !['closed', 'removed', 'merged'].includes(stateTypes[value] ?? '')) {
      setArchived(id, false, 'root@localhost');
    }
    if (attribute === 'state' && stateTypes[value]?.startsWith('pending') !== true) {
      setPending(id, undefined, by);
    }
    if (attribute === 'ticketQueue') {
      setLock(id, 'unlock', 'root@localhost', true);
    }
  };

  const setPending = (id: string | number, until: DateTime | undefined, by: string) => {
    const ticket = get(id);
    const { userId } = authorOf(by);
    ticket.pendingUntil = until?.startOf('minute');
    record(
      ticket,
      userId,
      'SetPendingTime',
      `%%${until?.setZone(zone).toFormat('yyyy-MM-dd HH:mm') ?? '00-00-00 00:00'}`,
    );
    tell({ name: 'TicketPendingTimeUpdate', ticket, by: userId });
  };

  const setLock = (id: string | number, lock: SandboxTicket['lock'], by: string, isForced = false) => {
    const ticket = get(id);
    if (ticket.lock === lock) {
      return;
    }

    ticket.lock = lock;
    const { userId } = authorOf(by);
    record(ticket, userId, lock === 'lock' ? 'Lock' : 'Unlock', `%%${lock}`);
    if (lock === 'lock') {
      resetUnlockTime(ticket, userId);
    } else {
      notify(ticket, userId, 'Ticket lock timeout notification', isForced ? [] : [ticket.owner]);
    }
    tell({ name: 'TicketLockUpdate', ticket, by: userId });
  };

  const setResponsible = (id: string | number, login: string, by: string, isQuiet = false) => {
    const ticket = get(id);
    const responsible = agentOf(login);
    if (ticket.responsible === responsible) {
      return;
    }

    ticket.responsible = responsible;
    const { userId } = authorOf(by);
    record(ticket, userId, 'ResponsibleUpdate', `%%${login}%%${responsible.id}`);
    tell({ name: 'TicketResponsibleUpdate', ticket, by: userId });
    notify(ticket, userId, 'Ticket responsible update notification', isQuiet ? [] : [responsible]);
  };

  /** Whoever owns a ticket that nobody is responsible for becomes responsible too. */
  const setOwner = (id: string | number, login: string, by: string) => {
    const ticket = get(id);
    const owner = agentOf(login);
    if (ticket.owner === owner) {
      return;
    }

    ticket.owner = owner;
    const { userId } = authorOf(by);
    record(ticket, userId, 'OwnerUpdate', `%%${login}%%${owner.id}`);
    tell({ name: 'TicketOwnerUpdate', ticket, by: userId });
    if (ticket.responsible.id === 1) {
      setResponsible(id, login, by, true);
    }
    notify(ticket, userId, 'Ticket owner update notification', [owner]);
  };

  const setCustomer = (id: string | number, customer: Customer, by: string) => {
    const ticket = get(id);
    if (ticket.customer?.login !== customer.login || ticket.customer.company !== customer.company) {
      ticket.customer = customer;
      recordCustomer(ticket, authorOf(by).userId);
    }
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
    record(ticket, userId, 'TicketDynamicFieldUpdate', describeField(name, String(wanted ?? ''), String(old ?? '')));
    const more = { FieldName: name, Value: wanted ?? '', OldValue: old, UserID: userId };
    tell({ name: `TicketDynamicFieldUpdate_${name}`, ticket, by: userId, more });
  };

  const setArchived = (id: string | number, isArchived: boolean, by: string) => {
    const ticket = get(id);
    if (ticket.isArchived !== isArchived) {
      ticket.isArchived = isArchived;
      const { userId } = authorOf(by);
      record(ticket, userId, 'ArchiveFlagUpdate', `%%${isArchived ? 'y' : 'n'}`);
      tell({ name: 'TicketArchiveFlagUpdate', ticket, by: userId });
    }
  };

  return {
    /** Ends an act of a person or a call: only now mails are sent and events are told. */
    commit() {
      for (const send of mails.splice(0)) {
        send();
      }
      for (const { name, ticket, by, articleId, more } of happenings.splice(0)) {
        tellOutside({
          name,
          ticket,
          by: articleId === undefined && name !== 'TicketDelete' ? ticket.changedBy : by,
          ticketId: fresh.has(ticket) ? ticket.id : String(ticket.id),
          ...(articleId === undefined ? {} : { articleId }),
          ...(more === undefined ? {} : { more }),
        });
      }
      fresh.clear();
    },
    all: () => [...tickets.values()],
    find: (id: string) => tickets.get(id),
    get,
    register,
    addArticle,
    set,
    setPending,
    setLock,
    setOwner,
    setResponsible,
    setCustomer,
    setField,
    setArchived,
    /** Both tell of it in their history; the link itself is kept elsewhere. */
    tellOfLink(one: string, other: string, by: string) {
      const tell = (here: SandboxTicket, there: SandboxTicket) =>
        record(here, authorOf(by).userId, 'TicketLinkAdd', `%%${there.number}%%${there.id}%%${here.id}`);
      tell(get(one), get(other));
      tell(get(other), get(one));
    },
    /** Nothing is left of it but the number. */
    remove(id: string | number, by: string) {
      const ticket = get(id);
      tickets.delete(String(id));
      tell({ name: 'TicketDelete', ticket, by: authorOf(by).userId });
    },
    /** `id` ends in the state `merged`, its articles go over to `into`. */
    merge(id: string | number, into: string | number, by: string) {
      mergeTickets({ record, addArticle, set, tell }, get(id), get(into), by, now());
    },
  };
}

export type SandboxTickets = ReturnType<typeof keepTickets>;

/** The parts of a history entry: priority and state name the old value first, all others the new one. */
function describe(attribute: Attribute, old: string, value: string): string {
  if (attribute === 'title') {
    return `%%${old}%%${value}`;
  }

  if (attribute === 'state') {
    return `%%${old}%%${value}%%`;
  }

  const [was, is] = [`%%${old}%%${idOf(attribute, old)}`, `%%${value}%%${idOf(attribute, value)}`];
  return attribute === 'priority' ? was + is : is + was;
}

function idOf(attribute: Attribute, value: string): number {
  return (attributes[attribute].values ?? []).indexOf(value) + 1;
}

function mustBeKnown(attribute: Attribute, value: string): void {
  const { values } = attributes[attribute];
  if (values !== undefined && !values.includes(value)) {
    throw new Error(`The sandbox knows no ${attribute} «${value}»; it knows ${values.join(', ')}`);
  }
}

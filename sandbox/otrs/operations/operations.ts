import { randomBytes } from 'node:crypto';
import type { SandboxTicket } from '../desk/model.ts';
import { type Agent, agents, HIDDEN_QUEUE } from '../world.ts';
import { addLink, type SandboxLink } from './link-add.ts';
import { refusal } from './refusal.ts';
import { createTicket } from './ticket-create.ts';
import { idsOf, toWireHistory, toWireTicket } from './ticket-get.ts';
import { searchTickets } from './ticket-search.ts';
import { updateTicket } from './ticket-update.ts';
import type { Writing } from './ticket-write.ts';
import { type Data, isRecord, isSet, textOf } from './values.ts';

type Operation = (data: Data, agent: Agent) => object;

const NO_ACCESS = 'User does not have access to the ticket!';

/** The operations of the web service; each takes route, query, body and header values in one bag, as OTRS does. */
export function serveOperations(writing: Writing) {
  const { tickets, now, zone } = writing;
  const sessions = new Map<string, Agent>();
  const links: SandboxLink[] = [];

  const agentBehind = (data: Data): Agent | undefined => {
    if (isSet(data.SessionID)) {
      return sessions.get(textOf(data.SessionID));
    }

    return agents.find(({ login, password }) => login === data.UserLogin && password === data.Password && password);
  };

  /** Missing and hidden look the same. */
  const readable = (id: string): SandboxTicket | undefined => {
    const ticket = tickets.find(id);
    return ticket?.ticketQueue === HIDDEN_QUEUE ? undefined : ticket;
  };

  const open: Readonly<Record<string, (data: Data) => object>> = {
    SessionCreate(data) {
      if (!isSet(data.Password)) {
        return refusal('SessionCreate', 'MissingParameter', 'Password parameter is missing!');
      }

      const agent = agentBehind({ UserLogin: data.UserLogin, Password: data.Password });
      if (agent === undefined) {
        return refusal('SessionCreate', 'AuthFail', 'Authorization failing!');
      }

      const id = randomBytes(16).toString('hex');
      sessions.set(id, agent);
      return { SessionID: id };
    },

    SessionGet(data) {
      if (!isSet(data.SessionID)) {
        return refusal('SessionGet', 'MissingParameter', 'SessionID is missing!');
      }

      const agent = agentBehind(data);
      if (agent === undefined) {
        return refusal('SessionGet', 'SessionInvalid', 'SessionID is Invalid!');
      }

      const known = { UserFullname: agent.name, UserID: String(agent.id), UserLogin: agent.login, UserTitle: null };
      return { SessionData: Object.entries(known).map(([Key, Value]) => ({ Key, Value })) };
    },

    SessionRemove(data) {
      if (!isSet(data.SessionID)) {
        return refusal('SessionRemove', 'MissingParameter', 'SessionID parameter is missing!');
      }

      const agent = agentBehind({ ...data, SessionID: undefined });
      if (agent === undefined) {
        return refusal('SessionRemove', 'AuthFail', 'Authorization failed!');
      }

      sessions.delete(textOf(data.SessionID));
      return { Success: 1 };
    },
  };

  const operations: Readonly<Record<string, Operation>> = {
    TicketCreate: (data, agent) => createTicket(writing, data, agent),

    TicketGet(data) {
      const ids = idsOf(data);
      const found = ids.map(readable).filter((ticket) => ticket !== undefined);
      if (!isSet(data.TicketID)) {
        return refusal('TicketGet', 'MissingParameter', 'TicketID parameter is missing!');
      }

      return found.length < ids.length
        ? refusal('TicketGet', 'AccessDenied', NO_ACCESS)
        : { Ticket: found.map((ticket) => toWireTicket(ticket, data, { zone, now: now() })) };
    },

    TicketHistoryGet(data) {
      const ids = idsOf(data);
      const hidden = ids.find((id) => readable(id) === undefined);
      if (!isSet(data.TicketID)) {
        return refusal('TicketHistoryGet', 'MissingParameter', 'TicketID parameter is missing!');
      }

      return hidden !== undefined
        ? refusal('TicketHistoryGet', 'AccessDenied', `User does not have access to the ticket ${hidden}!`)
        : { TicketHistory: ids.map((id) => ({ TicketID: id, History: toWireHistory(tickets.get(id), zone) })) };
    },

    TicketSearch: (data) =>
      searchTickets(
        tickets.all().filter(({ id }) => readable(String(id))),
        data,
        zone,
        now(),
      ),

    LinkAdd: (data, { login }) =>
      addLink(
        links,
        data,
        (id) => readable(id) !== undefined,
        ({ source, target }) => tickets.tellOfLink(source, target, login),
      ),

    TicketUpdate(data, agent) {
      const number = textOf(data.TicketNumber);
      const id = number === '' ? data.TicketID : tickets.all().find((each) => each.number === number)?.id;
      const ticket = readable(textOf(id));
      return ticket === undefined
        ? refusal('TicketUpdate', 'AccessDenied', NO_ACCESS)
        : updateTicket(writing, ticket, data, agent);
    },
  };

  return {
    run(name: string, data: Data): object {
      const everybodys = open[name];
      if (everybodys !== undefined) {
        return everybodys(data);
      }

      const operation = operations[name];
      if (operation === undefined) {
        throw new Error('Got no OperationType!');
      }

      const missing = name === 'TicketCreate' || name === 'TicketUpdate' ? missingLogin(name, data) : undefined;
      const agent = agentBehind(data);
      if (missing !== undefined || agent === undefined) {
        return missing ?? unauthenticated(name);
      }

      try {
        return operation(data, agent);
      } finally {
        tickets.commit();
      }
    },
    links,
    expireSessions: () => sessions.clear(),
  };
}

/** The operations that write tell what is missing; the others take nothing for a wrong login. */
function missingLogin(name: string, data: Data): object | undefined {
  if (name === 'TicketUpdate' && !isRecord(data)) {
    return refusal(name, 'EmptyRequest', 'The request data is invalid!');
  }

  if (name === 'TicketUpdate' && !isSet(data.TicketID) && !isSet(data.TicketNumber)) {
    return refusal(name, 'MissingParameter', 'TicketID or TicketNumber is required!');
  }

  const hasLogin = isSet(data.UserLogin) || isSet(data.CustomerUserLogin);
  if (!hasLogin && !isSet(data.SessionID)) {
    return refusal(name, 'MissingParameter', 'UserLogin, CustomerUserLogin or SessionID is required!');
  }

  return hasLogin && !isSet(data.Password)
    ? refusal(name, 'MissingParameter', 'Password or SessionID is required!')
    : undefined;
}

function unauthenticated(name: string): object {
  const isWriting = name === 'TicketCreate' || name === 'TicketUpdate';
  return refusal(name, 'AuthFail', isWriting ? 'User could not be authenticated!' : 'Authorization failing!');
}

import { randomBytes } from 'node:crypto';
import type { DateTime } from 'luxon';
import { addLink, type SandboxLink } from './links.ts';
import { searchTickets } from './search.ts';
import type { SandboxTickets } from './tickets.ts';
import { updateTicket } from './update.ts';
import { toWireHistory, toWireTicket } from './wire-ticket.ts';
import { type Agent, agents, HIDDEN_QUEUE } from './world.ts';

export type Data = Readonly<Record<string, unknown>>;

/** An error as OTRS reports nearly all of them: in a body that comes with HTTP 200. */
export interface Refusal {
  readonly Error: { readonly ErrorCode: string; readonly ErrorMessage: string };
}

export function refusal(operation: string, reason: string, message: string): Refusal {
  return { Error: { ErrorCode: `${operation}.${reason}`, ErrorMessage: `${operation}: ${message}` } };
}

export function isRefusal(value: object): value is Refusal {
  return 'Error' in value;
}

export interface OperationParts {
  readonly tickets: SandboxTickets;
  readonly now: () => DateTime;
  readonly zone: string;
  readonly takeFieldLoss: (name: string) => boolean;
}

/** The operations of the web service; each takes route, query, body and header values in one bag, as OTRS does. */
export function serveOperations({ tickets, now, zone, takeFieldLoss }: OperationParts) {
  const sessions = new Map<string, Agent>();
  const links: SandboxLink[] = [];

  const agentBehind = (data: Data): Agent | undefined => {
    if (typeof data.SessionID === 'string') {
      return sessions.get(data.SessionID);
    }

    return agents.find(({ login, password }) => login === data.UserLogin && password === data.Password && password);
  };

  /** Missing and hidden look the same. */
  const isReadable = (id: string) => {
    const ticket = tickets.find(id);
    return ticket !== undefined && ticket.ticketQueue !== HIDDEN_QUEUE;
  };

  const operations: Readonly<Record<string, (data: Data) => object>> = {
    SessionCreate(data) {
      if (!data.Password) {
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
      const agent = agentBehind(data);
      if (agent === undefined) {
        return refusal('SessionGet', 'SessionInvalid', 'SessionID is Invalid!');
      }

      const known = { UserFullname: agent.name, UserID: String(agent.id), UserLogin: agent.login, UserTitle: null };
      return { SessionData: Object.entries(known).map(([Key, Value]) => ({ Key, Value })) };
    },

    TicketGet(data) {
      const ids = idsOf(data);
      if (!ids.every(isReadable)) {
        return refusal('TicketGet', 'AccessDenied', 'User does not have access to the ticket!');
      }

      const request = {
        withArticles: isSet(data.AllArticles),
        withFields: isSet(data.DynamicFields),
        withAttachments: isSet(data.Attachments),
        withContents: isSet(data.GetAttachmentContents ?? 1),
        isDescending: data.ArticleOrder === 'DESC',
        articleLimit: Number(data.ArticleLimit ?? 0),
      };
      return { Ticket: ids.map((id) => toWireTicket(tickets.get(id), zone, now(), request)) };
    },

    TicketHistoryGet(data) {
      const ids = idsOf(data);
      if (!ids.every(isReadable)) {
        return refusal('TicketHistoryGet', 'AccessDenied', 'User does not have access to the ticket!');
      }

      return {
        TicketHistory: ids.map((id) => ({ TicketID: id, History: toWireHistory(tickets.get(id), zone) })),
      };
    },

    TicketSearch: (data) =>
      searchTickets(
        tickets.all().filter(({ id }) => isReadable(String(id))),
        data,
        zone,
      ),

    LinkAdd: (data) => addLink(links, data, isReadable),

    TicketUpdate(data) {
      const id = String(data.TicketID ?? '');
      return isReadable(id)
        ? updateTicket(tickets, id, agentBehind(data)?.login ?? '', data, { now, takeFieldLoss })
        : refusal('TicketUpdate', 'AccessDenied', 'User does not have access to the ticket!');
    },
  };

  return {
    run(name: string, data: Data): object {
      const operation = operations[name];
      if (operation === undefined) {
        throw new Error('Got no OperationType!');
      }

      const isOpenToAll = name === 'SessionCreate' || name === 'SessionGet';
      return isOpenToAll || agentBehind(data) !== undefined
        ? operation(data)
        : refusal(name, 'AuthFail', 'Authorization failing!');
    },
    links,
    expireSessions: () => sessions.clear(),
  };
}

/** One id, several with commas, or a list. */
function idsOf(data: Data): readonly string[] {
  return [data.TicketID ?? ''].flat().flatMap((each) => String(each).split(','));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 0;
}

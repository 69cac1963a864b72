import {
  agents,
  type Customer,
  customers,
  priorities,
  services,
  stateTypes,
  ticketQueues,
  ticketTypes,
} from '../world.ts';
import { firstObjection, type Objection } from './refusal.ts';
import { type Data, isGiven, isRecord, isSet, nameOf, textOf } from './values.ts';

interface Named {
  readonly key: string;
  readonly names: readonly string[];
  /** Without it no ticket is made; the words behind `is required`. */
  readonly required?: string;
}

const states = Object.keys(stateTypes);
const logins = agents.map(({ login }) => login);
const queue: Named = { key: 'Queue', names: ticketQueues, required: '!' };
const lock: Named = { key: 'Lock', names: ['unlock', 'lock'] };
const type: Named = { key: 'Type', names: ticketTypes, required: ' by sysconfig option!' };
const service: Named = { key: 'Service', names: services };
const state: Named = { key: 'State', names: states, required: '!' };
const priority: Named = { key: 'Priority', names: priorities, required: '!' };

/** What `Ticket` of TicketCreate and TicketUpdate may hold; nothing of it is written where one check objects. */
export function checkTicket(ticket: Data, isNew: boolean): Objection | undefined {
  const missing = (key: string) => isNew && !isSet(ticket[key]) && lacks(key);
  const named = (each: Named) => () => checkNamed(ticket, each, isNew);
  return firstObjection(
    () => missing('Title'),
    () => missing('CustomerUser'),
    named(queue),
    named(lock),
    named(type),
    named(service),
    () => isGiven(ticket, 'SLA') && invalid('SLAID or Ticket->SLA'),
    named(state),
    named(priority),
    () => checkAgent(ticket, 'Owner'),
    () => checkAgent(ticket, 'Responsible'),
    () => isSet(ticket.PendingTime) && !isPendingTime(ticket.PendingTime) && invalid('PendingTime'),
  );
}

function checkNamed(ticket: Data, { key, names, required }: Named, isNew: boolean): Objection | undefined {
  if (!isGiven(ticket, key)) {
    return isNew && required !== undefined
      ? ['MissingParameter', `Ticket->${key}ID or Ticket->${key} parameter is required${required}`]
      : undefined;
  }

  return nameOf(ticket, key, names) === undefined ? invalid(`${key}ID or Ticket->${key}`) : undefined;
}

function checkAgent(ticket: Data, key: string): Objection | undefined {
  const isKnown = isSet(ticket[`${key}ID`])
    ? agents.some(({ id }) => String(id) === String(ticket[`${key}ID`]))
    : logins.includes(textOf(ticket[key]));
  return isGiven(ticket, key) && !isKnown ? invalid(`${key}ID or Ticket->${key}`) : undefined;
}

/** Login of the agent that `Owner` or `OwnerID` names. */
export function loginOf(ticket: Data, key: 'Owner' | 'Responsible'): string | undefined {
  const id = ticket[`${key}ID`];
  const found = agents.find((agent) => (isSet(id) ? String(agent.id) === String(id) : agent.login === ticket[key]));
  return found?.login;
}

/** Somebody without an account is taken as they are called. */
export function customerOf(ticket: Data): Customer | undefined {
  const login = textOf(ticket.CustomerUser);
  const known = customers.find((each) => each.login === login);
  if (known !== undefined) {
    return known;
  }

  return login === '' ? undefined : { login, name: login, email: login, company: textOf(ticket.CustomerID) };
}

/** Minutes from now alone, or a moment by its parts. */
function isPendingTime(time: unknown): boolean {
  if (!isRecord(time)) {
    return false;
  }

  if (time.Diff !== undefined) {
    return Object.keys(time).length === 1 && /^\d+$/.test(textOf(time.Diff));
  }

  const { Year, Month, Day, Hour, Minute } = time;
  const parts = [Year, Month, Day, Hour, Minute].map(textOf);
  const [, month = 0, day = 0, hour = 0, minute = 0] = parts.map(Number);
  return (
    parts.every((part) => /^\d+$/.test(part)) &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 31 &&
    hour < 24 &&
    minute < 60
  );
}

function lacks(what: string): Objection {
  return ['MissingParameter', `Ticket->${what} parameter is missing!`];
}

function invalid(what: string): Objection {
  return ['InvalidParameter', `Ticket->${what} parameter is invalid!`];
}

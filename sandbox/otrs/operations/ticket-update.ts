import { agentOf, authorOf } from '../desk/authors.ts';
import type { SandboxTicket } from '../desk/model.ts';
import type { Attribute } from '../desk/tickets.ts';
import { type Agent, HIDDEN_QUEUE, priorities, services, stateTypes, ticketQueues, ticketTypes } from '../world.ts';
import { checkArticle, checkAttachment, checkFields, isObjection } from './check-article.ts';
import { checkTicket, customerOf, loginOf } from './check-ticket.ts';
import { firstObjection, type Objection, OperationFault, refusal } from './refusal.ts';
import { pendingUntil, toAttachments, type Writing, writeArticle, writeFields } from './ticket-write.ts';
import { type Data, isFilledList, isRecord, isSet, nameOf, textOf } from './values.ts';

const OPERATION = 'TicketUpdate';

interface Step {
  readonly key: string;
  readonly attribute: Attribute;
  readonly names: readonly string[];
}

const states = Object.keys(stateTypes);
/** In the order in which they are written; the state comes before the service. */
const steps: readonly Step[] = [
  { key: 'Type', attribute: 'type', names: ticketTypes },
  { key: 'State', attribute: 'state', names: states },
  { key: 'Service', attribute: 'service', names: services },
];

/** Everything is checked before anything is written, except that a pending state lacks its time. */
export function updateTicket(writing: Writing, ticket: SandboxTicket, data: Data, agent: Agent): object {
  const objection = check(data) ?? undefined;
  if (objection !== undefined) {
    return refusal(OPERATION, ...objection);
  }

  const { tickets } = writing;
  const { id, number } = ticket;
  const by = agent.login;
  const wanted = isRecord(data.Ticket) ? data.Ticket : {};
  if (textOf(wanted.Title) !== '') {
    tickets.set(id, 'title', textOf(wanted.Title), by);
  }
  move(writing, ticket, wanted, by);
  const lock = nameOf(wanted, 'Lock', ['unlock', 'lock']);
  if (lock === 'lock' || lock === 'unlock') {
    tickets.setLock(id, lock, by);
  }
  for (const { key, attribute, names } of steps) {
    const refused = key === 'State' ? prepareState(writing, ticket, wanted, by) : undefined;
    if (refused !== undefined) {
      return refused;
    }
    const value = nameOf(wanted, key, names);
    if (value !== undefined) {
      tickets.set(id, attribute, value, by);
    }
  }
  writePeople(writing, ticket, wanted, by);
  const fields = checkFields(data.DynamicField, isRecord(data.Article), false);
  const known = isObjection(fields) ? [] : fields;
  const article = isRecord(data.Article) ? data.Article : undefined;
  const written =
    article &&
    writeArticle(writing, id, article, toAttachments(data.Attachment), known, by, {
      historyType: 'AddNote',
      historyComment: '%%GenericInterface Note',
      from: authorOf(by).from,
      to: article.CommunicationChannel === 'Email' ? (ticket.customer?.login ?? '') : '',
      isQuiet: false,
    });
  writeFields(writing, id, known, by);
  return {
    ...(written === undefined ? {} : { ArticleID: written.id }),
    TicketID: isSet(data.TicketNumber) ? id : String(data.TicketID),
    TicketNumber: number,
  };
}

function move({ tickets }: Writing, ticket: SandboxTicket, wanted: Data, by: string): void {
  const queue = nameOf(wanted, 'Queue', ticketQueues);
  if (queue === HIDDEN_QUEUE && ticket.ticketQueue !== HIDDEN_QUEUE) {
    throw new OperationFault('Ticket queue could not be updated, please contact system administrator!');
  }
  if (queue !== undefined) {
    tickets.set(ticket.id, 'ticketQueue', queue, by);
  }
}

/** A closed ticket is unlocked, a pending one gets its time: both before the state itself. */
function prepareState(writing: Writing, ticket: SandboxTicket, wanted: Data, by: string): object | undefined {
  const type = stateTypes[nameOf(wanted, 'State', states) ?? ''] ?? '';
  if (type.startsWith('close')) {
    writing.tickets.setLock(ticket.id, 'unlock', by);
  }
  if (!type.startsWith('pending')) {
    return undefined;
  }

  if (!isRecord(wanted.PendingTime)) {
    const message = "Can't set a ticket on a pending state without pendig time!";
    return { Error: { ErrorCode: `${OPERATION}.MissingParameter`, ErrorMessage: message } };
  }

  writing.tickets.setPending(ticket.id, pendingUntil(wanted.PendingTime, writing), by);
  return undefined;
}

function writePeople({ tickets }: Writing, ticket: SandboxTicket, wanted: Data, by: string): void {
  const { id } = ticket;
  const customer = customerOf(wanted);
  if (customer !== undefined) {
    tickets.setCustomer(id, customer, by);
  }
  const priority = nameOf(wanted, 'Priority', priorities);
  if (priority !== undefined) {
    tickets.set(id, 'priority', priority, by);
  }
  const owner = loginOf(wanted, 'Owner');
  if (owner !== undefined) {
    tickets.setOwner(id, agentOf(owner).login, by);
  }
  const responsible = loginOf(wanted, 'Responsible');
  if (responsible !== undefined) {
    tickets.setResponsible(id, responsible, by);
  }
}

function check(data: Data): Objection | undefined {
  const { Ticket, Article, DynamicField, Attachment } = data;
  const isWrong = (value: unknown) => value !== undefined && value !== null && !isRecord(value);
  const isWrongList = (value: unknown) => isWrong(value) && !isFilledList(value);
  return firstObjection(
    () => isWrong(Ticket) && ['InvalidParameter', 'Ticket parameter is not valid!'],
    () => isWrong(Article) && ['InvalidParameter', 'Article parameter is not valid!'],
    () => isWrongList(DynamicField) && ['MissingParameter', 'DynamicField parameter is missing or not valid!'],
    () => isWrongList(Attachment) && ['MissingParameter', 'Attachment parameter is missing or not valid!'],
    () => isRecord(Ticket) && checkTicket(Ticket, false),
    () => isRecord(Article) && checkArticle(Article),
    () => {
      const fields = checkFields(DynamicField, isRecord(Article), false);
      return isObjection(fields) && fields;
    },
    ...[Attachment ?? []].flat().map((file) => () => checkAttachment(file, isRecord(Article), false)),
  );
}

import { agentOf } from '../desk/authors.ts';
import type { Agent } from '../world.ts';
import { HIDDEN_QUEUE, priorities, services, stateTypes, ticketQueues, ticketTypes } from '../world.ts';
import { checkArticle, checkAttachment, checkFields, isObjection } from './check-article.ts';
import { checkTicket, customerOf, loginOf } from './check-ticket.ts';
import { firstObjection, type Objection, refusal } from './refusal.ts';
import { pendingUntil, toAttachments, type Writing, writeArticle, writeFields } from './ticket-write.ts';
import { type Data, isFilledList, isRecord, nameOf, textOf } from './values.ts';

const OPERATION = 'TicketCreate';

/** A ticket with one article or several; files and fields of articles go to each of them. */
export function createTicket(writing: Writing, data: Data, agent: Agent): object {
  const objection = check(data);
  if (objection !== undefined) {
    return refusal(OPERATION, ...objection);
  }

  const { tickets } = writing;
  const ticket = data.Ticket as Data;
  const by = agent.login;
  const named = (key: string, names: readonly string[]) => nameOf(ticket, key, names) ?? '';
  const customer = customerOf(ticket);
  const state = named('State', Object.keys(stateTypes));
  const { id, number } = tickets.register({
    title: textOf(ticket.Title),
    ticketQueue: named('Queue', ticketQueues),
    state,
    priority: named('Priority', priorities),
    type: named('Type', ticketTypes),
    service: named('Service', services),
    customer,
    owner: agentOf('root@localhost'),
    by: agent.id,
  });
  const lock = nameOf(ticket, 'Lock', ['unlock', 'lock']);
  if (lock === 'lock' && stateTypes[state] !== 'closed') {
    tickets.setLock(id, lock, by);
  }
  if (stateTypes[state]?.startsWith('pending') && isRecord(ticket.PendingTime)) {
    tickets.setPending(id, pendingUntil(ticket.PendingTime, writing), by);
  }

  const fields = checkFields(data.DynamicField, true, true);
  const checked = isObjection(fields) ? [] : fields;
  writeFields(writing, id, checked, by);
  const owner = loginOf(ticket, 'Owner');
  const articles = articlesOf(data).map((article) =>
    writeArticle(writing, id, article, toAttachments(data.Attachment), checked, by, {
      historyType: 'NewTicket',
      historyComment: '%%GenericInterface Create',
      from:
        customer === undefined || customer.name === customer.login
          ? textOf(ticket.CustomerUser)
          : `"${customer.name}" <${customer.email}>`,
      to: named('Queue', ticketQueues),
      isQuiet: owner !== undefined,
    }),
  );
  tickets.setOwner(id, owner ?? by, by);
  if (owner !== undefined && lock === undefined) {
    tickets.setLock(id, 'lock', by);
  }
  const responsible = loginOf(ticket, 'Responsible');
  if (responsible !== undefined) {
    tickets.setResponsible(id, responsible, by);
  }
  const ids = articles.map((article) => article.id);
  return { ArticleID: ids.length === 1 ? ids[0] : ids, TicketID: String(id), TicketNumber: number };
}

function check(data: Data): Objection | undefined {
  const ticket = isRecord(data.Ticket) ? data.Ticket : {};
  const missing = (key: string): Objection => ['MissingParameter', `${key} parameter is missing or not valid!`];
  const isList = (value: unknown) => value === undefined || isRecord(value) || isFilledList(value);
  return firstObjection(
    () => !isRecord(data.Article) && !isFilledList(data.Article) && missing('Article'),
    () => !isRecord(data.Ticket) && missing('Ticket'),
    () => !isList(data.DynamicField) && missing('DynamicField'),
    () => !isList(data.Attachment) && missing('Attachment'),
    () => checkTicket(ticket, true),
    () =>
      nameOf(ticket, 'Queue', ticketQueues) === HIDDEN_QUEUE && [
        'AccessDenied',
        'Can not create tickets in given Queue or QueueID!',
      ],
    ...articlesOf(data).map((article) => () => checkArticle(article)),
    () => {
      const fields = checkFields(data.DynamicField, true, true);
      return isObjection(fields) && fields;
    },
    ...[data.Attachment ?? []].flat().map((file) => () => checkAttachment(file, true, true)),
  );
}

function articlesOf(data: Data): readonly Data[] {
  return [data.Article].flat().filter(isRecord);
}

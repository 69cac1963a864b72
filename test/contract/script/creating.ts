import type { Script, Stage } from '../stage.ts';
import { article, file, ticket, without } from './drafts.ts';

/** One check after another, each with the only fault of its request. */
const refused: Readonly<Record<string, object>> = {
  'no article': { Ticket: ticket },
  'an empty article': { Ticket: ticket, Article: {} },
  'no ticket': { Article: article },
  'a ticket that is a text': { Ticket: 'text', Article: article },
  'no title': { Ticket: without(ticket, 'Title'), Article: article },
  'no requester': { Ticket: without(ticket, 'CustomerUser'), Article: article },
  'no queue': { Ticket: without(ticket, 'Queue'), Article: article },
  'an unknown queue': { Ticket: { ...ticket, Queue: 'Нет' }, Article: article },
  'a queue without rights': { Ticket: { ...ticket, Queue: 'Прочее' }, Article: article },
  'an unknown lock': { Ticket: { ...ticket, Lock: 'Нет' }, Article: article },
  'no type': { Ticket: without(ticket, 'Type'), Article: article },
  'an unknown type': { Ticket: { ...ticket, Type: 'Нет' }, Article: article },
  'an unknown service': { Ticket: { ...ticket, Service: 'Нет' }, Article: article },
  'an unknown SLA': { Ticket: { ...ticket, SLA: 'Нет' }, Article: article },
  'no state': { Ticket: without(ticket, 'State'), Article: article },
  'an unknown state': { Ticket: { ...ticket, State: 'Нет' }, Article: article },
  'no priority': { Ticket: without(ticket, 'Priority'), Article: article },
  'an unknown priority': { Ticket: { ...ticket, Priority: 'Нет' }, Article: article },
  'an unknown owner': { Ticket: { ...ticket, Owner: 'nobody' }, Article: article },
  'an unknown responsible': { Ticket: { ...ticket, Responsible: 'nobody' }, Article: article },
  'a pending time that is none': { Ticket: { ...ticket, PendingTime: { Diff: 'soon' } }, Article: article },
  'an article without subject': { Ticket: ticket, Article: without(article, 'Subject') },
  'an article of spaces': { Ticket: ticket, Article: { ...article, Body: '  ' } },
  'an article without type': { Ticket: ticket, Article: without(article, 'ContentType') },
  'an unknown channel': { Ticket: ticket, Article: { ...article, CommunicationChannel: 'Chat' } },
  'an unknown sender': { Ticket: ticket, Article: { ...article, SenderType: 'robot' } },
  'a field without name': { Ticket: ticket, Article: article, DynamicField: { Value: 'x' } },
  'a field without value': { Ticket: ticket, Article: article, DynamicField: { Name: 'Solution' } },
  'an unknown field': { Ticket: ticket, Article: article, DynamicField: { Name: 'Nope', Value: 'x' } },
  'a label for its key': { Ticket: ticket, Article: article, DynamicField: { Name: 'ConfigItem', Value: 'БД' } },
  'a file without content': { Ticket: ticket, Article: article, Attachment: without(file('x'), 'Content') },
  'a file without name': { Ticket: ticket, Article: article, Attachment: without(file('x'), 'Filename') },
  'a file of no type': { Ticket: ticket, Article: article, Attachment: { ...file('x'), ContentType: 'text' } },
};

const create = (data: object) => (stage: Stage) => stage.call('TicketCreate', { ...data });

/** A new ticket and, over REST, its history. */
const created =
  (data: object, more: object = {}) =>
  async (stage: Stage) => {
    const { TicketID } = await stage.ask('TicketCreate', { ...data });
    return {
      ticket: await stage.call('TicketGet', { TicketID, AllArticles: 1, ...more }),
      ...(stage.transport === 'rest' ? { history: await stage.history(TicketID) } : {}),
    };
  };

export const creating: Script = {
  ...Object.fromEntries(Object.entries(refused).map(([name, data]) => [`a new ticket: ${name}`, create(data)])),
  'a new ticket': create({ Ticket: ticket, Article: article }),
  'a new ticket with fields and files': created(
    {
      Ticket: ticket,
      Article: article,
      DynamicField: [
        { Name: 'ConfigItem', Value: 'db' },
        { Name: 'NeedDevelopment', Value: 1 },
        { Name: 'SlaReactionDue', Value: '2030-01-02 03:04:05' },
        { Name: 'BridgeExternalId', Value: 'key' },
      ],
      Attachment: [file('журнал'), file('{}', 'b.json', 'application/json')],
    },
    { DynamicFields: 1, Attachments: 1 },
  ),
  'a new ticket with owner and responsible': created({
    Ticket: { ...ticket, Owner: 'sidorov.3l', Responsible: 'petrova.2l' },
    Article: article,
  }),
  'a new ticket that is locked': created({ Ticket: { ...ticket, Lock: 'lock' }, Article: article }),
  'a new ticket that waits': created({
    Ticket: { ...ticket, State: 'Ожидание информации', PendingTime: { Diff: 60 } },
    Article: article,
  }),
  'a new ticket that waits without a time': created({
    Ticket: { ...ticket, State: 'Ожидание информации' },
    Article: article,
  }),
  'a new ticket of somebody without an account': created({
    Ticket: { ...without(ticket, 'Service'), CustomerUser: 'nobody@example.test' },
    Article: article,
  }),
  'a new ticket of somebody without an account or address': create({
    Ticket: { ...without(ticket, 'Service'), CustomerUser: 'nobody' },
    Article: article,
  }),
  'a new ticket with two articles': created(
    {
      Ticket: ticket,
      Article: [article, { ...article, Subject: 'Вторая', IsVisibleForCustomer: 0, SenderType: 'system' }],
      Attachment: file('обоим'),
    },
    { Attachments: 1 },
  ),
};

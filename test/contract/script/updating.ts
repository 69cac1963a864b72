import type { Script, Stage } from '../stage.ts';
import { article, file, note, ticket, without } from './drafts.ts';

const update = (data: object) => (stage: Stage) =>
  stage.call('TicketUpdate', { TicketID: stage.id('changed'), ...data });

/** Answer and, over REST, what the history tells of the change. */
const updated = (data: object) => async (stage: Stage) => ({
  answer: await update(data)(stage),
  ...(stage.transport === 'rest' ? { history: await stage.history(stage.id('changed')) } : {}),
});

const field = (Name: string, Value: unknown) => ({ DynamicField: { Name, Value } });

const refused: Readonly<Record<string, object>> = {
  'an unknown state': { Ticket: { State: 'Нет' } },
  'a state in other letters': { Ticket: { State: 'в РАБОТЕ' } },
  'an unknown queue': { Ticket: { Queue: 'Нет' } },
  'a queue without rights': { Ticket: { Queue: 'Прочее' } },
  'an unknown lock': { Ticket: { Lock: 'Нет' } },
  'an unknown type': { Ticket: { Type: 'Нет' } },
  'an unknown service': { Ticket: { Service: 'Нет' } },
  'an unknown SLA': { Ticket: { SLA: 'Нет' } },
  'an unknown priority': { Ticket: { Priority: 'Нет' } },
  'an unknown owner': { Ticket: { Owner: 'nobody' } },
  'an unknown responsible': { Ticket: { Responsible: 'nobody' } },
  'a pending state without a time': { Ticket: { State: 'Ожидание информации' } },
  'a pending time that is none': { Ticket: { State: 'Ожидание информации', PendingTime: { Diff: 'soon' } } },
  'a pending time in the 13th month': {
    Ticket: { State: 'Ожидание информации', PendingTime: { Year: 2030, Month: 13, Day: 1, Hour: 1, Minute: 1 } },
  },
  'a ticket that is empty': { Ticket: {} },
  'a ticket that is a text': { Ticket: 'text' },
  'two articles': { Article: [article, article] },
  'an article without words': { Article: { ...article, Body: ' ' } },
  'an article without subject': { Article: without(article, 'Subject') },
  'an article without type': { Article: without(article, 'ContentType') },
  'an article with half a type': { Article: { ...without(article, 'ContentType'), MimeType: 'text/plain' } },
  'an article without charset': { Article: { ...article, ContentType: 'text/plain' } },
  'an article of an unknown charset': { Article: { ...article, ContentType: 'text/plain; charset=nope' } },
  'an article of an unknown channel': { Article: { ...article, CommunicationChannel: 'Chat' } },
  'an article of an unknown sender': { Article: { ...article, SenderType: 'robot' } },
  'an article with an unknown entry': { Article: { ...article, HistoryType: 'Nope' } },
  'an article with a flag that is none': { Article: { ...article, NoAgentNotify: 'yes' } },
  'an article with a time that is none': { Article: { ...article, TimeUnit: 'an hour' } },
  'a field without name': { DynamicField: { Value: 'x' } },
  'a field without value': { DynamicField: { Name: 'Solution' } },
  'a field that is null': { DynamicField: { Name: 'Solution', Value: null } },
  'an unknown field': field('Nope', ''),
  'a label for its key': field('ConfigItem', 'БД'),
  'a checkbox that is neither': field('NeedDevelopment', 'x'),
  'a time in ISO': field('SlaReactionDue', '2030-01-02T03:04:05'),
  'a time without seconds': field('SlaReactionDue', '2030-01-02 03:04'),
  'a date': field('SlaReactionDue', '2030-01-02'),
  'a field of an article without one': field('BridgeExternalId', 'x'),
  'a right field and a wrong one': {
    DynamicField: [
      { Name: 'Solution', Value: 'x' },
      { Name: 'Nope', Value: 'x' },
    ],
  },
  'a file without an article': { Attachment: file('x') },
  'a file without content': { Article: article, Attachment: without(file('x'), 'Content') },
  'a file with empty content': { Article: article, Attachment: { ...file('x'), Content: '' } },
  'a file without type': { Article: article, Attachment: without(file('x'), 'ContentType') },
  'a file of no type': { Article: article, Attachment: { ...file('x'), ContentType: 'text' } },
  'a file of an unknown charset': {
    Article: article,
    Attachment: { ...file('x'), ContentType: 'text/plain; charset=nope' },
  },
};

const changes: Readonly<Record<string, object>> = {
  'the title': { Ticket: { Title: 'Другой заголовок' } },
  'the state': { Ticket: { State: 'В работе' } },
  'the state as it is': { Ticket: { State: 'В работе' } },
  'the priority': { Ticket: { Priority: '2 Высокий' } },
  'the type': { Ticket: { Type: 'Запрос на обслуживание' } },
  'the service': { Ticket: { Service: 'NTTM: Предоставление доступа к системе' } },
  'the lock': { Ticket: { Lock: 'lock' } },
  'the queue, which unlocks': { Ticket: { Queue: 'NTTM::3ЛТП' } },
  'the owner': { Ticket: { Owner: 'sidorov.3l' } },
  'the responsible': { Ticket: { Responsible: 'sidorov.3l' } },
  'the requester': { Ticket: { CustomerUser: 'nobody@example.test' } },
  'the requester back': { Ticket: { CustomerUser: 'user.volga' } },
  'a pending state with minutes': { Ticket: { State: 'Ожидание информации', PendingTime: { Diff: 60 } } },
  'a pending state with a moment': {
    Ticket: { State: 'Ожидание информации', PendingTime: { Year: 2030, Month: 1, Day: 2, Hour: 3, Minute: 4 } },
  },
  'an open state again': { Ticket: { State: 'В работе' } },
  'a text field': field('Solution', 'Перезапущен «шлюз» & <кэш>\nвторая строка 😀'),
  'a text field as it is': field('Solution', 'Перезапущен «шлюз» & <кэш>\nвторая строка 😀'),
  'a text field with spaces around': field('ExternalNumber', '  A-1  '),
  'a text that is longer than its entry': field('Solution', 'кириллица '.repeat(60)),
  'a text that fills its column': field('Solution', 'x'.repeat(3_800)),
  'a text field to nothing': field('Solution', ''),
  'a dropdown': field('ConfigItem', 'db'),
  'a dropdown to nothing': field('ConfigItem', ''),
  'a checkbox': field('NeedDevelopment', 1),
  'a checkbox as text': field('NeedDevelopment', '0'),
  'a moment': field('SlaReactionDue', '2030-01-02 03:04:05'),
  'a moment to nothing': field('SlaReactionDue', ''),
  'two fields': {
    DynamicField: [
      { Name: 'JiraKey', Value: 'К-1' },
      { Name: 'JiraStatus', Value: 'Открыт' },
    ],
  },
  'an article': { Article: note },
  'an internal article with a mark': {
    Article: { ...note, IsVisibleForCustomer: 0 },
    ...field('BridgeExternalId', 'k'),
  },
  'an article with all it may have': {
    Article: {
      ...note,
      SenderType: 'system',
      CommunicationChannel: 'Phone',
      From: 'JIRA <jira@example.test>',
      HistoryType: 'PhoneCallAgent',
      HistoryComment: '%%Мост',
    },
  },
  'an article in HTML': {
    Article: { ...note, Body: '<p>Первый<br>второй</p>', ContentType: 'text/html; charset=utf-8' },
  },
  'an article with files': { Article: note, Attachment: [file('один'), file('{}', 'два.json', 'application/JSON')] },
  'an article with a file in bad base64': { Article: note, Attachment: { ...file('x'), Content: '!!!' } },
  'closing, which unlocks': { Ticket: { State: 'Закрыто', Lock: 'lock' } },
  'everything at once': {
    Ticket: {
      ...without(ticket, 'CustomerUser'),
      State: 'В работе',
      Priority: '1 Критичный',
      Owner: 'bridge',
      Responsible: 'bridge',
    },
    Article: note,
    DynamicField: [
      { Name: 'ClosureCode', Value: 'fixed' },
      { Name: 'BridgeExternalId', Value: 'x' },
    ],
    Attachment: file('x'),
  },
  nothing: {},
};

export const updating: Script = {
  'a ticket to change': async (stage) => {
    const made = await stage.ask('TicketCreate', { Ticket: ticket, Article: article });
    stage.remember('changed', made);
    return stage.transport === 'rest' ? stage.news(made.TicketID) : {};
  },
  ...Object.fromEntries(Object.entries(refused).map(([name, data]) => [`an update: ${name}`, update(data)])),
  'after all these refusals': ({ call, id }) => call('TicketGet', { TicketID: id('changed'), DynamicFields: 1 }),
  ...Object.fromEntries(Object.entries(changes).map(([name, data]) => [`an update sets ${name}`, updated(data)])),
  'after all these changes, of which nobody is told': async (stage) => ({
    ticket: await stage.call('TicketGet', {
      TicketID: stage.id('changed'),
      AllArticles: 1,
      DynamicFields: 1,
      Attachments: 1,
    }),
    ...(stage.transport === 'rest' ? { news: await stage.news(stage.id('changed')) } : {}),
  }),
  'an update that its column cannot hold': updated(field('Solution', 'ж'.repeat(3_801))),
  'an update by number': ({ call, id, ids }) =>
    call('TicketUpdate', {
      TicketNumber: ids.get('number of changed'),
      ...field('Solution', 'по номеру'),
      TicketID: id('first'),
    }),
  'an update by a number that there is not': ({ call, id }) =>
    call('TicketUpdate', { TicketNumber: '1', TicketID: id('first'), ...field('Solution', 'x') }),
  'an update of a missing ticket': ({ call }) =>
    call('TicketUpdate', { TicketID: '999999', Ticket: { State: 'В работе' } }),
};

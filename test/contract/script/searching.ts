import type { Script, Stage } from '../stage.ts';

const search = (data: object) => (stage: Stage) => stage.call('TicketSearch', { ...data });

/** Only tickets that the script made a moment ago, by words that no other ticket has. */
const mine = (data: object) => search({ Title: ['Чтение first', 'Чтение second'], ...data });

export const searching: Script = {
  'a search by number': ({ call, ids }) => call('TicketSearch', { TicketNumber: ids.get('number of first') }),
  'a search by number that finds nothing': search({ TicketNumber: '1' }),
  'a search by title': search({ Title: 'Чтение first' }),
  'a search by two titles': mine({}),
  'a search by title with a star': search({ Title: 'Чтение fir*' }),
  'a search, newest first': mine({ SortBy: 'Age', OrderBy: 'Down' }),
  'a search, oldest first': mine({ SortBy: 'Age', OrderBy: 'Up' }),
  'a search by change': mine({ SortBy: 'Changed', OrderBy: 'Up' }),
  'a search with a limit': mine({ Limit: 1, OrderBy: 'Up' }),
  'a search in a queue': mine({ Queues: 'NTTM::2ЛТП' }),
  'a search in two queues': mine({ Queues: ['NTTM::2ЛТП', 'NTTM::3ЛТП'] }),
  'a search in another queue': mine({ Queues: 'NTTM::3ЛТП' }),
  'a search in a queue that there is not': mine({ Queues: 'Нет' }),
  'a search in a queue and one that there is not': mine({ Queues: ['NTTM::2ЛТП', 'Нет'] }),
  'a search in a queue without rights': mine({ Queues: 'Прочее' }),
  'a search by service': mine({ Services: ['NTTM: Техническая поддержка'] }),
  'a search by a service that there is not': mine({ Services: ['Нет'] }),
  'a search by type': mine({ Types: 'Инцидент' }),
  'a search by a type that there is not': mine({ Types: 'Нет' }),
  'a search by state': mine({ States: 'Назначено' }),
  'a search by a state that there is not': mine({ States: 'Нет' }),
  'a search by priority': mine({ Priorities: '3 Средний' }),
  'a search by a priority that there is not': mine({ Priorities: 'Нет' }),
  'a search by the type of the state': mine({ StateType: 'new' }),
  'a search by another type of the state': mine({ StateType: 'closed' }),
  'a search by requester': mine({ CustomerUserLogin: 'user.volga' }),
  'a search by another requester': mine({ CustomerUserLogin: 'nobody' }),
  'a search by a field that is empty': mine({ DynamicField_JiraKey: { Equals: 'NOPE-1' } }),
  'a search by a field': async ({ call, ask, id }) => {
    await ask('TicketUpdate', { TicketID: id('second'), DynamicField: { Name: 'JiraKey', Value: 'КЛЮЧ-1' } });
    return call('TicketSearch', { DynamicField_JiraKey: { Equals: 'КЛЮЧ-1' } });
  },
  'a search by two values of a field': search({ DynamicField_JiraKey: { Equals: ['КЛЮЧ-1', 'КЛЮЧ-2'] } }),
  'a search by the beginning of a field': search({ DynamicField_JiraKey: { Like: 'КЛЮЧ*' } }),
  'a search by a field that there is not finds everything': mine({ DynamicField_Nope: { Equals: 'x' } }),
  'a search by what OTRS does not know finds everything': mine({ Nonsense: 'x' }),
  'a search for changes since long ago': mine({ TicketLastChangeTimeNewerDate: '2020-01-01 00:00:00' }),
  'a search for changes since the future': mine({ TicketLastChangeTimeNewerDate: '2040-01-01 00:00:00' }),
  'a search for changes until long ago': mine({ TicketLastChangeTimeOlderDate: '2020-01-01 00:00:00' }),
  'a search for changes since a time that is none': mine({ TicketLastChangeTimeNewerDate: 'yesterday' }),
};

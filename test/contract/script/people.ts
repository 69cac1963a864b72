import type { Acting } from '../party.ts';
import type { Script, Stage } from '../stage.ts';

export const draft = {
  queue: 'NTTM::2ЛТП',
  customer: 'user.volga',
  title: 'По телефону',
  body: 'Не работает',
  type: 'Инцидент',
  service: 'NTTM: Техническая поддержка',
  priority: '3 Средний',
};

const CUSTOMER = 'Анна Кузнецова <anna@example.test>';

/** What an agent does with the ticket, its history and its webhooks. */
const does = (act: (agent: Acting, ticket: string, stage: Stage) => Promise<unknown>) => async (stage: Stage) => {
  await act(stage.agent('petrova.2l'), stage.id('people'), stage);
  return stage.news(stage.id('people'));
};

export const people: Script = {
  'an agent opens a ticket': async (stage) => {
    const { id, number } = await stage.agent('petrova.2l').open(draft);
    stage.remember('people', { TicketID: id, TicketNumber: number });
    return { ticket: await stage.call('TicketGet', { TicketID: id, AllArticles: 1 }), news: await stage.news(id) };
  },
  'an agent sets the state': does((agent, ticket) => agent.setState(ticket, 'В работе')),
  'an agent sets the state as it is': does((agent, ticket) => agent.setState(ticket, 'В работе')),
  'an agent waits': does((agent, ticket) => agent.setState(ticket, 'Ожидание информации', 60)),
  'an agent goes on': does((agent, ticket) => agent.setState(ticket, 'В работе')),
  'an agent sets the priority': does((agent, ticket) => agent.setPriority(ticket, '1 Критичный')),
  'an agent sets the type': does((agent, ticket) => agent.setType(ticket, 'Запрос на обслуживание')),
  'an agent sets the service': does((agent, ticket) => agent.setService(ticket, 'ЕИП: Техническая поддержка')),
  'an agent sets the title': does((agent, ticket) => agent.setTitle(ticket, 'Иначе')),
  'an agent gives the ticket to another': does((agent, ticket) => agent.setOwner(ticket, 'sidorov.3l')),
  'an agent sets a field': does((agent, ticket) => agent.setField(ticket, 'Solution', 'Готово')),
  'an agent empties a field': does((agent, ticket) => agent.setField(ticket, 'Solution', '')),
  'an agent sets a field of no interest': does((agent, ticket) => agent.setField(ticket, 'JiraKey', 'К-2')),
  'an agent moves the ticket': does((agent, ticket) => agent.move(ticket, 'NTTM::3ЛТП')),
  'an agent writes to the customer': does((agent, ticket) =>
    agent.write(ticket, { subject: 'Вопрос', body: 'Уточните', public: true }),
  ),
  'an agent writes a note': does((agent, ticket) =>
    agent.write(ticket, { subject: 'Заметка', body: 'Внутри', public: false }),
  ),
  'the customer answers': does((_, ticket, { party }) =>
    party.writeAsCustomer(ticket, CUSTOMER, { subject: 'Re', body: 'Ответ' }),
  ),
  'the bridge’s agent changes the ticket, and nobody is told': does((_, ticket, { ask }) =>
    ask('TicketUpdate', { TicketID: ticket, Ticket: { State: 'Решено', Priority: '2 Высокий' } }),
  ),
  'another agent changes the ticket after the bridge': does((_, ticket, { agent }) =>
    agent('sidorov.3l').setState(ticket, 'Передано на 3ЛТП'),
  ),
  'an agent closes the ticket': does((agent, ticket) => agent.setState(ticket, 'Закрыто')),
  'the customer writes to the closed ticket': does((_, ticket, { party }) =>
    party.writeAsCustomer(ticket, CUSTOMER, { subject: 'Re', body: 'Снова' }),
  ),
  'an agent archives the ticket': does((agent, ticket) => agent.archive(ticket, 'y')),
  'an archived ticket': ({ call, id }) => call('TicketGet', { TicketID: id('people') }),
  'a search does not find what is archived': ({ call, id }) =>
    call('TicketSearch', { Title: 'Иначе', TicketID: id('people') }),
  'a search in the archive': ({ call, id }) =>
    call('TicketSearch', { TicketID: id('people'), SearchInArchive: 'AllTickets' }),
  'an agent takes the ticket out of the archive': does((agent, ticket) => agent.archive(ticket, 'n')),
  'an agent merges the ticket into another': async (stage) => {
    const petrova = stage.agent('petrova.2l');
    const { id, number } = await petrova.open({ ...draft, title: 'Главная' });
    stage.remember('main', { TicketID: id, TicketNumber: number });
    await stage.news(id);
    await petrova.merge(stage.id('people'), id);
    const shown = async (ticket: string) => ({
      ticket: await stage.call('TicketGet', { TicketID: ticket, AllArticles: 1 }),
      history: await stage.call('TicketHistoryGet', { TicketID: ticket }),
    });
    return { news: await stage.news(id), merged: await shown(stage.id('people')), main: await shown(id) };
  },
  'an agent hides the ticket': async (stage) => {
    const { id } = await stage.agent('petrova.2l').open({ ...draft, title: 'Скрытая' });
    await stage.agent('petrova.2l').move(id, 'Прочее');
    return {
      read: await stage.call('TicketGet', { TicketID: id }),
      history: await stage.call('TicketHistoryGet', { TicketID: id }),
      update: await stage.call('TicketUpdate', { TicketID: id, Ticket: { State: 'В работе' } }),
      search: await stage.call('TicketSearch', { Title: 'Скрытая' }),
      news: await stage.news(id),
    };
  },
  'an agent deletes the ticket': async (stage) => {
    const { id } = await stage.agent('petrova.2l').open({ ...draft, title: 'Лишняя' });
    await stage.news(id);
    await stage.agent('petrova.2l').delete(id);
    return {
      read: await stage.call('TicketGet', { TicketID: id }),
      update: await stage.call('TicketUpdate', { TicketID: id, Ticket: { State: 'В работе' } }),
      search: await stage.call('TicketSearch', { Title: 'Лишняя' }),
      news: await stage.news(id),
    };
  },
};

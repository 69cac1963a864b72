import type { Kind } from './kind.ts';

/** A ticket, its issue, and a ticket that was opened for the support of an adjacent system. */
export const ofLinkedTickets: readonly Kind[] = [
  {
    event: 'linked ticket opened',
    otrs: { reads: 2, writes: 2 },
    jira: { reads: 2, writes: 0 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const { ticket } = await escalated();
      bridge.otrs.setField(ticket.id, 'RelatedSystem', 'dwh');
    },
  },
  {
    event: 'comment, linked ticket to ticket',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 0 },
    because: 'x',
    happens: async ({ bridge, linked }) => {
      const related = await linked();
      bridge.otrs.addArticle(related.linked, { text: 'Какой отчёт?', by: 'sidorov.3l', visibility: 'public' });
    },
  },
  {
    event: 'comment, ticket to linked ticket and JIRA',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 1 },
    because: 'x',
    happens: async ({ bridge, linked }) => {
      const { ticket } = await linked();
      bridge.otrs.addArticle(ticket.id, { text: 'Отчёт за ноябрь', by: 'user.volga' });
    },
  },
  {
    event: 'state of the linked ticket',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 0 },
    because: 'x',
    happens: async ({ bridge, linked }) => {
      const related = await linked();
      bridge.otrs.setState(related.linked, 'В работе', 'sidorov.3l');
    },
  },
  {
    event: 'state of the ticket, with a linked ticket',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 1 },
    because: 'x',
    happens: async ({ bridge, linked }) => {
      const { ticket } = await linked();
      bridge.otrs.setState(ticket.id, 'Ожидание информации');
    },
  },
  {
    event: 'linked ticket closed',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 0 },
    because: 'x',
    happens: async ({ bridge, linked }) => {
      const related = await linked();
      bridge.otrs.setField(related.linked, 'Solution', 'Отчёт пересобран', 'sidorov.3l');
      bridge.otrs.setState(related.linked, 'Закрыто', 'sidorov.3l');
    },
  },
];

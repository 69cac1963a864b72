import type { Kind } from './kind.ts';

/** A ticket, its issue, and a ticket that was opened for the support of an adjacent system. */
export const ofLinkedTickets: readonly Kind[] = [
  {
    event: 'linked ticket opened',
    otrs: { reads: 2, writes: 2 },
    jira: { reads: 2, writes: 0 },
    because:
      'The look; one call opens the linked ticket with text, fields and mark, one update shows it in the first with the note about it.',
    happens: async ({ bridge, escalated }) => {
      const { ticket } = await escalated();
      bridge.otrs.setField(ticket.id, 'RelatedSystem', 'dwh');
    },
  },
  {
    event: 'comment, linked ticket to ticket',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 0 },
    because: 'The look reads both tickets in its two calls; one update writes the article.',
    happens: async ({ bridge, linked }) => {
      const related = await linked();
      bridge.otrs.addArticle(related.linked, { text: 'Какой отчёт?', by: 'sidorov.3l', visibility: 'public' });
    },
  },
  {
    event: 'comment, ticket to linked ticket and JIRA',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 1 },
    because:
      'The look reads both tickets in its two calls; one update writes the article into the linked one. JIRA: the comment.',
    happens: async ({ bridge, linked }) => {
      const { ticket } = await linked();
      bridge.otrs.addArticle(ticket.id, { text: 'Отчёт за ноябрь', by: 'user.volga' });
    },
  },
  {
    event: 'state of the linked ticket',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 0 },
    because: 'The look reads both tickets in its two calls; one update shows the state in the first.',
    happens: async ({ bridge, linked }) => {
      const related = await linked();
      bridge.otrs.setState(related.linked, 'В работе', 'sidorov.3l');
    },
  },
  {
    event: 'state of the ticket, with a linked ticket',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 0 },
    because: 'The look reads both tickets in its two calls; one update shows the state in the linked one.',
    happens: async ({ bridge, linked }) => {
      const { ticket } = await linked();
      bridge.otrs.setState(ticket.id, 'Ожидание информации');
    },
  },
  {
    event: 'linked ticket closed',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 0 },
    because:
      'The look reads both tickets in its two calls; one update writes the note with the solution and the shown state.',
    happens: async ({ bridge, linked }) => {
      const related = await linked();
      bridge.otrs.setField(related.linked, 'Solution', 'Отчёт пересобран', 'sidorov.3l');
      bridge.otrs.setState(related.linked, 'Закрыто', 'sidorov.3l');
    },
  },
];

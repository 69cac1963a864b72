import type { Kind } from './kind.ts';

/** What nobody did: echoes of the bridge, sweeps, sessions, merges. */
export const ofEchoesAndSweeps: readonly Kind[] = [
  {
    event: 'own change, filtered by OTRS',
    otrs: { reads: 0, writes: 0 },
    jira: { reads: 0, writes: 0 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const { issue } = await escalated();
      bridge.jira.transition(issue, 'В работе');
      await bridge.react();
    },
  },
  {
    event: 'own article, OTRS does not filter and the webhook names its author',
    otrs: { reads: 0, writes: 0 },
    jira: { reads: 0, writes: 0 },
    because: 'x',
    isEchoing: true,
    happens: async ({ bridge, escalated }) => {
      const { issue } = await escalated();
      bridge.otrs.shapeWebhooks('generic');
      await bridge.react();
      bridge.jira.comment(issue, 'Проверьте ещё раз');
      await bridge.react();
      await bridge.otrs.settled();
      bridge.otrs.shapeWebhooks('short');
    },
  },
  {
    event: 'own change of state, OTRS does not filter and the webhook names nobody',
    otrs: { reads: 2, writes: 0 },
    jira: { reads: 2, writes: 0 },
    because: 'x',
    isEchoing: true,
    happens: async ({ bridge, escalated }) => {
      const { issue } = await escalated();
      await bridge.react();
      bridge.jira.transition(issue, 'В работе');
      await bridge.react();
    },
  },
  {
    event: 'sweep that finds nothing',
    otrs: { reads: 3, writes: 0 },
    jira: { reads: 2, writes: 0 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      await escalated();
      await bridge.sweep();
      await bridge.react();
      bridge.pass({ minutes: 20 });
    },
    counts: (bridge) => bridge.sweep(),
  },
  {
    event: 'sweep that finds what an earlier one has found',
    otrs: { reads: 2, writes: 0 },
    jira: { reads: 2, writes: 0 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      await escalated();
      bridge.pass({ minutes: 1 });
      await bridge.sweep();
      await bridge.react();
      bridge.pass({ minutes: 5 });
    },
    counts: async (bridge) => {
      const swept = await bridge.sweep();
      const { jira, otrs } = await bridge.react();
      return { jira: [...swept.jira, ...jira], otrs: [...swept.otrs, ...otrs] };
    },
  },
  {
    event: 'sweep that finds a change for the first time, already dealt with',
    otrs: { reads: 4, writes: 0 },
    jira: { reads: 4, writes: 0 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      await escalated();
      bridge.pass({ minutes: 20 });
      await bridge.sweep();
      await bridge.react();
      await escalated();
      bridge.pass({ minutes: 1 });
    },
    counts: async (bridge) => {
      const swept = await bridge.sweep();
      const { jira, otrs } = await bridge.react();
      return { jira: [...swept.jira, ...jira], otrs: [...swept.otrs, ...otrs] };
    },
  },
  {
    event: 'session that has died',
    otrs: { reads: 4, writes: 0 },
    jira: { reads: 2, writes: 0 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const { ticket } = await escalated();
      bridge.otrs.addArticle(ticket.id, { text: 'Смотрю', by: 'petrova.2l', visibility: 'internal' });
      bridge.otrs.expireSessions();
    },
  },
  {
    event: 'ticket merged into another one, which takes over its issue',
    otrs: { reads: 0, writes: 0 },
    jira: { reads: 0, writes: 0 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const main = bridge.otrs.createTicket({
        service: 'NTTM: Техническая поддержка',
        type: 'Инцидент',
        priority: '3 Средний',
        title: 'Отчёт не сходится',
        text: 'Шаги: открыть отчёт 554321, нажать «Сверить». Ожидаю: суммы сходятся. Получаю: расходятся.',
        ticketQueue: 'NTTM::2ЛТП',
        state: 'В работе',
      });
      const { ticket } = await escalated();
      bridge.otrs.merge(ticket.id, main.id);
    },
  },
];

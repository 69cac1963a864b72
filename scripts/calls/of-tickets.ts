import { handOver, type Kind } from './kind.ts';

const log = (name: string) => ({ name, contentType: 'text/plain', size: 2_048 });

/** A ticket and its issue. */
export const ofTickets: readonly Kind[] = [
  {
    event: 'new ticket, handed over to line 3',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 0, writes: 2 },
    because: 'x',
    happens: ({ bridge }) => {
      handOver(bridge);
    },
  },
  {
    event: 'priority raised by the agent',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 1 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const { ticket } = await escalated();
      bridge.otrs.setPriority(ticket.id, '2 Высокий');
    },
  },
  {
    event: 'comment, OTRS to JIRA',
    otrs: { reads: 2, writes: 0 },
    jira: { reads: 2, writes: 1 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const { ticket } = await escalated();
      bridge.otrs.addArticle(ticket.id, { text: 'Ошибка повторилась', by: 'user.volga' });
    },
  },
  {
    event: 'comment, JIRA to OTRS',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 0 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const { issue } = await escalated();
      bridge.jira.comment(issue, 'Проверьте ещё раз');
    },
  },
  {
    event: 'edit of a comment in JIRA',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 0 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const { issue } = await escalated();
      const { id } = bridge.jira.comment(issue, 'Проверьте ещё раз');
      await bridge.react();
      bridge.pass({ minutes: 1 });
      bridge.jira.editComment(issue, id, 'Проверьте ещё раз, сборка 4.2');
    },
  },
  {
    event: 'file, OTRS to JIRA',
    otrs: { reads: 3, writes: 0 },
    jira: { reads: 2, writes: 2 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const { ticket } = await escalated();
      bridge.otrs.addArticle(ticket.id, { text: 'Журнал', by: 'user.volga', attachments: [log('1.log')] });
    },
  },
  {
    event: 'three files of one article, OTRS to JIRA',
    otrs: { reads: 3, writes: 0 },
    jira: { reads: 2, writes: 4 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const { ticket } = await escalated();
      const attachments = [log('1.log'), log('2.log'), log('3.log')];
      bridge.otrs.addArticle(ticket.id, { text: 'Журналы', by: 'user.volga', attachments });
    },
  },
  {
    event: 'file, JIRA to OTRS',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 4, writes: 0 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const { issue } = await escalated();
      bridge.jira.attach(issue, { name: 'fix.log', bytes: 'исправлено', contentType: 'text/plain' });
    },
  },
  {
    event: 'three files, JIRA to OTRS',
    otrs: { reads: 2, writes: 3 },
    jira: { reads: 8, writes: 0 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const { issue } = await escalated();
      for (const name of ['1.log', '2.log', '3.log']) {
        bridge.jira.attach(issue, { name, bytes: name, contentType: 'text/plain' });
      }
    },
  },
  {
    event: 'status of the issue',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 0 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const { issue } = await escalated();
      bridge.jira.transition(issue, 'В работе');
    },
  },
  {
    event: 'closing: state, closing block and letter',
    otrs: { reads: 3, writes: 1 },
    jira: { reads: 2, writes: 1 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const { issue } = await escalated();
      bridge.jira.transition(issue, 'В работе');
      await bridge.react();
      const fields = { customfield_10200: 'Исправлено в сборке 4.2', components: [{ name: 'Интеграция' }] };
      bridge.jira.setFields(issue, fields);
      await bridge.react();
      bridge.jira.transition(issue, 'Решено', { resolution: 'Исправлено' });
    },
  },
  {
    event: 'another owner of the ticket',
    otrs: { reads: 2, writes: 0 },
    jira: { reads: 2, writes: 1 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const { ticket } = await escalated();
      bridge.otrs.setOwner(ticket.id, 'sidorov.3l');
    },
  },
  {
    event: 'returned ticket, once the return has settled',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 0 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const { ticket } = await escalated();
      bridge.otrs.moveToQueue(ticket.id, 'NTTM::1ЛТП');
      await bridge.react();
      bridge.pass({ minutes: 6 });
    },
  },
  {
    event: 'webhook that leads to nothing',
    otrs: { reads: 2, writes: 0 },
    jira: { reads: 2, writes: 0 },
    because: 'x',
    happens: async ({ bridge, escalated }) => {
      const { ticket } = await escalated();
      bridge.otrs.addArticle(ticket.id, { text: 'Смотрю', by: 'petrova.2l', visibility: 'internal' });
    },
  },
];

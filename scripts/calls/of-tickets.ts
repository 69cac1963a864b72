import { handOver, type Kind } from './kind.ts';

const log = (name: string) => ({ name, contentType: 'text/plain', size: 2_048 });

/** A ticket and its issue. */
export const ofTickets: readonly Kind[] = [
  {
    event: 'new ticket, handed over to line 3',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 0, writes: 2 },
    because:
      'The look; one update writes all fields that OTRS shows of the issue. JIRA: the issue with its mark, and the link back, which the creation of an issue cannot carry; what JIRA adds to a new issue is known from the one before.',
    happens: ({ bridge }) => {
      handOver(bridge);
    },
  },
  {
    event: 'priority raised by the agent',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 1 },
    because: 'The look; one update brings all new terms. JIRA: one change of the issue with priority and terms.',
    happens: async ({ bridge, escalated }) => {
      const { ticket } = await escalated();
      bridge.otrs.setPriority(ticket.id, '2 Высокий');
    },
  },
  {
    event: 'comment, OTRS to JIRA',
    otrs: { reads: 2, writes: 0 },
    jira: { reads: 2, writes: 1 },
    because: 'The look; nothing is to be written into OTRS. JIRA: the comment carries its mark.',
    happens: async ({ bridge, escalated }) => {
      const { ticket } = await escalated();
      bridge.otrs.addArticle(ticket.id, { text: 'Ошибка повторилась', by: 'user.volga' });
    },
  },
  {
    event: 'comment, JIRA to OTRS',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 0 },
    because: 'The look; one update writes article, mark and whatever else is due in the ticket.',
    happens: async ({ bridge, escalated }) => {
      const { issue } = await escalated();
      bridge.jira.comment(issue, 'Проверьте ещё раз');
    },
  },
  {
    event: 'edit of a comment in JIRA',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 0 },
    because: 'The look; OTRS cannot edit an article, so one update writes a new one.',
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
    because:
      'The look lists files without their contents, since OTRS gives those of all files of an article or of none; one more read brings them. JIRA: the comment, and the file.',
    happens: async ({ bridge, escalated }) => {
      const { ticket } = await escalated();
      bridge.otrs.addArticle(ticket.id, { text: 'Журнал', by: 'user.volga', attachments: [log('1.log')] });
    },
  },
  {
    event: 'three files of one article, OTRS to JIRA',
    otrs: { reads: 3, writes: 0 },
    jira: { reads: 2, writes: 4 },
    because:
      'As one file: the contents come together. JIRA: each file is a request of its own, for a file carries no mark and is found again alone.',
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
    because:
      'The look; one update writes the file with an article, without which OTRS takes none. JIRA: one read tells the address of the content, one brings it.',
    happens: async ({ bridge, escalated }) => {
      const { issue } = await escalated();
      bridge.jira.attach(issue, { name: 'fix.log', bytes: 'исправлено', contentType: 'text/plain' });
    },
  },
  {
    event: 'three files, JIRA to OTRS',
    otrs: { reads: 2, writes: 3 },
    jira: { reads: 8, writes: 0 },
    because:
      'As one file, three times: the mark by which a lost call is found again belongs to the article, so each file has its own.',
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
    because: 'The look; one update sets state, terms and shown status.',
    happens: async ({ bridge, escalated }) => {
      const { issue } = await escalated();
      bridge.jira.transition(issue, 'В работе');
    },
  },
  {
    event: 'closing: state, closing block and letter',
    otrs: { reads: 3, writes: 1 },
    jira: { reads: 2, writes: 1 },
    because:
      'The look; one update closes with block and letter. OTRS can lose a field to its cache, so the block of a ticket that nobody will look at again is read back. JIRA: the link back is struck out.',
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
    because: 'The look. JIRA: one change of the issue shows the owner.',
    happens: async ({ bridge, escalated }) => {
      const { ticket } = await escalated();
      bridge.otrs.setOwner(ticket.id, 'sidorov.3l');
    },
  },
  {
    event: 'returned ticket, once the return has settled',
    otrs: { reads: 2, writes: 1 },
    jira: { reads: 2, writes: 0 },
    because:
      'The look at the moment when the return counts; one update writes the number and the note that asks for the reason.',
    happens: async ({ bridge, escalated }) => {
      // What is kept for ten minutes is read anew by the preparation.
      bridge.pass({ minutes: 11 });
      const { ticket } = await escalated();
      bridge.otrs.moveToQueue(ticket.id, 'NTTM::1ЛТП');
      await bridge.react();
      bridge.pass({ minutes: 6 });
    },
  },
  {
    event: 'ticket merged into one without an issue',
    otrs: { reads: 5, writes: 2 },
    jira: { reads: 6, writes: 5 },
    because:
      'A look at each of the two tickets and one read that tells whether the bridge sees the main one; one update each shows where the issue went. JIRA: the issue is read for either ticket, and again once no look at the other one can write into it.',
    happens: async ({ bridge, escalated }) => {
      const main = handOver(bridge, { ticketQueue: 'NTTM::2ЛТП' });
      await bridge.react();
      bridge.pass({ minutes: 1 });
      const { ticket } = await escalated();
      bridge.otrs.merge(ticket.id, main.id);
    },
  },
  {
    event: 'change of a ticket of another service',
    otrs: { reads: 2, writes: 0 },
    jira: { reads: 0, writes: 0 },
    because: 'The look: a webhook carries no facts, so only OTRS can tell that the ticket is not ours.',
    happens: ({ bridge }) => {
      handOver(bridge, { service: 'DWH: Техническая поддержка' });
    },
  },
  {
    event: 'webhook that leads to nothing',
    otrs: { reads: 2, writes: 0 },
    jira: { reads: 2, writes: 0 },
    because: 'The look.',
    happens: async ({ bridge, escalated }) => {
      const { ticket } = await escalated();
      bridge.otrs.addArticle(ticket.id, { text: 'Смотрю', by: 'petrova.2l', visibility: 'internal' });
    },
  },
];

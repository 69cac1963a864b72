import type { Script } from '../stage.ts';
import { article, file, ticket } from './drafts.ts';

const soon = () => new Promise((resolve) => setTimeout(resolve, 1_100));

export const reading: Script = {
  'two tickets to read': async ({ ask, id, remember }) => {
    for (const name of ['first', 'second']) {
      const made = await ask('TicketCreate', {
        Ticket: { ...ticket, Title: `Чтение ${name}` },
        Article: { ...article, IsVisibleForCustomer: 0 },
        Attachment: file('файл первой статьи'),
      });
      remember(name, made);
      // The order of a search is that of the seconds.
      await soon();
    }
    const TicketID = id('first');
    await ask('TicketUpdate', {
      TicketID,
      Article: { ...article, Subject: 'Вторая', SenderType: 'customer', From: 'Анна <anna@example.test>' },
    });
    await ask('TicketUpdate', {
      TicketID,
      Article: {
        Subject: 'HTML',
        Body: '<p>Первый <b>абзац</b></p><p>второй &amp; последний</p>',
        ContentType: 'text/html; charset=utf-8',
      },
      Attachment: file('файл третьей', 'третий.txt'),
    });
    return {};
  },
  'a ticket as it is': ({ call, id }) => call('TicketGet', { TicketID: id('first') }),
  'a ticket with its times': ({ call, id }) => call('TicketGet', { TicketID: id('first'), Extended: 1 }),
  'a ticket with fields': ({ call, id }) => call('TicketGet', { TicketID: id('first'), DynamicFields: 1 }),
  'a ticket with articles': ({ call, id }) => call('TicketGet', { TicketID: id('first'), AllArticles: 1 }),
  'a ticket with articles, fields and names of files': ({ call, id }) =>
    call('TicketGet', {
      TicketID: id('first'),
      AllArticles: 1,
      DynamicFields: 1,
      Attachments: 1,
      GetAttachmentContents: 0,
    }),
  'a ticket with files': ({ call, id }) =>
    call('TicketGet', { TicketID: id('first'), AllArticles: 1, Attachments: 1, GetAttachmentContents: 1 }),
  'a ticket with files and the HTML': ({ call, id }) =>
    call('TicketGet', { TicketID: id('first'), AllArticles: 1, Attachments: 1, HTMLBodyAsAttachment: 1 }),
  'files without articles': ({ call, id }) => call('TicketGet', { TicketID: id('first'), Attachments: 1 }),
  'the newest article': ({ call, id }) =>
    call('TicketGet', { TicketID: id('first'), AllArticles: 1, ArticleOrder: 'DESC', ArticleLimit: 1 }),
  'the oldest article': ({ call, id }) =>
    call('TicketGet', { TicketID: id('first'), AllArticles: 1, ArticleOrder: 'ASC', ArticleLimit: 1 }),
  'articles, newest first, without a limit': ({ call, id }) =>
    call('TicketGet', { TicketID: id('first'), AllArticles: 1, ArticleOrder: 'DESC' }),
  'articles of customers': ({ call, id }) =>
    call('TicketGet', { TicketID: id('first'), AllArticles: 1, ArticleSenderType: 'customer' }),
  'more articles than there are': ({ call, id }) =>
    call('TicketGet', { TicketID: id('second'), AllArticles: 1, ArticleLimit: 9 }),
  'two tickets at once': ({ call, id }) => call('TicketGet', { TicketID: `${id('first')},${id('second')}` }),
  'a ticket and a missing one': ({ call, id }) => call('TicketGet', { TicketID: `${id('first')},999999` }),
  'a missing ticket': ({ call }) => call('TicketGet', { TicketID: '999999' }),
  'a ticket id that is none': ({ call }) => call('TicketGet', { TicketID: 'abc' }),
  'a history': ({ call, id }) => call('TicketHistoryGet', { TicketID: id('second') }),
  'the history of a missing ticket': ({ call }) => call('TicketHistoryGet', { TicketID: '999999' }),
  'two histories at once': ({ call, id }) => call('TicketHistoryGet', { TicketID: `${id('second')},${id('second')}` }),
};

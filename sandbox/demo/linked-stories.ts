import type { SandboxTicket } from '../otrs/desk/model.ts';
import { closed, expectThat, hasArticle, reached, textFile } from './expectations.ts';
import type { Scene } from './scene.ts';
import type { Story } from './story.ts';

/** Tickets that other teams have a part in: adjacent systems, approvers, another line. */
export const linkedStories: readonly Story[] = [
  {
    title: 'Заявка не доходит до ЕИП',
    shows: 'an agent asks the support of an adjacent system: its ticket is opened, and both hear and show each other',
    async play(scene, { says }) {
      const { otrs } = scene;
      says('user.volga registers an incident; petrova.2l chooses the adjacent system ЕИП');
      const { id, number } = otrs.createTicket({
        service: 'NTTM: Техническая поддержка',
        title: 'Заявка 554321 не доходит до ЕИП',
        text: 'Шаги: открыть заявку 554321, нажать «Отправить». Ожидаю: заявка в ЕИП. Получаю: её там нет.',
        priority: '3 Средний',
      });
      otrs.setOwner(id, 'petrova.2l');
      otrs.setField(id, 'RelatedSystem', 'eip');
      await reached(scene, 'a note says what the support of ЕИП needs', () =>
        hasArticle(otrs.ticket(id), 'не заполнено «Номер во внешней системе»'),
      );
      says('she fills in the number');
      otrs.setField(id, 'ExternalNumber', '554321');
      const child = await linkedTicketOf(scene, id);
      const linked = () => otrs.ticket(child);
      expectThat('it is in the queue of ЕИП', linked().ticketQueue === 'Смежные системы::ЕИП');

      says('petrova.2l sends a log and writes an internal note; sidorov.3l, for ЕИП, asks and answers');
      otrs.addArticle(id, {
        text: 'Прикладываю журнал обмена.',
        visibility: 'public',
        attachments: [textFile('обмен.log', '10:00 ошибка 500')],
      });
      otrs.addArticle(id, { text: 'Говорят, у них вчера была авария.', visibility: 'internal' });
      otrs.addArticle(child, { text: 'Какой контур?', visibility: 'public', by: 'sidorov.3l' });
      await reached(scene, 'the log is with ЕИП', () => hasAttachment(linked(), 'обмен.log'));
      await reached(scene, 'the question is in the ticket', () => hasArticle(otrs.ticket(id), 'Какой контур?'));

      says('ЕИП closes its ticket with a solution');
      otrs.setField(child, 'Solution', 'Очередь шлюза разобрана.', 'sidorov.3l');
      otrs.setState(child, 'Закрыто', 'sidorov.3l');
      await reached(scene, 'a note tells petrova.2l', () => hasArticle(otrs.ticket(id), 'Очередь шлюза разобрана.'));
      expectThat('the ticket itself stays open', otrs.ticket(id).state !== 'Закрыто');
      expectThat('the internal note never left it', !hasArticle(linked(), 'вчера была авария'));

      says('petrova.2l has seen that it works, and closes');
      otrs.setField(id, 'ClosureCode', 'fixed');
      otrs.setField(id, 'Solution', 'Очередь шлюза ЕИП разобрана, заявка дошла.');
      otrs.setField(id, 'ConfigItem', 'integration');
      otrs.setState(id, 'Закрыто');
      await closed(scene, id, { ClosureCode: 'fixed' });
      const others = otrs.tickets().filter(({ fields }) => String(fields.ParentTicket ?? '').includes(number));
      expectThat('ЕИП was asked once', others.length === 1);
    },
  },
  {
    title: 'Доступ к NTTM для нового диспетчера',
    shows:
      'a request for access shows who has approved it and whom it waits for; a closing before that is told to nobody',
    async play(scene, { says }) {
      const { otrs } = scene;
      const shows = (words: string) => String(otrs.ticket(id).fields.ApprovalStatus ?? '').includes(words);
      says('user.siberia asks for access; two curators of the branch have to approve it');
      const { id } = otrs.createTicket({
        by: 'user.siberia',
        service: 'NTTM: Предоставление доступа к системе',
        type: 'Запрос на обслуживание',
        ticketQueue: 'NTTM::1ЛТП',
        title: 'Доступ к NTTM для нового диспетчера',
        text: 'ФИО: Смирнов Иван Петрович\nЛогин: smirnov\nРоль: диспетчер\nЭлектронная почта: smirnov@rt.ru',
        priority: '4 Низкий',
      });
      await reached(scene, 'the ticket shows that nobody has approved', () => shows('0 из 1'));
      says('petrova.2l writes down the approval of the first one, and closes too early');
      otrs.setField(id, 'ApprovedBy', 'curator.siberia@example.test');
      await reached(scene, 'the other one is waited for', () => shows('ждём: Второй куратор'));
      otrs.setField(id, 'ClosureCode', 'fixed');
      otrs.setField(id, 'Solution', 'Учётная запись smirnov создана.');
      otrs.setField(id, 'ConfigItem', 'app');
      otrs.setState(id, 'Закрыто');
      const hasLetter = () => hasArticle(otrs.ticket(id), 'Решение: Учётная запись smirnov создана.');
      await otrs.settled();
      await reached(scene, 'the bridge has looked at the closing', () => true);
      expectThat('the requester is not told that it is done', !hasLetter());
      const { summary } = await scene.app.explain({ system: 'otrs', id });
      expectThat('it is reported', summary.join(' ').includes('Its approval waits'));

      says('the second one approves');
      otrs.setField(id, 'ApprovedBy', 'curator.siberia@example.test, curator.siberia.2@example.test');
      await reached(scene, 'the requester is told', hasLetter);
    },
  },
];

/** Id of the linked ticket, once the ticket shows its number. */
async function linkedTicketOf(scene: Scene, id: string): Promise<string> {
  const number = () => /\d{10,}/.exec(String(scene.otrs.ticket(id).fields.RelatedTickets ?? ''))?.[0];
  await reached(scene, 'the ticket shows its linked ticket', () => number() !== undefined);
  const linked = scene.otrs.tickets().find((ticket) => ticket.number === number());
  if (linked === undefined) {
    throw new Error(`there is no ticket ${number()}`);
  }
  return String(linked.id);
}

function hasAttachment(ticket: Readonly<SandboxTicket>, name: string): boolean {
  return ticket.articles.some(({ attachments }) => attachments.some((file) => file.name === name));
}

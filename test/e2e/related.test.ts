import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ReadTicket, TicketDraft } from './otrs/agent.ts';
import { type Rig, reached, startRig } from './rig.ts';

let rig: Rig;
const PATIENCE_MS = 240_000;

beforeAll(async () => {
  rig = await startRig();
  await rig.startBridge();
}, 900_000);

afterAll(() => rig?.stop(), 60_000);

const incident = (changes: Partial<TicketDraft> = {}): TicketDraft => ({
  queue: 'NTTM::2ЛТП',
  customer: 'user.volga',
  title: 'Заявка 554321 не уходит — «Отправить» молчит 😀',
  body: 'Шаги: открыть заявку 554321, нажать «Отправить».\nОжидаю: заявка ушла.\nПолучаю: ничего.',
  type: 'Инцидент',
  service: 'NTTM: Техническая поддержка',
  priority: '3 Средний',
  ...changes,
});

const linkedTo = async (id: string) => (await rig.app().store.link({ system: 'otrs', id })).related;

/** The linked ticket of the name, once the ticket shows it. */
const childOf = async (id: string, name: string): Promise<ReadTicket> => {
  await reached(`ticket ${id} is linked with ${name}`, async () =>
    (await linkedTo(id)).some((each) => each.name === name),
  );
  const child = (await linkedTo(id)).find((each) => each.name === name);
  await reached('the ticket shows its linked ticket', async () =>
    String((await rig.ticket(id)).fields.RelatedTickets ?? '').includes(child?.ref.key ?? '?'),
  );
  return rig.ticket(child?.ref.id ?? '');
};

const says = async (id: string, words: string) =>
  (await rig.ticket(id)).articles.filter(({ body }) => body.includes(words));
const hears = (id: string, words: string) =>
  reached(`ticket ${id} hears «${words}»`, async () => (await says(id, words)).length > 0);

/** Whom the help desk told of a note. */
const notified = async (id: string) =>
  (await rig.ticket(id)).history.filter(({ what }) => what === 'SendAgentNotification').map(({ name }) => name);

const calm = () =>
  reached('nothing is due', async () => {
    const due = await rig.app().store.nextDue();
    return due === undefined || due.toMillis() > Date.now() + 15_000;
  });

const ticketsFor = async (number: string) => {
  const found: string[] = [];
  for (let id = 1; id < 60; id += 1) {
    const ticket = await rig.otrs.people.ticket(String(id));
    if (String(ticket?.fields.ParentTicket ?? '').includes(number)) {
      found.push(String(id));
    }
  }
  return found;
};

describe('R71 «создается связанная заявка на соответствующую услугу на ТП смежной системы», in a real help desk', () => {
  test(
    'a ticket for ЕИП lives its whole life: it waits for the number, is opened, hears and is heard, and its end is told',
    async () => {
      const petrova = rig.otrs.people.agent('petrova.2l');
      const sidorov = rig.otrs.people.agent('sidorov.3l');
      const { id, number } = await petrova.open(incident());
      await petrova.setOwner(id, 'petrova.2l');
      await petrova.setField(id, 'RelatedSystem', 'eip');
      await hears(id, 'связанная заявка не создана: в обращении не заполнено «Номер во внешней системе»');

      await petrova.setField(id, 'ExternalNumber', '554321');
      const child = await childOf(id, 'eip');
      expect(child).toMatchObject({
        queue: 'Смежные системы::ЕИП',
        service: 'ЕИП: Техническая поддержка',
        type: 'Инцидент',
        priority: '3 Средний',
        state: 'Назначено',
        customer: 'user.volga',
        title: incident().title,
        owner: 'root@localhost',
        fields: { ExternalNumber: '554321', ParentTicket: `${number} (Назначено)` },
      });
      expect(child.articles).toMatchObject([{ public: true, body: expect.stringContaining('Получаю: ничего.') }]);
      expect((await rig.ticket(id)).fields.RelatedTickets).toBe(`ЕИП: ${child.number} (Назначено)`);
      expect((await says(id, 'В поддержку ЕИП создана связанная заявка')).map((each) => each.public)).toEqual([false]);

      await petrova.write(id, {
        subject: 'Лог',
        body: 'Прикладываю лог.',
        public: true,
        attachments: [{ name: 'шлюз.txt', contentType: 'text/plain', content: Buffer.from('ошибка 500') }],
      });
      await petrova.write(id, { subject: 'Заметка', body: 'Только для своих.', public: false });
      await sidorov.write(child.id, { subject: 'Вопрос', body: 'Какой стенд?', public: true });
      await sidorov.write(child.id, { subject: 'Заметка', body: 'Секрет ЕИП.', public: false });
      await hears(child.id, 'Прикладываю лог.');
      await hears(id, 'Какой стенд?');
      await reached('the file is there', async () =>
        (await rig.ticket(child.id)).articles.some(({ attachments }) =>
          attachments.some(({ name }) => name === 'шлюз.txt'),
        ),
      );
      await calm();
      expect(await says(child.id, 'Только для своих')).toEqual([]);
      expect(await says(id, 'Секрет ЕИП')).toEqual([]);
      expect(await says(child.id, 'Прикладываю лог.')).toHaveLength(1);
      expect(await says(id, 'Какой стенд?')).toHaveLength(1);

      await petrova.setState(id, 'В работе');
      await sidorov.setState(child.id, 'В работе');
      await reached('each shows the state of the other', async () => {
        const [one, other] = [await rig.ticket(id), await rig.ticket(child.id)];
        return (
          one.fields.RelatedTickets === `ЕИП: ${child.number} (В работе)` &&
          other.fields.ParentTicket === `${number} (В работе)`
        );
      });

      await sidorov.setField(child.id, 'Solution', 'Перезапущен шлюз ЕИП.');
      await sidorov.setState(child.id, 'Закрыто');
      await hears(id, 'Перезапущен шлюз ЕИП.');
      await calm();
      const ticket = await rig.ticket(id);
      expect(ticket.state).toBe('В работе');
      expect((await says(id, 'Перезапущен шлюз ЕИП.')).map((each) => each.public)).toEqual([false]);
      await reached('its owner is notified', async () => (await notified(id)).length === 1);

      await sidorov.setState(child.id, 'В работе');
      await reached('the reopening is shown', async () =>
        String((await rig.ticket(id)).fields.RelatedTickets).includes('В работе'),
      );
      await sidorov.setState(child.id, 'Закрыто');
      await reached('the second closing is told', async () => (await says(id, 'Перезапущен шлюз ЕИП.')).length === 2);
      await reached('its owner is notified again', async () => (await notified(id)).length === 2);
      expect(await notified(id)).toEqual([
        expect.stringContaining('petrova.2l'),
        expect.stringContaining('petrova.2l'),
      ]);
      expect(await ticketsFor(number)).toEqual([child.id]);
    },
    PATIENCE_MS,
  );

  test(
    'Netrac Teoco and DWH are asked for one ticket: each has its own, and neither hears the other',
    async () => {
      const petrova = rig.otrs.people.agent('petrova.2l');
      const sidorov = rig.otrs.people.agent('sidorov.3l');
      const { id, number } = await petrova.open(incident({ title: 'Аварии не приходят и не выгружаются' }));
      await petrova.setField(id, 'RelatedSystem', 'dwh');
      const dwh = await childOf(id, 'dwh');
      await petrova.setField(id, 'ExternalNumber', 'NT-7');
      await petrova.setField(id, 'RelatedSystem', 'netrac');
      const netrac = await childOf(id, 'netrac');
      expect(netrac).toMatchObject({ queue: 'Смежные системы::Netrac Teoco', fields: { ExternalNumber: 'NT-7' } });
      expect(dwh).toMatchObject({ queue: 'Смежные системы::DWH' });
      expect((await rig.ticket(id)).fields.RelatedTickets).toBe(
        `DWH: ${dwh.number} (Назначено); Netrac Teoco: ${netrac.number} (Назначено)`,
      );

      await sidorov.write(netrac.id, { subject: 'Ответ', body: 'У нас всё ушло.', public: true });
      await hears(id, 'У нас всё ушло.');
      await calm();
      expect(await says(dwh.id, 'У нас всё ушло.')).toEqual([]);

      // Taken back and chosen again: I1.
      await petrova.setField(id, 'RelatedSystem', '');
      await petrova.setField(id, 'RelatedSystem', 'dwh');
      await calm();
      expect(await ticketsFor(number)).toEqual([dwh.id, netrac.id]);
    },
    PATIENCE_MS,
  );

  test(
    'the number that DWH writes comes into the ticket, the ticket’s closing is told there, and a deleted one is told here',
    async () => {
      const petrova = rig.otrs.people.agent('petrova.2l');
      const sidorov = rig.otrs.people.agent('sidorov.3l');
      const { id } = await petrova.open(incident({ title: 'Отчёт пуст' }));
      await petrova.setField(id, 'RelatedSystem', 'dwh');
      const child = await childOf(id, 'dwh');
      await sidorov.setField(child.id, 'ExternalNumber', 'DWH-9001');
      await reached(
        'the number is in the ticket',
        async () => (await rig.ticket(id)).fields.ExternalNumber === 'DWH-9001',
      );

      await petrova.setField(id, 'Solution', 'Отчёт построен заново.');
      await petrova.setState(id, 'Закрыто');
      await hears(child.id, 'по которому создана эта заявка, закрыто');
      expect((await says(child.id, 'Отчёт построен заново.')).map((each) => each.public)).toEqual([false]);
      expect((await rig.ticket(child.id)).state).toBe('Назначено');

      await petrova.setState(id, 'В работе');
      // The help desk deletes a ticket in several steps, and fails where another change comes in between.
      await calm();
      await rig.otrs.people.agent('root@localhost').delete(child.id);
      await hears(id, `Связанная заявка ${child.number} (DWH) больше не видна мосту`);
      await reached(
        'the field says so',
        async () => (await rig.ticket(id)).fields.RelatedTickets === `DWH: ${child.number} (не видна)`,
      );
    },
    PATIENCE_MS,
  );

  test(
    'I1: a lost store opens no second ticket, for the mark on the first one is found',
    async () => {
      const petrova = rig.otrs.people.agent('petrova.2l');
      const { id, number } = await petrova.open(incident({ title: 'Память потеряна' }));
      await petrova.setField(id, 'RelatedSystem', 'dwh');
      const child = await childOf(id, 'dwh');
      await calm();
      await rig.stopBridge();
      await rig.loseStore();
      await rig.startBridge();
      await petrova.setTitle(id, 'Память потеряна, обращение нет');
      await childOf(id, 'dwh');
      await calm();

      expect(await ticketsFor(number)).toEqual([child.id]);
    },
    PATIENCE_MS,
  );
});

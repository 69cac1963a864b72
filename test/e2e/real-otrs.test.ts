import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TicketDraft } from './otrs/agent.ts';
import { type Rig, reached, startRig } from './rig.ts';

let rig: Rig;
const PATIENCE_MS = 180_000;

beforeAll(async () => {
  rig = await startRig();
  await rig.startBridge();
}, 900_000);

afterAll(() => rig?.stop(), 60_000);

const incident = (changes: Partial<TicketDraft> = {}): TicketDraft => ({
  queue: 'NTTM::2ЛТП',
  customer: 'user.volga',
  title: 'Не создаётся заявка в ЕИП — ошибка 500 😀',
  body: 'Шаги: открыть инцидент, нажать «Отправить в ЕИП».\nОжидаю: заявка создана.\nПолучаю: <b>ошибка 500</b> & "пусто".',
  type: 'Инцидент',
  service: 'NTTM: Техническая поддержка',
  priority: '3 Средний',
  ...changes,
});

const issueOf = async (id: string): Promise<string> => {
  await reached(
    `ticket ${id} carries the key of its issue`,
    async () => (await rig.ticket(id)).fields.JiraKey !== undefined,
  );
  return String((await rig.ticket(id)).fields.JiraKey);
};

const issuesFor = (number: string) =>
  rig.jira.issues().filter(({ values }) => values.labels.includes(`otrs-${number}`));

const resolve = (key: string) => {
  rig.jira.setFields(key, { customfield_10200: 'Исправлен адрес шлюза ЕИП.', components: [{ name: 'Интеграция' }] });
  rig.jira.transition(key, 'Решено', { resolution: 'Исправлено' });
};

const isClosed = (id: string) =>
  reached(`ticket ${id} is closed`, async () => (await rig.ticket(id)).state === 'Закрыто');

describe('the main job against a real help desk', () => {
  test(
    'a ticket that is moved to line 3 becomes an issue and comes back closed with its three fields',
    async () => {
      const { agent } = rig.otrs.people;
      const petrova = agent('petrova.2l');
      const { id, number } = await petrova.open(incident());
      await petrova.write(id, { subject: 'Заметка', body: 'Пользователю не говорить.', public: false });
      await petrova.move(id, 'NTTM::3ЛТП');
      const key = await issueOf(id);

      expect(issuesFor(number)).toHaveLength(1);
      expect(rig.jira.issue(key)).toMatchObject({
        type: 'Дефект',
        values: { summary: incident().title, priority: 'Средний' },
      });

      rig.jira.transition(key, 'В работе');
      rig.jira.comment(key, 'Проверьте после 15:00, пожалуйста.');
      await reached('the comment is in the ticket', async () =>
        (await rig.ticket(id)).articles.some(
          ({ body, public: isPublic }) => isPublic && body.includes('Проверьте после 15:00'),
        ),
      );
      await rig.otrs.people.writeAsCustomer(id, 'Анна Кузнецова <anna@example.test>', {
        subject: 'Re',
        body: 'Проверила, ошибка осталась.',
      });
      await reached('the answer is in the issue', () =>
        rig.jira.issue(key).comments.some(({ body }) => body.includes('ошибка осталась')),
      );

      resolve(key);
      await isClosed(id);
      expect((await rig.ticket(id)).fields).toMatchObject({
        JiraKey: key,
        JiraStatus: 'Решено',
        ClosureCode: 'fixed',
        Solution: 'Исправлен адрес шлюза ЕИП.',
        ConfigItem: 'integration',
      });
      expect(rig.jira.issue(key).comments.some(({ body }) => body.includes('Пользователю не говорить'))).toBe(false);
    },
    PATIENCE_MS,
  );

  test(
    'a burst of changes opens one issue and carries each comment once',
    async () => {
      const petrova = rig.otrs.people.agent('petrova.2l');
      const sidorov = rig.otrs.people.agent('sidorov.3l');
      const { id, number } = await petrova.open(incident({ title: 'Всплеск изменений', priority: '1 Критичный' }));
      await petrova.move(id, 'NTTM::3ЛТП');
      for (let turn = 1; turn <= 8; turn += 1) {
        await petrova.setPriority(id, turn % 2 === 0 ? '1 Критичный' : '2 Высокий');
        await sidorov.write(id, { subject: `Ответ ${turn}`, body: `Ответ номер ${turn}.`, public: true });
        await petrova.setTitle(id, `Всплеск изменений ${turn}`);
      }
      const key = await issueOf(id);
      await reached('all comments are carried', () => rig.jira.issue(key).comments.length >= 8);
      await reached('nothing is due', async () => {
        const due = await rig.app().store.nextDue();
        return due === undefined || due.toMillis() > Date.now() + 15_000;
      });

      expect(issuesFor(number)).toHaveLength(1);
      const words = rig.jira.issue(key).comments.map(({ body }) => /Ответ номер (\d)/.exec(body)?.[1]);
      expect(words).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);

      resolve(key);
      await isClosed(id);
    },
    PATIENCE_MS,
  );

  test(
    'changes that were made while the bridge was stopped are found by the sweep',
    async () => {
      await rig.otrs.sendHooksTo(undefined);
      await rig.stopBridge();
      const petrova = rig.otrs.people.agent('petrova.2l');
      const { id, number } = await petrova.open(incident({ title: 'Мост был остановлен' }));
      await petrova.move(id, 'NTTM::3ЛТП');
      await petrova.write(id, { subject: 'Ещё', body: 'Повторяется каждый час.', public: true });

      await rig.startBridge();
      const key = await issueOf(id);
      expect(issuesFor(number)).toHaveLength(1);
      await reached('the comment is carried', () =>
        rig.jira.issue(key).comments.some(({ body }) => body.includes('каждый час')),
      );

      await rig.stopBridge();
      resolve(key);
      await rig.startBridge();
      await isClosed(id);
      await rig.otrs.sendHooksTo({ url: `${rig.address}/webhooks/otrs`, secret: rig.secret });
    },
    PATIENCE_MS,
  );

  test(
    'webhooks for a ticket that does not exist or that the bridge may not read end as visible dead letters',
    async () => {
      const hidden = await rig.otrs.people
        .agent('root@localhost')
        .open(incident({ queue: 'Прочее', title: 'Чужое обращение' }));
      for (const ticketId of ['999999', hidden.id]) {
        const answer = await fetch(`${rig.address}/webhooks/otrs`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-bridge-secret': rig.secret },
          body: JSON.stringify({ Event: { Event: 'TicketCreate', TicketID: ticketId } }),
        });
        expect(answer.status).toBe(202);
        await reached('the dead letter is there', async () => {
          const letters = await rig.app().store.deadLetters({ state: 'open', limit: 100 });
          return letters.some(({ ticket, code }) => ticket?.id === ticketId && code === 'RECORD_NOT_READABLE');
        });
      }
    },
    PATIENCE_MS,
  );
});

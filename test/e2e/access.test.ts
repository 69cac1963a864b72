import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TicketDraft } from './otrs/agent.ts';
import { type Rig, reached, startRig } from './rig.ts';

let rig: Rig;
const PATIENCE_MS = 180_000;
const FIRST = 'curator.siberia@example.test';
const SECOND = 'curator.siberia.2@example.test';

beforeAll(async () => {
  rig = await startRig();
  await rig.startBridge();
}, 900_000);

afterAll(() => rig?.stop(), 60_000);

const request: TicketDraft = {
  queue: 'NTTM::1ЛТП',
  customer: 'user.siberia',
  title: 'Доступ к NTTM',
  body: 'ФИО: Смирнов Иван Петрович\nЛогин: smirnov\nРоль: диспетчер\nЭлектронная почта: smirnov@example.test',
  type: 'Запрос на обслуживание',
  service: 'NTTM: Предоставление доступа к системе',
  priority: '4 Низкий',
};

const problem: TicketDraft = {
  ...request,
  title: 'Не могу войти в систему',
  body: 'ФИО: Смирнов Иван Петрович\nЛогин: smirnov\nОписание проблемы: при входе ошибка 403, пароль верный.',
  type: 'Инцидент',
  service: 'NTTM: Решение проблем с доступом',
};

const statusOf = async (id: string) => String((await rig.ticket(id)).fields.ApprovalStatus ?? '');
const lettersTo = async (id: string) =>
  (await rig.ticket(id)).articles.filter(({ marker }) => marker === 'comment:letter:closing');

describe('access in a real help desk', () => {
  test(
    'a request waits for both curators of its branch, and its requester is told of the solution only with both (R4, R62, R63)',
    async () => {
      const petrova = rig.otrs.people.agent('petrova.2l');
      const { id } = await petrova.open(request);
      await reached('both are waited for', async () =>
        /^На согласовании: 0 из 1, ждём: Куратор МРФ «Сибирь», Второй куратор/.test(await statusOf(id)),
      );

      await rig.otrs.people.writeAsCustomer(id, `Куратор <${FIRST}>`, { subject: 'Re', body: 'Согласовано.' });
      await reached('the letter is shown to the agent', async () =>
        (await rig.ticket(id)).articles.some(
          ({ marker, public: isPublic, body }) =>
            marker?.startsWith('comment:note:approval:letter:') === true && !isPublic && body.includes('«Согласовано»'),
        ),
      );
      expect(await statusOf(id)).toMatch(/^На согласовании: 0 из 1/);

      await petrova.setField(id, 'ApprovedBy', FIRST);
      await reached('the second is waited for', async () =>
        /^На согласовании: 0 из 1, ждём: Второй куратор/.test(await statusOf(id)),
      );

      // Closed too early: reported, and no letter goes out.
      await petrova.setField(id, 'ClosureCode', 'fixed');
      await petrova.setField(id, 'Solution', 'Доступ предоставлен, роль «Диспетчер»');
      await petrova.setField(id, 'ConfigItem', 'ui');
      await petrova.setState(id, 'Закрыто');
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      expect(await lettersTo(id)).toEqual([]);

      await petrova.setField(id, 'ApprovedBy', `${FIRST}\n${SECOND}`);
      await reached('the letter is written', async () => (await lettersTo(id)).length === 1);
      expect((await lettersTo(id))[0]).toMatchObject({ public: true });
    },
    PATIENCE_MS,
  );

  test(
    'line 1 hands an access problem to line 2: one task with the terms of its ticket, and no letter of its own (R64, R65, R66)',
    async () => {
      const petrova = rig.otrs.people.agent('petrova.2l');
      const { id, number } = await petrova.open(problem);
      await reached('line 1 has its checklist', async () =>
        (await rig.ticket(id)).articles.some(({ marker }) => marker === 'comment:note:checklist'),
      );

      await petrova.setField(id, 'NeedLine2', '1');
      await reached(
        'the ticket shows its task',
        async () => (await rig.ticket(id)).fields.RelatedTickets !== undefined,
      );
      const [, taskNumber = ''] = /(\d{10,})/.exec(String((await rig.ticket(id)).fields.RelatedTickets)) ?? [];
      const task = await taskOf(taskNumber);
      expect(task).toMatchObject({ queue: 'NTTM::2ЛТП', service: problem.service, customer: 'user.siberia' });
      expect(String(task.fields.ParentTicket)).toContain(number);
      // Its history begins up to a second after the ticket itself.
      const registered = Date.parse(`${(await rig.ticket(id)).history[0]?.at}Z`);
      expect(Math.abs(Date.parse(`${task.fields.InheritedStart}Z`) - registered)).toBeLessThan(5_000);

      await petrova.setState(task.id, 'В работе');
      await reached('the ticket shows the state of its task', async () =>
        String((await rig.ticket(id)).fields.RelatedTickets).includes('В работе'),
      );
      await petrova.setField(task.id, 'Solution', 'Учётная запись разблокирована');
      await petrova.setState(task.id, 'Закрыто');
      await reached('the ticket is told of the end of its task', async () =>
        (await rig.ticket(id)).articles.some(
          ({ public: isPublic, body }) => !isPublic && body.includes('Учётная запись разблокирована'),
        ),
      );
      expect((await rig.ticket(id)).state).not.toBe('Закрыто');
      expect((await taskOf(taskNumber)).articles.filter(({ marker }) => marker?.startsWith('comment:letter'))).toEqual(
        [],
      );
    },
    PATIENCE_MS,
  );
});

async function taskOf(number: string) {
  for (let id = 1; id < 100; id += 1) {
    const ticket = await rig.otrs.people.ticket(String(id));
    if (ticket?.number === number) {
      return ticket;
    }
  }
  throw new Error(`there is no ticket ${number}`);
}

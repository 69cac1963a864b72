import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { TicketDraft } from './otrs/agent.ts';
import { type Rig, reached, startRig } from './rig.ts';

let rig: Rig;
const PATIENCE_MS = 180_000;

beforeAll(async () => {
  rig = await startRig();
  await rig.startBridge();
}, 900_000);

afterAll(() => rig?.stop(), 60_000);

const incident: TicketDraft = {
  queue: 'NTTM::2ЛТП',
  customer: 'user.volga',
  title: 'Список работ сортируется неверно',
  body: 'Шаги: открыть список работ, нажать на «Дата». Ожидаю: сортировка по дате. Получаю: по алфавиту.',
  type: 'Инцидент',
  service: 'NTTM: Техническая поддержка',
  priority: '2 Высокий',
};

/** A field of the help desk, whose times are in Moscow. */
const momentOf = (value: unknown) =>
  DateTime.fromFormat(String(value), 'yyyy-MM-dd HH:mm:ss', { zone: 'Europe/Moscow' });
const fieldsOf = async (id: string) => (await rig.ticket(id)).fields;
const statusOf = async (id: string) => String((await fieldsOf(id)).SlaStatus ?? '');

describe('the terms of a ticket in a real help desk', () => {
  test(
    'deadlines are written as its own times, a pause empties them, and the answer brings them back later by the pause (R26, R56)',
    async () => {
      const petrova = rig.otrs.people.agent('petrova.2l');
      const { id } = await petrova.open(incident);
      await reached('the deadlines are shown', async () => (await fieldsOf(id)).SlaResolutionDue !== undefined);
      const before = await fieldsOf(id);
      const registered = momentOf((await rig.ticket(id)).history[0]?.at);
      expect(momentOf(before.SlaReactionDue).diff(registered).as('minutes')).toBe(30);
      expect(momentOf(before.SlaResolutionDue).diff(registered).as('minutes')).toBe(330);
      expect(before.SlaStatus).toMatch(/^Реакция: до /);

      await petrova.setState(id, 'В работе');
      await reached('the diagnosis is next', async () => (await statusOf(id)).startsWith('Диагностика: до '));
      await petrova.write(id, { subject: 'Уточните', body: 'На каком экране?', public: true });
      await petrova.setState(id, 'Ожидание информации', 60);
      await reached('the clock is paused', async () => (await statusOf(id)).startsWith('Приостановлено с '));
      const paused = await fieldsOf(id);
      expect(paused.SlaReactionDue).toBe(before.SlaReactionDue);
      expect(paused.SlaResolutionDue).toBeUndefined();

      await new Promise((resolve) => setTimeout(resolve, 2_000));
      await rig.otrs.people.writeAsCustomer(id, 'Анна Кузнецова <anna@example.test>', {
        subject: 'Re: Уточните',
        body: 'На главном экране, в списке работ.',
      });
      await reached('the deadlines are back', async () => (await fieldsOf(id)).SlaResolutionDue !== undefined);
      const after = await fieldsOf(id);
      const shift = momentOf(after.SlaResolutionDue).diff(momentOf(before.SlaResolutionDue)).as('seconds');
      expect(shift).toBeGreaterThanOrEqual(2);
      expect(shift).toBeLessThan(120);
      expect(after.SlaReactionDue).toBe(before.SlaReactionDue);
    },
    PATIENCE_MS,
  );

  test(
    'a state alone pauses nothing, a raised priority starts a new chain, and another service stops the clock (R26, R27, R43)',
    async () => {
      const petrova = rig.otrs.people.agent('petrova.2l');
      const { id } = await petrova.open({ ...incident, priority: '3 Средний' });
      await reached('the deadlines are shown', async () => (await fieldsOf(id)).SlaResolutionDue !== undefined);
      await petrova.setState(id, 'Ожидание информации', 60);
      await petrova.setPriority(id, '2 Высокий');
      await reached('the chain of priority 2 is shown', async () => {
        const due = momentOf((await fieldsOf(id)).SlaResolutionDue);
        const raised = (await rig.ticket(id)).history.find(({ what }) => what === 'PriorityUpdate');
        return due.isValid && due.diff(momentOf(raised?.at)).as('minutes') === 330;
      });

      await petrova.setService(id, 'DWH: Техническая поддержка');
      await reached('the clock stands', async () => (await statusOf(id)).startsWith('Срок остановлен'));
    },
    PATIENCE_MS,
  );
});

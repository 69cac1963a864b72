import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { otrs } from '../../connectors/otrs/connector.ts';
import type { Desk } from '../../src/connector.ts';
import type { Policy } from '../../src/domain/decide.ts';
import type { TicketDraft } from './otrs/agent.ts';
import { type Rig, reached, startRig } from './rig.ts';

let rig: Rig;
const PATIENCE_MS = 240_000;
const foreign = 'DWH: Техническая поддержка';

/** Line 2 has a coordinator, and a return settles within seconds. */
function hurried(shipped: Policy): Policy {
  const { assignments, clock } = shipped;
  const settles = 5_000;
  const groups = assignments.groups.map((group) =>
    group.name === '2ЛТП' ? { ...group, coordinators: ['sidorov.3l'] } : group,
  );
  return {
    ...shipped,
    clock: { ...clock, returns: { ...clock.returns, groups, settles } },
    assignments: { ...assignments, groups, returns: { ...assignments.returns, settles } },
  };
}

beforeAll(async () => {
  rig = await startRig(hurried);
  await rig.startBridge();
}, 900_000);

afterAll(() => rig?.stop(), 60_000);

const incident: TicketDraft = {
  queue: 'NTTM::2ЛТП',
  customer: 'user.volga',
  title: 'Отчёт не сходится',
  body: 'Шаги: открыть отчёт 554321, нажать «Сверить». Ожидаю: суммы сходятся. Получаю: расходятся.',
  type: 'Инцидент',
  service: 'NTTM: Техническая поддержка',
  priority: '2 Высокий',
};

const fieldsOf = async (id: string) => (await rig.ticket(id)).fields;
const notesOf = async (id: string, words: string) =>
  (await rig.ticket(id)).articles.filter(({ body }) => body.includes(words));

function connectDesk(): Desk {
  const { baseUrl, webService, timeZone, bridge } = rig.otrs;
  const options = otrs.options.parse({
    base_url: baseUrl,
    web_service: webService,
    login: bridge.login,
    password: bridge.password,
    time_zone: timeZone,
  });
  return otrs.connect(options, { log: pino({ level: 'silent' }), system: 'otrs', now: () => DateTime.now() }).desk;
}

describe('a ticket that goes back and away in a real help desk', () => {
  test(
    'R40, R42: the owner shows in the issue and follows; a return to the coordinator is counted and asked about once',
    async () => {
      const petrova = rig.otrs.people.agent('petrova.2l');
      const { id } = await petrova.open(incident);
      await petrova.setState(id, 'В работе');
      await petrova.setField(id, 'NeedDevelopment', '1');
      await reached('the ticket has an issue', async () => (await fieldsOf(id)).JiraKey !== undefined);
      const key = String((await fieldsOf(id)).JiraKey);
      await reached('the issue shows the owner', () => rig.jira.issue(key).values.customfield_10700 === 'petrova.2l');

      await new Promise((resolve) => setTimeout(resolve, 6_000));
      await petrova.setOwner(id, 'sidorov.3l');
      await reached('the issue follows', () => rig.jira.issue(key).values.customfield_10700 === 'sidorov.3l');
      await reached('the return is counted', async () => (await fieldsOf(id)).Returns === '1');
      await reached('its reason is asked for', async () => (await notesOf(id, 'причина не указана')).length === 1);
      await petrova.setField(id, 'ReturnReason', 'Нужна другая группа');
      await rig.app().sweepNow();
      expect(await notesOf(id, 'причина не указана')).toMatchObject([{ public: false, sender: 'agent' }]);
      expect((await fieldsOf(id)).Returns).toBe('1');
    },
    PATIENCE_MS,
  );

  test(
    'R43, R25: handed back to line 1 with a note it has reacted; leaving it ends its issue, coming back it goes on',
    async () => {
      const petrova = rig.otrs.people.agent('petrova.2l');
      const { id } = await petrova.open({ ...incident, priority: '1 Критичный' });
      await reached('the ticket has an issue', async () => (await fieldsOf(id)).JiraKey !== undefined);
      const key = String((await fieldsOf(id)).JiraKey);
      await reached('the terms are shown', async () => String((await fieldsOf(id)).SlaStatus).startsWith('Реакция'));
      const due = (await fieldsOf(id)).SlaReactionDue;

      await petrova.write(id, { subject: 'Возврат', body: 'Отчёты ведёт группа DWH.', public: false });
      await petrova.move(id, 'NTTM::1ЛТП');
      await reached('that was the reaction', async () => !String((await fieldsOf(id)).SlaStatus).startsWith('Реакция'));
      await petrova.setService(id, foreign);
      await reached('the issue is closed', () => rig.jira.issue(key).status === 'Закрыто');
      expect(rig.jira.issue(key).values.resolution).toBe('Не будет исправлено');
      await reached('the line of the clock names service and reason', async () =>
        /^Срок остановлен .*«DWH: Техническая поддержка».*во внутренней заметке$/.test(
          String((await fieldsOf(id)).SlaStatus),
        ),
      );
      expect(rig.jira.issue(key).comments.some(({ body }) => body.includes('Отчёты ведёт'))).toBe(false);

      await petrova.setService(id, incident.service);
      await reached('the issue is back at work', () => rig.jira.issue(key).status === 'В работе');
      await reached('the clock runs', async () => !String((await fieldsOf(id)).SlaStatus).startsWith('Срок'));
      const ticket = await rig.ticket(id);
      expect(ticket.state).not.toBe('Закрыто');
      expect([ticket.fields.SlaReactionDue, ticket.fields.Returns]).toEqual([due, '1']);
      expect(await notesOf(id, 'причина не указана')).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'R39: an agent is made the owner together with the lock, and one whom the help desk does not know is refused',
    async () => {
      const petrova = rig.otrs.people.agent('petrova.2l');
      const { id, number } = await petrova.open(incident);
      const ref = { system: 'otrs', id, key: number };
      const signal = new AbortController().signal;
      const desk = connectDesk();
      await desk.assign(ref, 'sidorov.3l', signal);
      await desk.assign(ref, 'sidorov.3l', signal);
      for (const login of ['nobody.knows', 'user.volga']) {
        await expect(desk.assign(ref, login, signal)).rejects.toMatchObject({ code: 'REFUSED' });
      }
      await desk.close();

      const { owner, history } = await rig.ticket(id);
      expect(owner).toBe('sidorov.3l');
      expect(history.filter(({ what }) => ['Lock', 'OwnerUpdate'].includes(what)).map(({ what }) => what)).toEqual([
        'Lock',
        'OwnerUpdate',
      ]);
    },
    PATIENCE_MS,
  );
});

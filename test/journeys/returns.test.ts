import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Scene, startScene } from '../../sandbox/demo/scene.ts';
import type { Policy } from '../../src/domain/decide.ts';

const SUPPORT = {
  service: 'NTTM: Техническая поддержка',
  type: 'Инцидент',
  state: 'Назначено',
  priority: '3 Средний',
  title: 'Отчёт не сходится',
  text: 'Шаги: открыть отчёт 554321, нажать «Сверить». Ожидаю: суммы сходятся. Получаю: расходятся.',
} as const;

/** A return settles within a second instead of five minutes. */
function hurried(shipped: Policy): Policy {
  const settles = 1_000;
  const { assignments, clock } = shipped;
  return {
    ...shipped,
    clock: { ...clock, returns: { ...clock.returns, settles } },
    assignments: { ...assignments, returns: { ...assignments.returns, settles } },
  };
}

describe.each(['datacenter', 'cloud'] as const)('a ticket that goes back and away, with JIRA %s', (dialect) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene('embedded', {}, { jira: dialect, rules: hurried });
  });
  afterAll(() => scene?.stop());

  const reached = async (what: string, isSo: () => boolean) => {
    for (let waited = 0; !isSo(); waited += 50) {
      if (waited > 30_000) {
        throw new Error(`not reached: ${what}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  test('R40, R42, R43: the owner is shown, a return is counted and asked about, the issue ends with the leaving and comes back', async () => {
    const { otrs, jira } = scene;
    const { id } = otrs.createTicket(SUPPORT);
    otrs.setOwner(id, 'petrova.2l');
    otrs.setState(id, 'В работе');
    otrs.moveToQueue(id, 'NTTM::3ЛТП');
    const { fields } = otrs.ticket(id);
    const notes = (words: string) => otrs.ticket(id).articles.filter(({ body }) => body.includes(words));
    await reached('the ticket has an issue', () => (fields.JiraKey ?? '') !== '');
    const key = String(fields.JiraKey);
    const values = () => jira.issue(key).values;
    await reached('the issue shows the owner', () => values().customfield_10700 === 'petrova.2l');
    otrs.setOwner(id, 'sidorov.3l');
    await reached('the issue follows the owner', () => values().customfield_10700 === 'sidorov.3l');
    jira.transition(key, 'В работе');
    await reached('the ticket is in work', () => otrs.ticket(id).state === 'В работе');

    otrs.moveToQueue(id, 'NTTM::1ЛТП');
    await reached('the return is counted', () => fields.Returns === '1');
    await reached('its reason is asked for', () => notes('причина не указана').length === 1);
    expect(notes('причина не указана')).toMatchObject([{ isVisibleForCustomer: false }]);
    otrs.addArticle(id, { text: 'Отчёты ведёт группа DWH, пользователю не говорить.', visibility: 'internal' });

    otrs.setService(id, 'DWH: Техническая поддержка');
    await reached('the issue is closed as misrouted', () => jira.issue(key).status === 'Закрыто');
    expect(values().resolution).toBe('Не будет исправлено');
    await reached('the line of the clock says why', () => String(fields.SlaStatus).includes('во внутренней заметке'));
    await reached('the ticket shows the status', () => fields.JiraStatus === 'Закрыто');
    const told = () => jira.issue(key).comments.map(({ body }) => JSON.stringify(body));
    expect(told().filter((body) => body.includes('ошибочно переданная'))).toHaveLength(1);
    expect(told().filter((body) => body.includes('пользователю не говорить'))).toEqual([]);

    otrs.setService(id, SUPPORT.service);
    await reached('the issue is back at work', () => jira.issue(key).status === 'В работе');
    await reached('the clock runs again', () => !String(fields.SlaStatus).startsWith('Срок остановлен'));
    await otrs.settled();
    await scene.app.sweepNow();
    expect(otrs.ticket(id).state).not.toBe('Закрыто');
    expect(fields.Returns).toBe('1');
    expect(notes('причина не указана')).toHaveLength(1);
    expect(jira.issues()).toHaveLength(1);
  }, 120_000);

  test('an agent who closes a ticket under way tells its issue the solution', async () => {
    const { otrs, jira } = scene;
    const { id } = otrs.createTicket({ ...SUPPORT, ticketQueue: 'NTTM::3ЛТП', state: 'В работе' });
    const { fields } = otrs.ticket(id);
    await reached('the ticket has an issue', () => (fields.JiraKey ?? '') !== '');
    const key = String(fields.JiraKey);
    await reached('line 3 has it', () => otrs.ticket(id).state === 'Передано на 3ЛТП');
    otrs.setField(id, 'ClosureCode', 'consultation');
    otrs.setField(id, 'Solution', 'Показано, где выбрать период.');
    otrs.setField(id, 'ConfigItem', 'ui');
    otrs.setState(id, 'Закрыто');
    const told = () =>
      jira.issue(key).comments.filter(({ body }) => JSON.stringify(body).includes('Показано, где выбрать период.'));
    await reached('the issue is told', () => told().length === 1);
    await otrs.settled();
    await scene.app.sweepNow();

    expect(told()).toHaveLength(1);
    expect(jira.issue(key).status).toBe('Открыто');
  }, 60_000);
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Scene, startScene } from '../../sandbox/demo/scene.ts';
import { contentOf } from '../../sandbox/jira/file-content.ts';

const SUPPORT = {
  service: 'NTTM: Техническая поддержка',
  type: 'Инцидент',
  state: 'В работе',
  priority: '3 Средний',
  text: 'Шаги: открыть инцидент 554321, нажать «Отправить». Ожидаю: заявка создана. Получаю: ошибка 500.',
} as const;

async function reached(found: () => boolean): Promise<void> {
  for (let waited = 0; !found() && waited < 30_000; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(found()).toBe(true);
}

describe.each(['datacenter', 'cloud'] as const)('files and edits on the way, with JIRA %s', (dialect) => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await startScene('embedded', {}, { jira: dialect });
  });

  afterAll(() => scene?.stop());

  test('permitted files go both ways, a refused one is named, and an edit is told', async () => {
    const { otrs, jira } = scene;
    const file = (name: string, text: string) => ({
      name,
      contentType: 'text/plain',
      content: contentOf(Buffer.from(text)),
    });
    const { id } = otrs.createTicket({
      ...SUPPORT,
      ticketQueue: 'NTTM::3ЛТП',
      title: 'Файлы',
      attachments: [file('журнал обмена.txt', 'Ошибка 500'), file('вирус.exe', 'MZ')],
    });
    await reached(() => jira.issues()[0]?.attachments[0] !== undefined);
    const [issue] = jira.issues();
    if (issue === undefined) {
      throw new Error('there is no issue');
    }
    const { id: comment } = jira.comment(issue.key, 'Какая версия клиента?');
    jira.attach(issue.key, { name: 'ответ.txt', bytes: 'Поставьте 4.2' });
    const articles = () => otrs.ticket(id).articles;
    const says = (text: string) => articles().some(({ body }) => body.includes(text));
    await reached(() => says('Какая версия клиента?'));
    jira.editComment(issue.key, comment, 'Какая версия сервера?');
    await reached(() => says('Какая версия сервера?'));
    await reached(() => articles().some(({ attachments }) => attachments.some(({ name }) => name === 'ответ.txt')));

    expect(issue.attachments.map(({ name }) => name).toSorted()).toEqual(['журнал обмена.txt', 'ответ.txt']);
    expect(articles().filter(({ body }) => body.includes('«вирус.exe» не перенесён'))).toMatchObject([
      { isVisibleForCustomer: false },
    ]);
    expect(articles().filter(({ body }) => body.includes('изменён'))).toHaveLength(1);
    expect(articles().flatMap(({ attachments }) => attachments.map(({ name }) => name))).toEqual([
      'журнал обмена.txt',
      'вирус.exe',
      'ответ.txt',
    ]);
  }, 60_000);
});

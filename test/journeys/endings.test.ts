import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Scene, startScene } from '../../sandbox/demo/scene.ts';

const SUPPORT = {
  service: 'NTTM: Техническая поддержка',
  type: 'Инцидент',
  state: 'В работе',
  priority: '3 Средний',
} as const;

let scene: Scene;

beforeAll(async () => {
  scene = await startScene('embedded');
}, 60_000);

afterAll(() => scene?.stop());

async function reached(found: () => boolean): Promise<void> {
  for (let waited = 0; !found() && waited < 30_000; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(found()).toBe(true);
}

const open = (title: string, line: '2ЛТП' | '3ЛТП') =>
  scene.otrs.createTicket({
    ...SUPPORT,
    title,
    ticketQueue: `NTTM::${line}`,
    text: `${title}. Шаги: открыть заявку 554321, нажать «Отправить». Ожидаю: заявка создана.`,
  });
const keyOf = (id: string) => String(scene.otrs.ticket(id).fields.JiraKey ?? '');
const readsOfTickets = () => scene.otrs.calls.filter((call) => call === 'TicketGet').length;
const says = (key: string, words: string) =>
  scene.jira.issue(key).comments.filter(({ body }) => body.includes(words)).length;

describe('the ends of tickets, on the sandbox', () => {
  test('a merged ticket gives its issue to the main one, and what was said is in it once', async () => {
    const [merged, main] = [open('Слитое', '3ЛТП'), open('Главное', '2ЛТП')];
    await reached(() => keyOf(merged.id) !== '');
    const key = keyOf(merged.id);
    scene.otrs.addArticle(merged.id, { text: 'Сказано раньше', visibility: 'public' });
    await reached(() => says(key, 'Сказано раньше') === 1);

    scene.otrs.merge(merged.id, main.id);
    await reached(() => keyOf(main.id) === key && says(key, 'Главное. Шаги') === 1);
    scene.otrs.addArticle(main.id, { text: 'Сказано позже', visibility: 'public' });
    await reached(() => says(key, 'Сказано позже') === 1);

    expect(says(key, 'Сказано раньше')).toBe(1);
    expect(says(key, 'объединено в OTRS')).toBe(1);
    expect(scene.otrs.ticket(merged.id).articles.map(({ subject }) => subject)).toEqual(['Ticket Merged']);
  }, 90_000);

  test('a ticket that was split off loses the copied key, and its copied mark is not believed', async () => {
    const source = open('Исходное', '3ЛТП');
    await reached(() => keyOf(source.id) !== '');
    const key = keyOf(source.id);
    scene.otrs.moveToQueue(source.id, 'NTTM::2ЛТП');
    scene.jira.comment(key, 'Слова 3ЛТП');
    const copyOf = () => scene.otrs.ticket(source.id).articles.find(({ body }) => body.includes('Слова 3ЛТП'));
    await reached(() => copyOf() !== undefined);
    const split = scene.otrs.split(source.id, String(copyOf()?.id), ['JiraKey', 'JiraUrl', 'BridgeExternalId']);
    await reached(() => keyOf(split.id) === '');
    scene.otrs.moveToQueue(split.id, 'NTTM::3ЛТП');
    await reached(() => keyOf(split.id) !== '');

    expect(keyOf(split.id)).not.toBe(key);
    expect(scene.jira.issue(keyOf(split.id)).values.description).toContain('Слова 3ЛТП');
    expect(keyOf(source.id)).toBe(key);
  }, 90_000);

  test('an archived ticket gets nothing until people bring it back', async () => {
    const { id } = open('В архив', '3ЛТП');
    await reached(() => keyOf(id) !== '');
    const key = keyOf(id);
    scene.otrs.archive(id);
    await reached(() => says(key, 'убрано в архив') === 1);
    const before = scene.otrs.ticket(id).articles.length;
    // The second look begins when the first one is over, with all that it had to write.
    for (const words of ['Сказано в архив', 'И ещё раз']) {
      const reads = readsOfTickets();
      scene.jira.comment(key, words);
      await reached(() => readsOfTickets() > reads);
    }
    expect(scene.otrs.ticket(id).articles).toHaveLength(before);

    scene.otrs.archive(id, false);
    await reached(() => scene.otrs.ticket(id).articles.some(({ body }) => body.includes('Сказано в архив')));
  }, 90_000);
});

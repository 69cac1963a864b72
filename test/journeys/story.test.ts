import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Scene, startScene } from '../../sandbox/demo/scene.ts';
import { tellStory } from '../../src/domain/story.ts';

const TEXT = 'Шаги: открыть инцидент 554321, нажать «Отправить». Ожидаю: заявка создана. Получаю: ошибка 500.';

let scene: Scene;

beforeAll(async () => {
  scene = await startScene('embedded');
});

afterAll(() => scene?.stop());

const opened = async () => {
  const { otrs, jira, app } = scene;
  const { id } = otrs.createTicket({
    service: 'NTTM: Техническая поддержка',
    type: 'Инцидент',
    state: 'В работе',
    priority: '3 Средний',
    ticketQueue: 'NTTM::3ЛТП',
    title: 'Не отправляется заявка',
    text: TEXT,
  });
  const ticket = { system: 'otrs', id: String(id) };
  for (let waited = 0; waited < 30_000; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const attempts = await app.store.attempts(ticket, { limit: 100 });
    if (jira.issues().length > 0 && attempts.some(({ system }) => system === 'otrs')) {
      return { ticket, attempts };
    }
  }
  throw new Error('the ticket did not come to an issue');
};

test('what was said to both systems is on record by action, without a word of the ticket and without a secret', async () => {
  const { ticket, attempts } = await opened();
  const [opening] = await scene.app.store.attempts(ticket, { key: 'open:issue', limit: 1 });
  const text = JSON.stringify(attempts);

  expect(opening).toMatchObject({ system: 'jira', outcome: 'done' });
  expect(opening?.exchanges).toMatchObject([
    {
      method: 'POST',
      path: '/issue',
      status: 201,
      request: { fields: { project: { key: 'OSSTTMB2B' }, description: expect.stringMatching(/^\[text, \d+ char/) } },
      answer: { key: expect.stringMatching(/^OSSTTMB2B-\d+$/) },
    },
  ]);
  const written = attempts.filter(({ system }) => system === 'otrs').flatMap(({ exchanges }) => exchanges);
  expect(written).toMatchObject([{ status: 200, request: { TicketID: ticket.id }, answer: { TicketID: ticket.id } }]);
  for (const secret of ['Шаги', 'Не отправляется', 'sandbox-token', 'SessionID":"[^[]']) {
    expect(text).not.toMatch(new RegExp(secret));
  }
}, 60_000);

test('the story of a ticket goes from its arrival to the effects in both systems, with rule and clause', async () => {
  const { ticket } = await opened();
  const named = await scene.app.store.ticketNamed(ticket.id);
  const matter = await scene.app.store.storyMatter(named ?? ticket, { limit: 100 });
  const story = tellStory(matter, { show: String }).map(({ kind, what, more }) => `${kind} ${what} ${more.join(' ')}`);
  const at = (pattern: RegExp) => story.findIndex((line) => pattern.test(line));
  const chain = [
    /^arrived #1 by webhook: otrs \S+ changed id otrs:/,
    /^called jira POST \/issue: 201 in \d+ ms/,
    /^did open issue for \d+: OSSTTMB2B-\d+ handed-over-by-ticket-queue \(R50\)/,
    /^called otrs PATCH .*: 200/,
    /^did move \d+/,
  ].map(at);

  expect(story.join('\n')).not.toContain('Шаги');
  expect(chain).toEqual([...chain].sort((one, other) => one - other));
  expect(chain).not.toContain(-1);
}, 60_000);

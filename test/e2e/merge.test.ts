import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Policy } from '../../src/domain/decide.ts';
import type { OpenedTicket, TicketDraft } from './otrs/agent.ts';
import { type Rig, reached, startRig } from './rig.ts';

let rig: Rig;
const PATIENCE_MS = 240_000;

/** A ticket is gone here after seconds, not after a day. */
const hurried = (policy: Policy): Policy => ({
  ...policy,
  endings: { ...policy.endings, gone: { ...policy.endings.gone, after: 3_000 } },
});

beforeAll(async () => {
  rig = await startRig(hurried);
  await rig.startBridge();
}, 900_000);

afterAll(() => rig?.stop(), 60_000);

const incident = (title: string, line: '2ЛТП' | '3ЛТП'): TicketDraft => ({
  queue: `NTTM::${line}`,
  customer: 'user.volga',
  title,
  body: `${title}. Шаги: открыть заявку 554321, нажать «Отправить». Ожидаю: заявка создана. Получаю: ошибка 500.`,
  type: 'Инцидент',
  service: 'NTTM: Техническая поддержка',
  priority: '3 Средний',
});

const petrova = () => rig.otrs.people.agent('petrova.2l');
const issueOf = async (id: string): Promise<string> => {
  await reached(`ticket ${id} has its issue`, async () => (await rig.ticket(id)).fields.JiraKey !== undefined);
  return String((await rig.ticket(id)).fields.JiraKey);
};
const says = (key: string, words: string) => rig.jira.issue(key).comments.filter(({ body }) => body.includes(words));
const articlesWith = async (id: string, words: string) =>
  (await rig.ticket(id)).articles.filter(({ body }) => body.includes(words));
const told = (key: string, words: string) => reached(`${key} is told «${words}»`, () => says(key, words).length > 0);
const heard = (id: string, words: string) =>
  reached(`ticket ${id} is told «${words}»`, async () => (await articlesWith(id, words)).length > 0);
const write = (id: string, body: string) => petrova().write(id, { subject: 'Ответ', body, public: true });
const lookAt = async (id: string, event = 'TicketStateUpdate') => {
  const answer = await fetch(`${rig.address}/webhooks/otrs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-bridge-secret': rig.secret },
    body: JSON.stringify({ event, ticketId: id }),
  });
  expect(answer.status).toBe(202);
};
/** Long enough for a look that a webhook has called for. */
const settle = async () => {
  await reached('no webhook waits', async () => {
    const { now, later } = await rig.otrs.people.webhooksWaiting();
    return now + later === 0;
  });
  await reached('nothing is due', async () => {
    const due = await rig.app().store.nextDue();
    return due === undefined || due.toMillis() > Date.now() + 1_000;
  });
};
const linkedWith = async (key: string) => {
  const answer = await fetch(`${rig.jira.url}/rest/api/2/issue/${key}?fields=issuelinks`, {
    headers: { authorization: 'Bearer sandbox-token' },
  });
  const issue = (await answer.json()) as {
    readonly fields: { readonly issuelinks: readonly Record<string, { readonly key?: string } | undefined>[] };
  };
  return issue.fields.issuelinks.map(({ inwardIssue, outwardIssue }) => (outwardIssue ?? inwardIssue)?.key);
};
const rulesAbout = async (id: string) =>
  (await rig.app().explain({ system: 'otrs', id })).notes.map(({ rule }) => rule);

describe('a ticket that is merged in a real help desk', () => {
  test(
    'takes its issue along to a main ticket that has none, and nothing is carried twice',
    async () => {
      const merged = await petrova().open(incident('Слитое обращение', '3ЛТП'));
      const main = await petrova().open(incident('Главное обращение', '2ЛТП'));
      const key = await issueOf(merged.id);
      await write(merged.id, 'Сказано до объединения');
      await told(key, 'Сказано до объединения');
      rig.jira.comment(key, 'Ответ 3ЛТП до объединения');
      await heard(merged.id, 'Ответ 3ЛТП до объединения');

      await petrova().merge(merged.id, main.id);
      expect(await issueOf(main.id)).toBe(key);
      await told(key, `Обращение ${merged.number} объединено в OTRS с обращением ${main.number}`);
      await told(key, 'Главное обращение. Шаги');
      await write(main.id, 'Сказано после объединения');
      await told(key, 'Сказано после объединения');
      rig.jira.comment(key, 'Ответ 3ЛТП после объединения');
      await heard(main.id, 'Ответ 3ЛТП после объединения');
      await settle();

      for (const words of ['Сказано до объединения', 'Главное обращение. Шаги', 'Сказано после объединения']) {
        expect(says(key, words)).toHaveLength(1);
      }
      expect(says(key, 'Слитое обращение. Шаги')).toEqual([]);
      expect(says(key, 'Объединена заявка')).toEqual([]);
      for (const words of ['Ответ 3ЛТП до объединения', 'Ответ 3ЛТП после объединения']) {
        expect(await articlesWith(main.id, words)).toHaveLength(1);
      }
      const { articles, history } = await rig.ticket(merged.id);
      expect(articles.map(({ subject }) => subject)).toEqual(['Ticket Merged']);
      // The history, for OTRS can show a field as empty that it has just written.
      const shown = history.findLast(({ name }) => name.startsWith('%%FieldName%%SlaStatus%%'));
      expect(shown?.name).toContain('Срок остановлен');
      expect(shown?.name).toContain(`объединено с ${main.number}%%`);
      expect(await rulesAbout(merged.id)).toContain('merged-ticket-rests');
      expect(rig.jira.issue(key).remoteLinks.map(({ content }) => content)).toMatchObject([
        { object: { title: expect.stringContaining(merged.number), status: { resolved: true } } },
        { object: { title: expect.stringContaining(main.number), status: { resolved: false } } },
      ]);
    },
    PATIENCE_MS,
  );

  test(
    'leaves its issue to line 3 where the main ticket has one, told once and linked',
    async () => {
      const merged = await petrova().open(incident('Дубль с задачей', '3ЛТП'));
      const main = await petrova().open(incident('Главное с задачей', '3ЛТП'));
      const [own, other] = [await issueOf(merged.id), await issueOf(main.id)];
      await write(merged.id, 'Уже сказано первой задаче');
      await told(own, 'Уже сказано первой задаче');

      await petrova().merge(merged.id, main.id);
      await told(own, `работа идёт в задаче ${other}`);
      await write(main.id, 'Сказано главному');
      await told(other, 'Сказано главному');
      await settle();

      expect(says(own, 'работа идёт')).toHaveLength(1);
      expect(await linkedWith(own)).toEqual([other]);
      expect(says(other, 'Уже сказано первой задаче')).toEqual([]);
      expect(says(other, 'Дубль с задачей. Шаги')).toEqual([]);
      expect(says(own, 'Сказано главному')).toEqual([]);
      expect(await issueOf(main.id)).toBe(other);
    },
    PATIENCE_MS,
  );

  test(
    'has its words told to the issue of the main ticket where it had none of its own',
    async () => {
      const merged = await petrova().open(incident('Ещё одно письмо', '2ЛТП'));
      const main = await petrova().open(incident('Главное для письма', '3ЛТП'));
      const key = await issueOf(main.id);

      await petrova().merge(merged.id, main.id);
      await told(key, 'Ещё одно письмо. Шаги');
      await settle();

      expect(says(key, 'Ещё одно письмо. Шаги')).toHaveLength(1);
      expect(says(key, 'Главное для письма. Шаги')).toEqual([]);
    },
    PATIENCE_MS,
  );
});

describe('a ticket that is split off in a real help desk', () => {
  test(
    'is a ticket of its own, whatever its page copies',
    async () => {
      const source = await petrova().open(incident('Исходное обращение', '3ЛТП'));
      const key = await issueOf(source.id);
      rig.jira.comment(key, 'Слова 3ЛТП, из которых сделают обращение');
      await heard(source.id, 'Слова 3ЛТП');
      const [copy] = await articlesWith(source.id, 'Слова 3ЛТП');
      await petrova().move(source.id, 'NTTM::2ЛТП');
      const copied = ['JiraKey', 'JiraStatus', 'JiraUrl', 'SlaStatus', 'BridgeExternalId'];

      const split = await petrova().split(source.id, copy?.id ?? '', copied);
      await reached(
        'the copied key is taken away',
        async () => (await rig.ticket(split.id)).fields.JiraKey === undefined,
      );
      expect((await rig.ticket(split.id)).fields).not.toHaveProperty('JiraUrl');
      expect((await rig.ticket(source.id)).fields.JiraKey).toBe(key);

      await petrova().move(split.id, 'NTTM::3ЛТП');
      const own = await issueOf(split.id);
      expect(own).not.toBe(key);
      expect(rig.jira.issue(own).values.description).toContain('Слова 3ЛТП, из которых сделают обращение');
      expect(says(key, 'Слова 3ЛТП')).toHaveLength(1);
    },
    PATIENCE_MS,
  );
});

describe('a ticket that is deleted or hidden in a real help desk', () => {
  const end = async ({ id, number }: OpenedTicket, key: string) => {
    await reached('the ticket is known to be unreadable', async () => {
      const { agreed } = await rig.app().store.link({ system: 'otrs', id });
      return agreed.unreadableSince !== undefined;
    });
    expect(says(key, 'больше не видно')).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    await lookAt(id);
    await told(key, `Обращения ${number} в OTRS больше не видно: его удалили или закрыли к нему доступ мосту`);
    // The issue is told first: whoever reads of it a moment later may still find the letter.
    const open = { ticket: { system: 'otrs', id }, state: 'open', limit: 10 } as const;
    await reached('no letter is left', async () => (await rig.app().store.deadLetters(open)).length === 0);
  };

  test(
    'is told of in its issue after it stayed so, once, and leaves no letter',
    async () => {
      const ticket = await petrova().open(incident('Будет удалено', '3ЛТП'));
      const key = await issueOf(ticket.id);
      await settle();

      await petrova().delete(ticket.id);
      await end(ticket, key);
      await lookAt(ticket.id, 'TicketDelete');
      await settle();
      expect(says(key, 'больше не видно')).toHaveLength(1);
    },
    PATIENCE_MS,
  );

  test(
    'goes on when the bridge may read it again',
    async () => {
      const ticket = await petrova().open(incident('Будет скрыто', '3ЛТП'));
      const key = await issueOf(ticket.id);
      await settle();

      await petrova().move(ticket.id, 'Прочее');
      await end(ticket, key);
      await petrova().move(ticket.id, 'NTTM::3ЛТП');
      await write(ticket.id, 'Снова видно');
      await told(key, 'Снова видно');
    },
    PATIENCE_MS,
  );
});

describe('a ticket in the archive of a real help desk', () => {
  test(
    'gets nothing, not even a new state that would bring it back, and all of it when people bring it back',
    async () => {
      const { id, number } = await petrova().open(incident('Уйдёт в архив', '3ЛТП'));
      const key = await issueOf(id);
      await settle();
      const movesOf = async () => (await rig.ticket(id)).history.filter(({ what }) => what === 'StateUpdate').length;
      const before = (await rig.ticket(id)).articles.length;
      const moves = await movesOf();

      await petrova().archive(id, 'y');
      await told(key, `Обращение ${number} убрано в архив`);
      rig.jira.transition(key, 'В работе');
      rig.jira.comment(key, 'Сказано, пока обращение в архиве');
      await settle();
      await lookAt(id);
      await settle();
      expect((await rig.ticket(id)).articles).toHaveLength(before);
      expect(await movesOf()).toBe(moves);

      await petrova().archive(id, 'n');
      await heard(id, 'Сказано, пока обращение в архиве');
      await reached('the ticket follows its issue', async () => (await rig.ticket(id)).state === 'В работе');
    },
    PATIENCE_MS,
  );
});

import type { Ref } from '../src/domain/ticket.ts';
import type { Calls, CountedBridge } from './counted-bridge.ts';

/** What one kind of event costs, and the most that it may cost. */
export interface Counted {
  readonly event: string;
  readonly calls: Calls;
  readonly goal: { readonly jira: number; readonly otrs: number };
}

const SUPPORT = { service: 'NTTM: Техническая поддержка', type: 'Инцидент', priority: '3 Средний' } as const;

/** One ticket after the other through its life; the first is not counted, since the connectors fill their caches by it. */
export async function countCalls(bridge: CountedBridge): Promise<{
  readonly counted: readonly Counted[];
  /** Looks that webhooks of the bridge's own changes would cause. */
  readonly echoes: number;
}> {
  await liveThrough(bridge);
  await bridge.hints();
  return liveThrough(bridge);
}

async function liveThrough(bridge: CountedBridge) {
  const { jira, otrs } = bridge;
  const counted: Counted[] = [];
  let echoes = 0;
  const count = async (event: string, ticket: Ref, goal: Counted['goal']) => {
    await bridge.hints();
    counted.push({ event, calls: await bridge.look(ticket), goal });
    echoes += (await bridge.hints()).length;
  };

  const ticket = handOver(bridge);
  await count('new ticket, handed over to line 3', ticket, { jira: 2, otrs: 3 });
  const issue = jira.issues().at(-1)?.key ?? '';
  otrs.addArticle(ticket.id, { text: 'Ошибка повторилась', by: 'user.volga' });
  await count('public article -> comment', ticket, { jira: 3, otrs: 2 });
  jira.comment(issue, 'Проверьте ещё раз');
  await count('public comment -> article', ticket, { jira: 2, otrs: 3 });
  await count('nothing to do', ticket, { jira: 2, otrs: 2 });
  jira.transition(issue, 'В работе');
  await count('status of the issue -> state', ticket, { jira: 2, otrs: 3 });
  jira.setFields(issue, { customfield_10200: 'Исправлено в сборке 4.2', components: [{ name: 'Интеграция' }] });
  jira.transition(issue, 'Решено', { resolution: 'Исправлено' });
  await count('resolution -> closing block and closing', ticket, { jira: 3, otrs: 4 });
  return { counted, echoes };
}

function handOver({ otrs }: CountedBridge): Ref {
  const { id, number } = otrs.createTicket({
    ...SUPPORT,
    title: 'Не создаётся заявка в ЕИП — ошибка 500',
    text: 'Шаги: открыть инцидент 554321, нажать «Отправить в ЕИП». Ожидаю: заявка создана. Получаю: ошибка 500.',
    ticketQueue: 'NTTM::3ЛТП',
    state: 'В работе',
  });
  return { system: 'otrs', id, key: number };
}

// Calls per kind of event, since the systems at both ends are the bottleneck: `npm run bench` runs it after the others.
import { join } from 'node:path';
import type { Ref } from '../src/domain/ticket.ts';
import { type Calls, type CountedBridge, startCountedBridge } from './counted-bridge.ts';

const SUPPORT = { service: 'NTTM: Техническая поддержка', type: 'Инцидент', priority: '3 Средний' } as const;

/** The most calls that an event of the kind may cost. */
interface Goal {
  readonly jira: number;
  readonly otrs: number;
}

const bridge = await startCountedBridge(join(import.meta.dirname, '..', 'mappings'));
try {
  console.log('calls per event, caches warm, both sandboxes');
  await bridge.look(handOver(bridge));
  const ticket = handOver(bridge);
  show('new ticket, handed over to line 3', await bridge.look(ticket), { jira: 2, otrs: 3 });
  const issue = bridge.jira.issues().at(-1)?.key ?? '';

  bridge.otrs.addArticle(ticket.id, { text: 'Ошибка повторилась', by: 'user.volga' });
  show('public article -> comment', await bridge.look(ticket), { jira: 3, otrs: 2 });
  bridge.jira.comment(issue, 'Проверьте ещё раз');
  show('public comment -> article', await bridge.look(ticket), { jira: 2, otrs: 3 });
  show('nothing to do', await bridge.look(ticket), { jira: 2, otrs: 2 });

  bridge.jira.transition(issue, 'В работе');
  show('status of the issue -> state', await bridge.look(ticket), { jira: 2, otrs: 3 });
  await bridge.hints();
  bridge.jira.setFields(issue, { customfield_10200: 'Исправлено в сборке 4.2', components: [{ name: 'Интеграция' }] });
  bridge.jira.transition(issue, 'Решено', { resolution: 'Исправлено' });
  await bridge.hints();
  show('resolution -> closing block, letter, closing', await bridge.look(ticket), { jira: 3, otrs: 4 });
  console.log(`  webhooks of our own changes that lead to a look: ${(await bridge.hints()).length}   goal 0`);
} finally {
  await bridge.stop();
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

function show(event: string, { jira, otrs }: Calls, goal: Goal): void {
  const verdict = jira.length <= goal.jira && otrs.length <= goal.otrs ? '' : '   OVER THE GOAL';
  console.log(
    `  ${event.padEnd(46)} JIRA ${jira.length} (goal ${goal.jira}), OTRS ${otrs.length} (goal ${goal.otrs})${verdict}`,
  );
  console.log(`      ${[...jira, ...otrs].join(', ')}`);
}

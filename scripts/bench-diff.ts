// Replay of stored tickets under two sets of rules, from a generated store: `npm run bench` runs it after the others.
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import type { Facts } from '../src/domain/facts.ts';
import { blankLink } from '../src/domain/link.ts';
import type { Comment, HistoryEntry } from '../src/domain/ticket.ts';
import { loadPolicy } from '../src/policy/load.ts';
import { createComparer } from '../src/replay/compare.ts';
import { parseSeenFacts, writeFacts } from '../src/replay/facts-file.ts';
import { openSqliteStore } from '../src/store/sqlite.ts';

const TICKETS = 10_000;
const GOAL_SECONDS = 30;
const PAGE = 200;

const mappings = join(import.meta.dirname, '..', 'mappings');
const folder = await mkdtemp(join(tmpdir(), 'bridge-bench-'));
const file = join(folder, 'bridge.sqlite');
const start = DateTime.fromISO('2026-11-23T10:00:00+03:00', { setZone: true });
const store = openSqliteStore({ file, ticketSystem: 'otrs', log: pino({ level: 'silent' }) });

try {
  await store.migrate();
  const kept = await timed(fill);
  const before = await loadPolicy(mappings);
  const after = await changedRules();
  const comparer = createComparer(before, after, 5);
  const cpuBefore = process.cpuUsage();
  const compared = await timed(async () => {
    let last = '';
    for (;;) {
      const page = await store.snapshots({ after: last, limit: PAGE });
      for (const { ticket, facts, at } of page) {
        comparer.add(parseSeenFacts(JSON.parse(facts), ticket.id).facts, at);
      }
      const end = page.at(-1);
      if (end === undefined) {
        return;
      }
      last = end.ticket.id;
    }
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  const woken = await timed(() => store.wakeStale(after.version, start));
  const { changed, groups } = comparer.result();
  const { size } = await stat(file);
  console.log(`rules compared over ${TICKETS.toLocaleString('en')} stored tickets, one core`);
  console.log(
    `  kept at the end of looks ${perTicket(kept)} ms a ticket, ${(size / TICKETS / 1024).toFixed(1)} kB each on disk`,
  );
  console.log(
    `  compared in ${(compared / 1000).toFixed(1)} s   ${((GOAL_SECONDS * 1000) / compared).toFixed(1)} x the goal of ${GOAL_SECONDS} s, ${perTicket(compared)} ms a ticket`,
  );
  console.log(`  of it ${((user + system) / 1e6).toFixed(1)} s on the processor; the rest waited for other programs`);
  console.log(`  ${changed} changed in ${groups.length} kinds; all made due again in ${woken.toFixed(0)} ms`);
  console.log(`  memory ${(process.memoryUsage().rss / 1024 / 1024).toFixed(0)} MB`);
} finally {
  await store.close();
  await rm(folder, { recursive: true, force: true });
}

async function fill(): Promise<void> {
  for (let number = 0; number < TICKETS; number += 1) {
    const ticket = { system: 'otrs', id: String(number), key: `T${number}` };
    await store.accept([{ id: `e${number}`, ref: ticket, kind: 'changed', channel: 'sweep', at: start }], start);
    const [claim] = await store.claim('bench', 1, 60_000, start);
    if (claim === undefined) {
      throw new Error('nothing to claim');
    }
    const facts = writeFacts(factsOf(number));
    await store.keepSnapshot(claim, { at: start, isDone: false, rules: 'old', facts });
    await store.release(claim, { outcome: 'settled' }, start);
  }
}

/** One threshold and one condition are other ones. */
async function changedRules() {
  const next = join(folder, 'mappings');
  await cp(mappings, next, { recursive: true });
  for (const [name, from, to] of [
    ['priority.yaml', 'hang_minutes: 10', 'hang_minutes: 20'],
    ['escalation.yaml', 'is: ["NTTM::3ЛТП"]', 'is: ["NTTM::4ЛТП"]'],
  ] as const) {
    const text = await readFile(join(next, name), 'utf8');
    await writeFile(join(next, name), text.replace(from, to));
  }
  return loadPolicy(next);
}

function factsOf(number: number): Facts {
  const texts = [
    'Система зависла и не отвечает уже 15 минут. Перезагрузка не помогает, работать нельзя.',
    'Не создаются заявки у всех сотрудников отдела, обходного пути нет. Ошибка повторяется с утра.',
    'Подскажите, пожалуйста, где посмотреть отчёт за прошлый месяц. Раньше он был в разделе «Отчёты».',
  ];
  const text = `${texts[number % texts.length]} ${'Подробности во вложении. '.repeat(20)}`;
  const comments: Comment[] = Array.from({ length: 6 }, (_, index) => ({
    id: String(100 + index),
    author: 'Анна Кузнецова',
    at: start.plus({ minutes: index }),
    text: `Сообщение ${index}: ${text.slice(0, 300)}`,
    visibility: 'public',
    by: index % 2 === 0 ? 'requester' : 'agent',
  }));
  const history: HistoryEntry[] = Array.from({ length: 20 }, (_, index) => ({
    at: start.plus({ minutes: index }),
    by: '3',
    what: 'StateUpdate',
    detail: '%%Назначено%%В работе%%',
    changes: [{ property: 'state', from: 'Назначено', to: 'В работе' }],
  }));
  const ref = { system: 'otrs', id: String(number), key: `T${number}` };
  return {
    link: blankLink(ref),
    ticket: {
      ref,
      url: `http://otrs.example.test/otrs/index.pl?Action=AgentTicketZoom;TicketID=${number}`,
      title: 'NTTM: сбой',
      text,
      textCommentId: '100',
      state: 'В работе',
      phase: 'open',
      priority: '3 Средний',
      type: 'Инцидент',
      service: 'NTTM: Техническая поддержка',
      ticketQueue: number % 4 === 0 ? 'NTTM::3ЛТП' : 'NTTM::2ЛТП',
      fields: {},
      comments,
      attachments: [],
      history,
      createdAt: start,
      changedAt: start,
    },
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function perTicket(ms: number): string {
  return (ms / TICKETS).toFixed(2);
}

// How long people wait for an answer about dead letters when there are 100,000 of them: `node scripts/bench-letters.ts [file]`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { fingerprintOf } from '../src/store/fingerprint.ts';
import { wordsOfLetter } from '../src/store/letter-rows.ts';
import { openSqliteStore } from '../src/store/sqlite.ts';
import type { LetterFilter } from '../src/store/store.ts';

const LETTERS = 100_000;
const FAULTS = 200;
const REPEATS = 5;
const MINUTE = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'bridge-bench-letters-'));
const file = join(folder, 'bridge.sqlite');
const log = pino({ level: 'silent' });
const begin = Date.UTC(2026, 0, 1);

/** Faults of several kinds on many tickets, with details as large as an answer of JIRA. */
function fill(): void {
  const database = new DatabaseSync(file);
  const insert = database.prepare(`insert into dead_letter (
    id, ticket, ticket_key, action_key, action, code, message, details, at, state, system, fingerprint, first_at, words
  ) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  database.exec('begin');
  for (let index = 0; index < LETTERS; index += 1) {
    const fault = (index * 7919) % FAULTS;
    const code = fault % 3 === 0 ? 'NOT_PERMITTED' : fault % 3 === 1 ? 'REFUSED' : 'ATTEMPTS_EXHAUSTED';
    const id = crypto.randomUUID();
    const ticket_key = `20260101${String(index).padStart(8, '0')}`;
    const ref = { system: fault % 2 === 0 ? 'jira' : 'otrs', id: String(index) };
    const comment = { text: 'Повторяется ли ошибка? '.repeat(20), subject: 'Вопрос', visibility: 'public' as const };
    const action = { do: 'comment' as const, key: `comment:jira:${index}`, ref, comment };
    const message = `JIRA refused field f${'x'.repeat(fault)} of OSSTTMB2B-${index}: код «${index}» неизвестен`;
    const details = JSON.stringify({ status: 400, answer: 'Поле заполнено неверно. '.repeat(20) });
    const at = begin + index * MINUTE;
    const fingerprint = fingerprintOf({ code, message, action });
    const words = wordsOfLetter({ code, message, ticket_key, action_key: action.key });
    const state = index % 10 === 0 ? 'resolved' : 'open';
    insert.run(
      id,
      String(index),
      ticket_key,
      action.key,
      JSON.stringify(action),
      code,
      message,
      details,
      at,
      state,
      ref.system,
      fingerprint,
      at,
      words,
    );
  }
  database.exec('commit');
  database.close();
}

/** Processor time: other work on the machine does not count. */
async function measure(name: string, ask: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const before = process.cpuUsage();
    await ask();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  times.sort((one, other) => one - other);
  const [best = 0, worst = 0] = [times[0], times.at(-1)];
  console.log(`${name.padEnd(40)} ${best.toFixed(1).padStart(7)} ms, at worst ${worst.toFixed(1).padStart(7)} ms`);
}

try {
  const making = openSqliteStore({ file, ticketSystem: 'otrs', log });
  await making.migrate();
  await making.close();
  fill();
  const store = openSqliteStore({ file, ticketSystem: 'otrs', log });
  const page = (filter: LetterFilter) => () => store.deadLetters({ ...filter, limit: 100 });
  const [rare] = await store.letterGroups({ state: 'open' }, 1);
  const [middle] = await store.deadLetters({
    state: 'open',
    until: DateTime.fromMillis(begin + (LETTERS / 2) * MINUTE),
    limit: 1,
  });
  console.log(`${LETTERS} dead letters, ${FAULTS} faults, SQLite`);
  await measure('newest page', page({ state: 'open' }));
  await measure('page in the middle', () =>
    store.deadLetters({ state: 'open', limit: 100, ...(middle === undefined ? {} : { after: middle }) }),
  );
  await measure('by code', page({ state: 'open', code: 'REFUSED' }));
  await measure('by group', page({ state: 'open', fingerprint: rare?.fingerprint ?? '' }));
  await measure(
    'by system and time',
    page({ state: 'open', system: 'jira', since: DateTime.fromMillis(begin + 90_000 * MINUTE) }),
  );
  await measure(
    'by ticket number',
    page({ ticket: { system: 'otrs', id: '2026010100077777', key: '2026010100077777' } }),
  );
  await measure('by words that one letter has', page({ state: 'open', text: 'osstTMB2B-4711:' }));
  await measure('by words that none has', page({ state: 'open', text: 'такого нет' }));
  await measure('by words that none has, in all states', page({ text: 'такого нет' }));
  await measure('all states, by code', page({ code: 'NOT_PERMITTED' }));
  await measure('resolved', page({ state: 'resolved' }));
  await measure('groups', () => store.letterGroups({ state: 'open' }, 50));
  await measure('groups of a system', () => store.letterGroups({ state: 'open', system: 'jira' }, 50));
  await measure('by words and code', page({ state: 'open', code: 'REFUSED', text: 'такого нет' }));
  await measure('groups by words', () => store.letterGroups({ state: 'open', text: 'неизвестен' }, 50));
  await measure('count', () => store.countLetters({ state: 'open' }));
  await measure('by the beginning of an id', () => store.lettersLike((rare?.example.id ?? '').slice(0, 8), 2));
  await store.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// A service that takes in one event after the other and prints the id of each that is durable. With `claim` it takes in one,
// claims its ticket and goes on living. It is killed by the test.
import { argv, stdout } from 'node:process';
import { DateTime } from 'luxon';
import pino from 'pino';
import { openSqliteStore } from '../../src/store/sqlite.ts';

const store = openSqliteStore({ file: argv[2] ?? '', ticketSystem: 'otrs', log: pino({ level: 'silent' }) });
await store.migrate();
stdout.write('ready\n');

async function take(id: number) {
  const now = DateTime.utc();
  await store.accept(
    [{ id: `событие ${id}`, ref: { system: 'otrs', id: String(id) }, kind: 'changed', channel: 'webhook', at: now }],
    now,
  );
}

if (argv[3] === 'claim') {
  await take(42);
  const claims = await store.claim('one that will die', 1, 120_000, DateTime.utc());
  stdout.write(`claimed ${claims[0]?.ticket.id}\n`);
  setInterval(() => undefined, 60_000);
} else {
  for (let id = 1; ; id += 1) {
    await take(id);
    stdout.write(`${id}\n`);
  }
}

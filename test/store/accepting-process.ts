// A service that takes in one event after the other and prints the id of each that is durable. It is killed by the test.
import { argv, stdout } from 'node:process';
import { DateTime } from 'luxon';
import pino from 'pino';
import { openSqliteStore } from '../../src/store/sqlite.ts';

const store = openSqliteStore({ file: argv[2] ?? '', ticketSystem: 'otrs', log: pino({ level: 'silent' }) });
await store.migrate();
stdout.write('ready\n');

for (let id = 1; ; id += 1) {
  const now = DateTime.utc();
  await store.accept(
    [{ id: `событие ${id}`, ref: { system: 'otrs', id: String(id) }, kind: 'changed', channel: 'webhook', at: now }],
    now,
  );
  stdout.write(`${id}\n`);
}

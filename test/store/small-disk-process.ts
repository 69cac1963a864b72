// A service on a disk that may be full: it takes in one event after the other, tells each one's fate, and tries a refused one
// again. It is killed by the test.
import { argv, stdout } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { DateTime } from 'luxon';
import pino from 'pino';
import { BridgeError } from '../../src/errors.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';

const store = openSqliteStore({ file: argv[2] ?? '', ticketSystem: 'otrs', log: pino({ level: 'silent' }) });
await store.migrate();
stdout.write('ready\n');

for (let id = 1; ; ) {
  const now = DateTime.utc();
  const ref = { system: 'otrs', id: String(id), key: `${id}`.padStart(100, '0') };
  try {
    await store.accept([{ id: `событие ${id}`, ref, kind: 'changed', channel: 'webhook', at: now }], now);
    stdout.write(`taken ${id}\n`);
    id += 1;
  } catch (thrown) {
    stdout.write(`refused ${thrown instanceof BridgeError ? thrown.code : String(thrown)}\n`);
    await sleep(100);
  }
}

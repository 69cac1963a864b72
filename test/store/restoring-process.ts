// Restores a backup and is killed before it renames, links or removes a file for the given time. Prints what it came to otherwise.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { argv, kill, pid, stdout } from 'node:process';

const [from = '', to = '', killedAt = '0'] = argv.slice(2);
let step = 0;
for (const name of ['renameSync', 'linkSync', 'rmSync'] as const) {
  const real = fs[name] as (...words: unknown[]) => void;
  Object.assign(fs, {
    [name]: (...words: unknown[]) => {
      step += 1;
      if (step === Number(killedAt)) {
        kill(pid, 'SIGKILL');
      }
      real(...words);
    },
  });
}
syncBuiltinESMExports();

const { restoreSqlite } = await import('../../src/store/sqlite-backup.ts');
stdout.write(JSON.stringify(restoreSqlite(from, to)));

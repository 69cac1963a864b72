import { mkdirSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ReceivedHook, startHookListener } from './hook-listener.ts';
import type { startOtrs } from './set-up.ts';

const usage = `Usage: node test/e2e/otrs/set-up.ts --keep [--hooks-to URL --secret SECRET | --record FOLDER] [--write FILE]
  --keep              start a help desk, print its address and logins as JSON, go on until SIGINT or SIGTERM
  --hooks-to URL      send webhooks to the bridge at URL with --secret in the header X-Bridge-Secret
  --record FOLDER     take the webhooks in and keep each body as a file in FOLDER
  --write FILE        write address and logins to FILE too; it is removed at the end`;

/** The command line of `set-up.ts`: a help desk for as long as somebody wants one. */
export async function keep(start: typeof startOtrs): Promise<void> {
  const { values } = parseArgs({
    options: {
      keep: { type: 'boolean' },
      'hooks-to': { type: 'string' },
      secret: { type: 'string' },
      record: { type: 'string' },
      write: { type: 'string' },
    },
  });
  const hasHalfATarget = (values['hooks-to'] === undefined) !== (values.secret === undefined);
  if (values.keep !== true || hasHalfATarget) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }

  const ended = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await using owned = new AsyncDisposableStack();
  const secret = values.secret ?? 'recorded';
  let url = values['hooks-to'];
  if (values.record !== undefined) {
    const listener = await startHookListener(0, recorder(values.record));
    owned.defer(() => listener.stop());
    url = listener.url;
  }

  const otrs = await start({
    ...(url === undefined ? {} : { hooks: { url, secret } }),
    onStep: (step, milliseconds) => console.error(`${step}: ${milliseconds} ms`),
  });
  owned.defer(() => otrs.stop());
  const { baseUrl, webService, soapWebService, timeZone, bridge, passwords, userIds, folder } = otrs;
  const facts = JSON.stringify(
    { baseUrl, webService, soapWebService, timeZone, bridge, passwords, userIds, folder },
    undefined,
    2,
  );
  console.log(facts);
  const file = values.write;
  if (file !== undefined) {
    await writeFile(file, `${facts}\n`, { mode: 0o600 });
    owned.defer(() => rm(file, { force: true }));
  }
  await ended;
}

function recorder(folder: string): (hook: ReceivedHook) => void {
  mkdirSync(folder, { recursive: true });
  let count = 0;
  return (hook) => {
    count += 1;
    const name = `${String(count).padStart(4, '0')}-${String(hook.body.event)}`;
    writeFileSync(join(folder, `${name}.json`), hook.text);
    writeFileSync(join(folder, `${name}.headers.json`), JSON.stringify(hook.headers, undefined, 2));
  };
}

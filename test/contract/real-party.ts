import { setTimeout as sleep } from 'node:timers/promises';
import { administer } from '../e2e/otrs/addon.ts';
import { startHookListener } from '../e2e/otrs/hook-listener.ts';
import { startOtrs } from '../e2e/otrs/set-up.ts';
import type { Party } from './party.ts';
import { webhooksOf } from './stage.ts';

/** A real help desk, installed where it is not yet there. */
export async function startRealParty(): Promise<Party> {
  await using started = new AsyncDisposableStack();
  const listener = await startHookListener();
  started.defer(() => listener.stop());
  const target = { url: listener.url, secret: 'contract' };
  const otrs = await startOtrs({ hooks: target });
  started.defer(() => otrs.stop());
  const { baseUrl, webService, soapWebService, bridge, userIds, people } = otrs;
  const settled = async () => {
    // A task is in none of the tables while it is at work.
    for (let quiet = 0; quiet < 3; quiet += 1) {
      const { now, later } = await people.webhooksWaiting();
      quiet = now + later > 0 ? -1 : quiet;
      await sleep(150);
    }
  };
  const owned = started.move();
  return {
    baseUrl,
    webService,
    soapWebService,
    bridge,
    userIds: { 'root@localhost': '1', ...userIds },
    agent: people.agent,
    writeAsCustomer: people.writeAsCustomer,
    webhooks: webhooksOf(listener, settled),
    sendAs: (shape) => otrs.sendHooksTo(target, shape),
    async installAddOn() {
      const administrator = administer(otrs);
      await administrator.install();
      await administrator.importWebServices();
    },
    stop: () => owned.disposeAsync(),
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type Scenario, serversOf } from '../scenario.ts';

/** PostgreSQL is killed in the middle of transactions and recovers: the broker keeps what comes meanwhile. */
export const storeRestarted: Scenario = {
  title: 'store killed and restarted',
  profiles: ['production'],
  play: async (world) => {
    const { store } = serversOf(world);
    await sleep(1_500 + world.random() * 1_000);
    await store.kill();
    world.struck();
    await sleep(1_500);
    await store.start();
  },
};

import { setTimeout as sleep } from 'node:timers/promises';
import { LEASE_MS } from '../configuration.ts';
import { type Scenario, serversOf } from '../scenario.ts';

/** The store swallows everything for longer than leases last: nobody can extend one, and nobody can tell. */
export const storeBlackHole: Scenario = {
  title: 'store in a black hole past the leases',
  profiles: ['production'],
  play: async (world) => {
    const { store } = serversOf(world).roads;
    await sleep(1_500);
    store.trouble({ kind: 'black-hole' });
    world.struck();
    await sleep(1.5 * LEASE_MS);
    store.heal();
  },
};

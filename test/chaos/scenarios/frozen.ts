import { setTimeout as sleep } from 'node:timers/promises';
import { LEASE_MS } from '../configuration.ts';
import { anyOf, both, type Scenario } from '../scenario.ts';

/** A virtual machine stands still for longer than its leases last, and goes on as if nothing had happened. */
export const frozen: Scenario = {
  title: 'frozen past its leases',
  profiles: both,
  play: async (world) => {
    await sleep(1_500 + world.random() * 1_000);
    const victim = anyOf(world.instances, world);
    victim.freeze();
    world.struck();
    await sleep(2 * LEASE_MS);
    victim.wake();
  },
};

import { setTimeout as sleep } from 'node:timers/promises';
import { type Scenario, serversOf } from '../scenario.ts';

/** The network between bridges and broker swallows everything, then breaks all connections at once. */
export const brokerBlackHole: Scenario = {
  title: 'broker in a black hole, then cut',
  profiles: ['production'],
  play: async (world) => {
    const { broker } = serversOf(world).roads;
    await sleep(1_000);
    broker.trouble({ kind: 'black-hole' });
    world.struck();
    await sleep(4_500);
    broker.heal();
    await sleep(1_500);
    broker.cut();
    world.struck();
  },
};

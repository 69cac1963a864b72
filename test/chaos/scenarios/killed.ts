import { setTimeout as sleep } from 'node:timers/promises';
import { anyOf, both, type Scenario } from '../scenario.ts';

/** Somebody runs `kill -9` on a bridge, again and again, and its service manager starts it again. */
export const killed: Scenario = {
  title: 'killed at work',
  profiles: both,
  play: async (world) => {
    for (let times = 0; times < 4; times += 1) {
      await sleep(600 + world.random() * 1_000);
      const victim = anyOf(world.instances, world);
      await victim.kill();
      world.struck();
      await victim.start();
    }
  },
};

import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';

const NEXT = [new URL('../modules/next-version.ts', import.meta.url).href];

/**
 * The next version comes while people work: first its schema, then one instance after the other; the last one goes back to
 * the version before, since somebody did not like what he saw.
 */
export const rollingUpgrade: Scenario = {
  title: 'rolling upgrade and half-way back',
  profiles: ['production'],
  play: async (world) => {
    await sleep(1_000);
    await Promise.all([world.run(['migrate'], NEXT), world.run(['migrate'], NEXT)]);
    for (const instance of world.instances) {
      await instance.stop();
      await instance.start(NEXT);
      world.struck();
    }
    const last = world.instances.at(-1);
    await last?.stop();
    await last?.start();
  },
};

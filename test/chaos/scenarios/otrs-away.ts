import { setTimeout as sleep } from 'node:timers/promises';
import { both, type Scenario } from '../scenario.ts';

/** OTRS is updated in the middle of the day: people write on in JIRA, and later in OTRS. */
export const otrsAway: Scenario = {
  title: 'OTRS away',
  profiles: both,
  play: async (world) => {
    await sleep(1_000 + world.random() * 1_000);
    await world.otrs.down();
    world.struck();
    await sleep(4_000);
    await world.otrs.up();
  },
};

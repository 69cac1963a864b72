import { setTimeout as sleep } from 'node:timers/promises';
import { both, type Scenario } from '../scenario.ts';

/** A firewall forgets the connections to JIRA, then those to OTRS: nothing is refused, nothing comes through. */
export const blackHole: Scenario = {
  title: 'desks in a black hole',
  profiles: both,
  play: async (world) => {
    for (const road of [world.roads.jira, world.roads.otrs]) {
      await sleep(800);
      road.trouble({ kind: 'black-hole' });
      world.struck();
      await sleep(3_500);
      road.heal();
    }
  },
};

import { setTimeout as sleep } from 'node:timers/promises';
import { both, type Scenario } from '../scenario.ts';

/** JIRA is restarted in the middle of the day: no connection for a while, the ones that stood break. */
export const jiraAway: Scenario = {
  title: 'JIRA away',
  profiles: both,
  play: async (world) => {
    await sleep(1_000 + world.random() * 1_000);
    await world.jira.down();
    world.struck();
    await sleep(4_000);
    await world.jira.up();
  },
};

import { setTimeout as sleep } from 'node:timers/promises';
import { both, type Scenario } from '../scenario.ts';

/** JIRA and OTRS do what they are asked, and every sixth answer breaks off or never comes. */
export const answersLost: Scenario = {
  title: 'answers lost after the effect',
  profiles: both,
  play: async (world) => {
    const { otrs, jira } = world.roads;
    otrs.trouble({ kind: 'cut-answers', share: 1 / 6, afterBytes: 0, random: world.random });
    jira.trouble({ kind: 'cut-answers', share: 1 / 6, afterBytes: 60, random: world.random });
    await sleep(7_500);
    otrs.heal();
    jira.heal();
    world.struck(otrs.takeCutAnswers() + jira.takeCutAnswers());
  },
};

import { setTimeout as sleep } from 'node:timers/promises';
import { both, type Scenario } from '../scenario.ts';

const LOST_ISSUES = 3;

/** JIRA and OTRS do what they are asked, and every sixth answer breaks off or never comes; three of new issues for certain. */
export const answersLost: Scenario = {
  title: 'answers lost after the effect',
  profiles: both,
  play: async (world) => {
    const { otrs, jira } = world.roads;
    world.jira.failNext({ kind: 'reset-after-effect' }, { method: 'POST', path: /^\/issue$/, times: LOST_ISSUES });
    otrs.trouble({ kind: 'cut-answers', share: 1 / 6, afterBytes: 0, random: world.random });
    jira.trouble({ kind: 'cut-answers', share: 1 / 6, afterBytes: 60, random: world.random });
    await sleep(7_500);
    otrs.heal();
    jira.heal();
    world.struck(LOST_ISSUES + otrs.takeCutAnswers() + jira.takeCutAnswers());
  },
};

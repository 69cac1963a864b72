import { setTimeout as sleep } from 'node:timers/promises';
import { CALL_MS } from '../configuration.ts';
import { both, type Scenario } from '../scenario.ts';

/** First everything takes half a second longer, then JIRA takes longer than the bridge waits for it, and does it all the same. */
export const slowAnswers: Scenario = {
  title: 'slow answers',
  profiles: both,
  play: async (world) => {
    const { otrs, jira } = world.roads;
    otrs.trouble({ kind: 'delay', milliseconds: 100 });
    jira.trouble({ kind: 'delay', milliseconds: 250 });
    await sleep(3_000);
    jira.trouble({ kind: 'delay', milliseconds: CALL_MS * 0.6 });
    world.struck();
    await sleep(CALL_MS * 1.5);
    otrs.heal();
    jira.heal();
  },
};

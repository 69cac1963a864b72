import { setTimeout as sleep } from 'node:timers/promises';
import { LEASE_MS } from '../configuration.ts';
import { anyOf, both, type Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

/** The worst day: one blow after the other, by dice, while answers get lost. */
export const everything: Scenario = {
  title: 'everything by dice',
  profiles: both,
  play: async (world) => {
    const { otrs, jira } = world.roads;
    otrs.trouble({ kind: 'cut-answers', share: 0.08, afterBytes: 20, random: world.random });
    jira.trouble({ kind: 'cut-answers', share: 0.08, afterBytes: 20, random: world.random });
    const blows = [kill, freeze, cutDesks, ...(world.servers === undefined ? [] : [cutStore, cutBroker])];
    for (let times = 0; times < 6; times += 1) {
      await sleep(500 + world.random() * 500);
      await anyOf(blows, world)(world);
      world.struck();
    }
    otrs.heal();
    jira.heal();
  },
};

async function kill(world: World): Promise<void> {
  const victim = anyOf(world.instances, world);
  await victim.kill();
  await victim.start();
}

async function freeze(world: World): Promise<void> {
  const victim = anyOf(world.instances, world);
  victim.freeze();
  await sleep(1.5 * LEASE_MS);
  victim.wake();
}

async function cutDesks({ roads }: World): Promise<void> {
  roads.otrs.cut();
  roads.jira.cut();
}

async function cutStore({ servers }: World): Promise<void> {
  servers?.roads.store.cut();
}

async function cutBroker({ servers }: World): Promise<void> {
  servers?.roads.broker.cut();
}

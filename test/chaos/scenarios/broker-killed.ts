import { setTimeout as sleep } from 'node:timers/promises';
import { type Scenario, serversOf } from '../scenario.ts';

/** RabbitMQ is killed under load and started again: webhooks go straight into the store meanwhile. */
export const brokerKilled: Scenario = {
  title: 'broker killed and restarted',
  profiles: ['production'],
  play: async (world) => {
    const { broker } = serversOf(world);
    await sleep(1_500 + world.random() * 1_000);
    await broker.kill();
    world.struck();
    await broker.start();
  },
};

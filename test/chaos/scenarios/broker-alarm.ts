import { setTimeout as sleep } from 'node:timers/promises';
import { type Scenario, serversOf } from '../scenario.ts';

/** RabbitMQ runs short of memory and takes nothing more until somebody helps. */
export const brokerAlarm: Scenario = {
  title: 'broker alarm',
  profiles: ['production'],
  play: async (world) => {
    const { broker } = serversOf(world);
    await sleep(1_000);
    await broker.rabbitmqctl(['set_vm_memory_high_watermark', 'absolute', '1']);
    world.struck();
    await sleep(3_000);
    await broker.rabbitmqctl(['set_vm_memory_high_watermark', '0.6']);
  },
};

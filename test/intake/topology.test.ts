import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type RabbitmqServer, startRabbitmq } from '../../sandbox/servers/rabbitmq.ts';
import { checkRabbitmq } from '../../src/intake/check-rabbitmq.ts';
import { toCloudEvent } from '../../src/intake/cloud-event.ts';
import { setUpRabbitmq } from '../../src/intake/set-up.ts';
import { eventOf } from './conformance.ts';
import { describeNewsRelay } from './news-relay.ts';
import { rabbitmqBench } from './rabbitmq-bench.ts';
import { untilTrue } from './sinks.ts';

jest.setTimeout(60_000);

let broker: RabbitmqServer;
const bench = rabbitmqBench(() => broker);
const { create, optionsFor, publishRaw, withChannel } = bench;

const runtimeUrl = () => {
  const url = new URL(broker.url);
  url.username = 'runtime';
  return url.href;
};

/** With the login of the running bridge, which may configure nothing. */
const runtimeOptions = (more: Parameters<typeof optionsFor>[0] = {}) =>
  optionsFor({ url: runtimeUrl(), topology: 'verify', ...more });

const administrator = () => ({ url: broker.url });
const policymaker = () => ({ url: broker.url, managementUrl: broker.managementUrl ?? '' });
const levels = async (...options: Parameters<typeof checkRabbitmq>) =>
  (await checkRabbitmq(...options)).filter(({ level }) => level === 'error').map(({ message }) => message);

beforeAll(async () => {
  broker = await startRabbitmq({ hasManagement: true });
  await broker.rabbitmqctl(['add_user', 'runtime', new URL(broker.url).password]);
  await broker.rabbitmqctl(['set_permissions', 'runtime', '^$', '.*', '.*']);
}, 90_000);

afterAll(async () => {
  await bench.closeAll();
  await broker?.stop();
}, 60_000);

describe('a set-up by an administrator', () => {
  test.each([
    ['by arguments', administrator],
    ['by policies', policymaker],
  ] as const)('%s is enough for a bridge that may configure nothing', async (_, admin) => {
    const options = runtimeOptions({ management_url: broker.managementUrl, news: true, news_exchange: `news-${_}` });
    await setUpRabbitmq(options, admin());
    expect(await checkRabbitmq(options)).toEqual([
      expect.objectContaining({ level: 'warning', message: expect.stringContaining('3.13 or newer is supported') }),
      expect.objectContaining({ level: 'ok', message: 'exchanges and queues are there' }),
      expect.objectContaining({ level: 'ok', message: 'the login may publish and consume' }),
      expect.objectContaining({ level: 'ok', message: 'settings, policies and bindings are as they should be' }),
    ]);

    const { intake, sink } = create(options);
    await intake.start();
    await untilTrue(() => intake.health().ok);
    await intake.publish([eventOf(1)]);
    await untilTrue(() => sink.events.length === 1);
    await intake.close();
  });

  test.each([
    ['by arguments', administrator],
    ['by policies', policymaker],
  ] as const)('%s can be repeated', async (_, admin) => {
    const options = runtimeOptions();
    const first = await setUpRabbitmq(options, admin());
    const second = await setUpRabbitmq(options, admin());
    expect(second.map((line) => line.replace(' (was there)', ''))).toEqual(first);
  });

  test('a limit in a policy can be changed later, without a queue being deleted', async () => {
    const options = runtimeOptions({ management_url: broker.managementUrl });
    await setUpRabbitmq(options, policymaker());
    const tighter = { ...options, delivery_limit: 5 };
    expect(await levels(tighter)).toEqual([
      `The queue ${options.queue} has delivery-limit = 20 and should have 5. The policy ${options.queue} says so: run \`bridge migrate --broker-admin\`, or change the policies.`,
    ]);
    await setUpRabbitmq(tighter, policymaker());
    expect(await levels(tighter)).toEqual([]);
  });

  test('a limit in an argument cannot: it is told what is, what should be and what to do', async () => {
    const options = runtimeOptions({ management_url: broker.managementUrl });
    await setUpRabbitmq(options, administrator());
    const wider = { ...options, max_length_bytes: 3_000_000 };
    const told = `The queue ${options.queue} has x-max-length-bytes = 2147483648 and should have 3000000. Settings of a queue stay as they were created`;
    await expect(setUpRabbitmq(wider, administrator())).rejects.toMatchObject({
      code: 'BROKER_UNAVAILABLE',
      message: expect.stringContaining(told),
    });
    expect(await levels(wider)).toEqual([expect.stringContaining(told.replace('x-', ''))]);
  });

  test('every fault is told at once', async () => {
    const options = runtimeOptions();
    await withChannel(async (channel) => {
      await channel.assertExchange(options.exchange, 'topic');
      await channel.assertQueue(options.queue, { durable: true });
    });
    const said = await setUpRabbitmq(options, administrator()).catch((thrown: Error) => thrown.message);
    expect(String(said).split('\n')).toEqual([
      expect.stringContaining(`The exchange ${options.exchange} has alternate-exchange = nothing`),
      expect.stringContaining(`The queue ${options.queue} has x-`),
    ]);
  });

  test('of a login without the right to configure the missing right is told', async () => {
    const options = runtimeOptions();
    await expect(setUpRabbitmq(options, { url: runtimeUrl() })).rejects.toMatchObject({
      message: expect.stringContaining(
        `access to exchange '${options.exchange}' in vhost '/' refused for user 'runtime'`,
      ),
    });
  });
});

describe('the check of the broker', () => {
  test('names every missing permission and moves no message', async () => {
    const options = runtimeOptions({ url: runtimeUrl().replace('runtime', 'blind') });
    await broker.rabbitmqctl(['add_user', 'blind', new URL(broker.url).password]);
    await broker.rabbitmqctl(['set_permissions', 'blind', '^$', '^$', `^${options.queue}$`]);
    await setUpRabbitmq(options, administrator());
    await publishRaw(options.exchange, 'ticket.changed.otrs', [toCloudEvent(eventOf(1))]);
    await publishRaw(options.exchange, 'strange', ['чужое']);
    expect(await levels(options)).toEqual([
      `The login lacks permissions: read on the queue ${options.unrouted_queue}, read on the queue ${options.dead_letter_queue}, write on the exchange ${options.exchange}. Grant them with \`rabbitmqctl set_permissions\`.`,
    ]);
    expect(await bench.waitingIn(options.queue)).toBe(1);
    expect(await bench.waitingIn(options.unrouted_queue)).toBe(1);
  });

  test('tells that a binding is missing', async () => {
    const options = runtimeOptions({ management_url: broker.managementUrl });
    await setUpRabbitmq(options, administrator());
    await withChannel((channel) => channel.unbindQueue(options.queue, options.exchange, 'ticket.#'));
    expect(await levels(options)).toEqual([
      `The queue ${options.queue} is not bound to ${options.exchange} with the key «ticket.#»: run \`bridge migrate\`.`,
    ]);
  });

  test('tells of an alarm, with the management API and without it', async () => {
    const options = runtimeOptions({ management_url: broker.managementUrl });
    await setUpRabbitmq(options, administrator());
    await broker.rabbitmqctl(['set_vm_memory_high_watermark', '0']);
    const { management_url: _, ...without } = options;
    const [known, unknown] = await Promise.all([levels(options), levels(without)]);
    await broker.rabbitmqctl(['set_vm_memory_high_watermark', '0.6']);
    expect(known).toContainEqual(expect.stringMatching(/The node bridge-.* is short of memory\./));
    for (const told of [known, unknown]) {
      expect(told).toContainEqual(expect.stringMatching(/takes no messages: .*memory/));
    }
  });

  test('tells of a management API that refuses the login, without the password', async () => {
    const options = runtimeOptions({ management_url: (broker.managementUrl ?? '').replace('bridge:', 'runtime:') });
    await setUpRabbitmq(options, administrator());
    const finding = (await checkRabbitmq(options)).at(-1);
    expect(finding).toMatchObject({ level: 'warning', message: expect.stringContaining('tag monitoring') });
    expect(finding?.message).not.toContain(new URL(broker.url).password);
  });
});

describeNewsRelay(() => broker, bench);

import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelModel } from 'amqplib';
import { z } from 'zod';
import type { Finding } from '../connector.ts';
import { toBridgeError, toSentence } from '../errors.ts';
import { addressOfUrl } from './address.ts';
import { compareTopology } from './compare-topology.ts';
import { openManagement } from './management.ts';
import type { RabbitmqOptions } from './options.ts';
import { probe } from './probe.ts';
import { connectTo } from './rabbitmq.ts';
import { establishTopology } from './topology.ts';

/** Milliseconds that an orderly goodbye may take: a broker that is short of memory answers none. */
const GOODBYE_MS = 1_000;

type Say = (level: Finding['level'], message: string) => Finding;

/**
 * Connects once and looks at the version, at alarms, at the permissions of the login, and whether exchanges and queues are
 * there as they should be. Creates nothing, publishes nothing and takes no message.
 */
export async function checkRabbitmq(options: RabbitmqOptions): Promise<readonly Finding[]> {
  const subject = `intake: rabbitmq at ${addressOfUrl(options.url)}`;
  const say: Say = (level, message) => ({ level, subject, message });
  const connection = await connectTo(options, 'check').catch(toBridgeError);
  if (connection instanceof Error) {
    return [say('error', `${toSentence(connection.message)} Check intake.url and that the broker runs.`)];
  }

  connection.on('error', () => undefined);
  const version = String(connection.connection.serverProperties.version ?? 'unknown');
  try {
    const topology = await lookAtTopology(connection, options, say);
    const isThere = topology.every(({ level }) => level === 'ok');
    const rights = isThere ? await lookAtRights(connection, options, say) : [];
    return [judgeVersion(version, say), ...topology, ...rights, ...(await lookByManagement(options, isThere, say))];
  } finally {
    await Promise.race([connection.close().catch(() => undefined), sleep(GOODBYE_MS, undefined, { ref: false })]);
  }
}

/** What the bridge needs works from 3.10 on; what the project of the broker still looks after begins later. */
function judgeVersion(version: string, say: Say): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 3 || (major === 3 && minor >= 13)) {
    return say('ok', `version ${version}`);
  }
  if (major === 3 && minor >= 10) {
    return say('warning', `version ${version} works but gets no repairs any more: 3.13 or newer is supported`);
  }

  return say(
    version === 'unknown' ? 'warning' : 'error',
    `version ${version} cannot keep at-least-once dead lettering: 3.13 or newer is supported, 3.10 works`,
  );
}

async function lookAtTopology(
  connection: ChannelModel,
  options: RabbitmqOptions,
  say: Say,
): Promise<readonly Finding[]> {
  const fault = await establishTopology(connection, { ...options, topology: 'verify' }).then(
    () => undefined,
    (thrown: unknown) => toBridgeError(thrown).message,
  );
  if (fault === undefined) {
    return [say('ok', 'exchanges and queues are there')];
  }

  return options.topology === 'declare' && fault.includes('NOT_FOUND')
    ? [say('ok', 'what is missing will be created by `bridge serve`')]
    : [say('error', fault)];
}

async function lookAtRights(connection: ChannelModel, options: RabbitmqOptions, say: Say): Promise<readonly Finding[]> {
  const { missing, alarm } = await probe(connection, options);
  const rights =
    missing.length === 0
      ? say('ok', 'the login may publish and consume')
      : say(
          'error',
          `The login lacks permissions: ${missing.join(', ')}. Grant them with \`rabbitmqctl set_permissions\`.`,
        );
  return alarm === undefined
    ? [rights]
    : [
        rights,
        say('error', `The broker takes no messages: ${alarm}. Webhooks go straight into the store until that is over.`),
      ];
}

const alarms = z.looseObject({
  status: z.string(),
  alarms: z.array(z.looseObject({ resource: z.string(), node: z.string() })).default([]),
});

async function lookByManagement(options: RabbitmqOptions, isThere: boolean, say: Say): Promise<readonly Finding[]> {
  if (options.management_url === undefined) {
    return options.topology === 'verify'
      ? [say('ok', 'settings of queues and policies were not compared: set intake.management_url for that')]
      : [];
  }

  try {
    const management = openManagement(options.management_url, options.connect_timeout_seconds * 1000);
    const health = alarms.safeParse(await management.get(['health', 'checks', 'alarms']));
    const rung = health.success ? health.data.alarms : [];
    const different = isThere ? await compareTopology(management, options) : [];
    return [
      ...rung.map(({ resource, node }) => say('error', `The node ${node} is short of ${resource}.`)),
      ...different.map((sentence) => say('error', sentence)),
      ...(isThere && different.length === 0
        ? [say('ok', 'settings, policies and bindings are as they should be')]
        : []),
    ];
  } catch (thrown) {
    return [say('warning', toBridgeError(thrown).message)];
  }
}

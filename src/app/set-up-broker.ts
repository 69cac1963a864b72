import { readFile } from 'node:fs/promises';
import { BridgeError, toBridgeError } from '../errors.ts';
import { type Administrator, setUpRabbitmq } from '../intake/set-up.ts';
import type { AppConfig } from './config.ts';

/**
 * Creates what the bridge needs at its broker with the rights of an administrator, whose addresses stand in a file: they
 * are needed here alone, so the running bridge cannot lose them. Throws `CONFIGURATION_INVALID`, `BROKER_UNAVAILABLE`.
 */
export async function setUpBroker({ intake }: AppConfig, file: string): Promise<readonly string[]> {
  if (intake.kind !== 'rabbitmq') {
    throw new BridgeError('CONFIGURATION_INVALID', 'intake.kind is direct: there is no broker to set up.');
  }

  const { kind: _, ...options } = intake;
  return setUpRabbitmq(options, await readAdministrator(file));
}

async function readAdministrator(file: string): Promise<Administrator> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    throw new BridgeError('CONFIGURATION_INVALID', `The file ${file} cannot be read: ${toBridgeError(thrown).message}`);
  });
  const [url, managementUrl, ...more] = text.split(/\s+/).filter((word) => word !== '');
  if (url === undefined || more.length > 0 || !isAddress(url, /^amqps?:$/)) {
    throw invalid(file, 'its first line must be an address like amqp://admin:password@host:5672/vhost');
  }
  if (managementUrl === undefined) {
    return { url };
  }
  if (!isAddress(managementUrl, /^https?:$/)) {
    throw invalid(file, 'its second line must be an address like http://admin:password@host:15672, or be left out');
  }

  return { url, managementUrl };
}

/** The addresses have passwords in them, so none of them is quoted. */
function invalid(file: string, what: string): BridgeError {
  return new BridgeError('CONFIGURATION_INVALID', `The file ${file} is not as it should be: ${what}.`);
}

function isAddress(text: string, protocol: RegExp): boolean {
  return URL.canParse(text) && protocol.test(new URL(text).protocol);
}

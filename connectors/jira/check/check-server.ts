import type { DateTime } from 'luxon';
import type { Finding } from '../../../src/connector.ts';
import { dialectOf, serverInfoCall } from '../choose-dialect.ts';
import type { Dialect } from '../dialect.ts';
import type { Gateway } from '../http/gateway.ts';
import { loginFault } from '../http/login.ts';
import type { JiraOptions } from '../options.ts';
import type { WireServerInfo } from '../wire.ts';
import { error, ok, warning } from './finding.ts';

const LARGEST_SKEW_SECONDS = 60;

/** Personal access tokens and the create screens by project are there from this version on. */
const OLDEST = [8, 14] as const;

interface ServerParts {
  readonly options: JiraOptions;
  readonly gateway: Gateway;
  readonly now: () => DateTime;
}

/** What stands at the address: its dialect, its version and its clock. */
export async function checkServer(
  { options, gateway, now }: ServerParts,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const info = await gateway.send(serverInfoCall(signal));
  const spoken = dialectOf(info);
  return [...checkDialect(info, spoken, options), ...checkClock(info, now)];
}

function checkDialect(info: WireServerInfo, spoken: Dialect, options: JiraOptions): readonly Finding[] {
  if (options.dialect !== 'auto' && options.dialect !== spoken.name) {
    return [
      error(
        'server',
        `jira.dialect says ${options.dialect}, but this is ${spoken.title} ${info.version}; take jira.dialect out or set it to ${spoken.name}`,
      ),
    ];
  }

  const fault = loginFault(spoken, options);
  if (fault !== undefined) {
    return [error('server', fault)];
  }

  return [
    spoken.name === 'datacenter' && isOld(info.version)
      ? error('server', `${spoken.title} ${info.version} is not supported; it has to be ${OLDEST.join('.')} or later`)
      : ok('server', `${spoken.title} ${info.version}`),
  ];
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

function checkClock({ serverTime }: WireServerInfo, now: () => DateTime): readonly Finding[] {
  const skew = serverTime === undefined ? 0 : Math.abs(now().diff(serverTime).as('seconds'));
  return skew > LARGEST_SKEW_SECONDS
    ? [
        warning(
          'clock',
          `JIRA’s clock differs from the bridge’s by ${Math.round(skew)} s; let both follow the same NTP server`,
        ),
      ]
    : [];
}

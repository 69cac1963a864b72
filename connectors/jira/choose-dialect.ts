import { BridgeError } from '../../src/errors.ts';
import { cloud } from './cloud/dialect.ts';
import { dataCenter } from './datacenter/dialect.ts';
import type { Dialect, DialectName } from './dialect.ts';
import type { Call } from './http/call.ts';
import { loginFault } from './http/login.ts';
import type { JiraOptions } from './options.ts';
import { type WireServerInfo, wireServerInfo } from './wire.ts';

const dialects: Readonly<Record<DialectName, Dialect>> = { datacenter: dataCenter, cloud };

type Send = <Result>(call: Call<Result>) => Promise<Result>;

/**
 * Finds out once what the JIRA at the other end speaks, and remembers it for the life of the process. A look that fails
 * is made again by the next call. Throws `CONFIGURATION_INVALID` where the login is one of the other dialect; tickets
 * wait meanwhile.
 */
export function chooseDialect(options: JiraOptions, send: Send): (signal: AbortSignal) => Promise<Dialect> {
  let known = options.dialect === 'auto' ? undefined : dialects[options.dialect];
  return async (signal) => {
    if (known === undefined) {
      const spoken = dialectOf(await send(serverInfoCall(signal)));
      const fault = loginFault(spoken, options);
      if (fault !== undefined) {
        throw new BridgeError('CONFIGURATION_INVALID', fault, { disposition: 'outage' });
      }
      known = spoken;
    }
    return known;
  };
}

/** Both dialects answer this one under version 2, and to everybody. */
export function serverInfoCall(signal: AbortSignal): Call<WireServerInfo> {
  return { method: 'GET', path: '/serverInfo', root: '/rest/api/2', effect: 'none', shape: wireServerInfo, signal };
}

/** Data Center calls itself `Server`; before version 7 it said nothing. */
export function dialectOf({ deploymentType }: WireServerInfo): Dialect {
  return deploymentType === 'Cloud' ? cloud : dataCenter;
}

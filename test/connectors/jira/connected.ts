import { DateTime } from 'luxon';
import { pino } from 'pino';
import { jira } from '../../../connectors/jira/connector.ts';
import type { Connection } from '../../../src/connector.ts';

export const signal = new AbortController().signal;

/** A connection to a JIRA at this address, configured as an administrator would write it. */
export function connectTo(baseUrl: string, options: Readonly<Record<string, unknown>> = {}): Connection {
  const parsed = jira.options.parse({
    base_url: baseUrl,
    token: 'sandbox-token',
    account: 'svc_bridge',
    projects: ['OSSTTMB2B'],
    internal_comments: { type: 'role', name: 'Developers' },
    ...options,
  });
  return jira.connect(parsed, { system: 'jira', log: pino({ level: 'silent' }), now: () => DateTime.now() });
}

import { DateTime } from 'luxon';
import { type Logger, pino } from 'pino';
import { jira } from '../../../connectors/jira/connector.ts';
import type { SandboxJira } from '../../../sandbox/jira/server.ts';
import type { Connection, ConnectorContext } from '../../../src/connector.ts';

export const signal = new AbortController().signal;

/** A connection to a JIRA at this address, configured as an administrator would write it. */
export function connectTo(
  baseUrl: string,
  options: Readonly<Record<string, unknown>> = {},
  context: Partial<ConnectorContext> = {},
): Connection {
  const parsed = jira.options.parse({
    base_url: baseUrl,
    token: 'sandbox-token',
    account: 'svc_bridge',
    projects: ['OSSTTMB2B'],
    internal_comments: { type: 'role', name: 'Developers' },
    ...options,
  });
  return jira.connect(parsed, {
    system: 'jira',
    log: pino({ level: 'silent' }),
    now: () => DateTime.now(),
    ...context,
  });
}

/** A log whose lines a test can look at. */
export function keepLog(): { readonly log: Logger; readonly lines: Readonly<Record<string, unknown>>[] } {
  const lines: Readonly<Record<string, unknown>>[] = [];
  const log = pino(
    { level: 'info', formatters: { level: (level) => ({ level }) } },
    {
      write: (line: string) => lines.push(JSON.parse(line)),
    },
  );
  return { log, lines };
}

/** A connection to the sandbox with the login that its dialect takes. */
export function connectToSandbox(
  { url, token, email, account }: SandboxJira,
  dialect: 'datacenter' | 'cloud' = 'datacenter',
): Connection {
  return connectTo(url, { token, account, ...(dialect === 'cloud' ? { email } : {}) });
}

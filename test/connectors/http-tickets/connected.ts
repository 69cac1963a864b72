import { DateTime } from 'luxon';
import { pino } from 'pino';
import { httpTickets } from '../../../connectors/http-tickets/connector.ts';
import { type SandboxTickets, startSandboxTickets } from '../../../sandbox/http-tickets/server.ts';
import type { Connection } from '../../../src/connector.ts';

/** A sandbox and the connector connected to it as `dwh`. */
export async function connect(settings: object = {}): Promise<Connection & { readonly sandbox: SandboxTickets }> {
  const sandbox = await startSandboxTickets();
  const options = httpTickets.options.parse({
    base_url: `${sandbox.url}/`,
    token: 'sandbox-token',
    account: 'bridge',
    ...settings,
  });
  const log = pino({ level: 'silent' });
  return { sandbox, ...httpTickets.connect(options, { log, system: 'dwh', now: () => DateTime.now() }) };
}

import { DateTime } from 'luxon';
import { pino } from 'pino';
import { otrs } from '../../../connectors/otrs/connector.ts';
import { type SandboxOtrs, type SandboxOtrsOptions, startSandboxOtrs } from '../../../sandbox/otrs/server.ts';
import type { Desk } from '../../../src/connector.ts';
import type { Ref } from '../../../src/domain/ticket.ts';

export interface Connected {
  readonly sandbox: SandboxOtrs;
  readonly desk: Desk;
  /** Opens a ticket as the customer. */
  open(ticket?: Partial<Parameters<SandboxOtrs['createTicket']>[0]>): Ref;
  stop(): Promise<void>;
}

/** Settings that connect a desk to the sandbox, by what the web service speaks. */
export const transports = {
  REST: {},
  SOAP: { transport: 'soap', web_service: 'otrs-jira-bridge-soap' },
} as const;

/** A sandbox OTRS with a desk connected to it. */
export async function connectSandbox(settings: object = {}, options: SandboxOtrsOptions = {}): Promise<Connected> {
  const sandbox = await startSandboxOtrs(options);
  const parsed = otrs.options.parse({
    base_url: sandbox.url,
    login: 'bridge',
    password: 'bridge',
    time_zone: sandbox.timeZone,
    ...settings,
  });
  const now = options.now ?? (() => DateTime.now());
  const { desk } = otrs.connect(parsed, { log: pino({ level: 'silent' }), system: 'otrs', now });
  return {
    sandbox,
    desk,
    open(ticket = {}) {
      const { id, number } = sandbox.createTicket({ title: 'Заявка', text: 'Текст', ...ticket });
      return { system: 'otrs', id, key: number };
    },
    async stop() {
      await desk.close();
      await sandbox.stop();
    },
  };
}

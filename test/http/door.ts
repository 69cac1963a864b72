import { pino } from 'pino';
import type { Proofs } from '../../src/http/authenticate.ts';
import type { Part } from '../../src/http/health.ts';
import { createHttpServer, type HttpOptions, type HttpServer } from '../../src/http/server.ts';
import type { Accept } from '../../src/http/webhooks.ts';
import { createMetrics, type Metrics } from '../../src/metrics.ts';

export const SECRET = 'shared-secret-of-otrs';
export const PREVIOUS_SECRET = 'previous-secret-of-otrs';
export const SIGNATURE_SECRET = 'signature-secret-of-jira';

export const noProofs: Proofs = {
  sharedSecrets: [],
  sharedSecretHeader: 'x-bridge-secret',
  signatureSecrets: [],
  insecure: false,
};

export const proofs: Readonly<Record<string, Proofs>> = {
  otrs: { ...noProofs, sharedSecrets: [SECRET, PREVIOUS_SECRET], basic: { user: 'znuny', password: 'пароль' } },
  jira: { ...noProofs, signatureSecrets: [SIGNATURE_SECRET, 'next-secret'] },
};

export interface Door extends HttpServer {
  readonly metrics: Metrics;
  readonly logged: () => string;
}

export interface DoorSettings extends Partial<HttpOptions> {
  readonly accept?: Accept;
  readonly proofs?: Readonly<Record<string, Proofs>>;
  readonly readiness?: () => Promise<Readonly<Record<string, Part>>>;
  readonly measure?: () => Promise<void>;
}

/** A door that believes in the secrets above and takes everything in, unless told otherwise. */
export function openDoor(settings: DoorSettings = {}): Door {
  const lines: string[] = [];
  const metrics = createMetrics();
  const server = createHttpServer(
    { host: '127.0.0.1', port: 0, bodyLimitBytes: 1_000_000, requestMs: 5_000, shutdownMs: 5_000, ...settings },
    {
      accept: settings.accept ?? (async () => 1),
      proofs: settings.proofs ?? proofs,
      readiness: settings.readiness ?? (async () => ({})),
      measure: settings.measure ?? (async () => undefined),
      metrics,
      log: pino({}, { write: (line: string) => lines.push(line) }),
    },
  );

  return { ...server, metrics, logged: () => lines.join('') };
}

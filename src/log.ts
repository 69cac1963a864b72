import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';

/** Names under which a secret could reach a log line, at any of the first three levels. */
const SECRETS = [
  'password',
  'token',
  'secret',
  'shared_secret',
  'signature_secrets',
  'url_with_login',
  'authorization',
  'Authorization',
  'cookie',
  'SessionID',
];

/** JSON lines, times in UTC. Secrets are blanked out by name wherever they turn up, also in errors of an HTTP client. */
export function createLog(level: LoggerOptions['level'], destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level: level ?? 'info',
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]),
      censor: '[secret]',
    },
  };

  return destination === undefined ? pino(options) : pino(options, destination);
}

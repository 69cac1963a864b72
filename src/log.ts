import { type DestinationStream, type Logger, type LoggerOptions, pino, type SerializedError } from 'pino';
import { createStackReader } from './readable-stack.ts';

/** Names under which a secret could reach a log line. */
const SECRETS = [
  'password',
  'Password',
  'token',
  'secret',
  'shared_secret',
  'signature_secrets',
  'authorization',
  'Authorization',
  'cookie',
  'set-cookie',
  'x-bridge-secret',
  'SessionID',
];

/** Levels of nesting that are searched: an error of an HTTP client has its headers at `err.config.headers`. */
const DEPTH = 4;

/** JSON lines, times in UTC. Values with the name of a secret are blanked out, also within errors. */
export function createLog(level: LoggerOptions['level'], destination?: DestinationStream): Logger {
  const read = createStackReader();
  const options: LoggerOptions = {
    level: level ?? 'info',
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: (thrown: unknown) => (Error.isError(thrown) ? readably(thrown, read) : thrown) },
    redact: { paths: SECRETS.flatMap(pathsOf), censor: '[secret]' },
  };

  return destination === undefined ? pino(options) : pino(options, destination);
}

function readably(thrown: Error, read: (stack: string) => string): SerializedError {
  const error = pino.stdSerializers.err(thrown);
  return typeof error.stack === 'string' ? { ...error, stack: read(error.stack) } : error;
}

function pathsOf(name: string): readonly string[] {
  return Array.from({ length: DEPTH }, (_, above) => {
    const stars = Array(above).fill('*').join('.');
    return `${stars}["${name}"]`;
  });
}

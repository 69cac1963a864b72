import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelModel } from 'amqplib';
import type { Logger } from 'pino';

/** What is done with a connection while it lasts. */
export interface Session {
  /** Finishes what is in hand while the connection still stands. Called only on an orderly end. */
  finish(): Promise<void>;
  /** The connection is gone or going: lets go of everything that hung on it. Called on every end. */
  end(reason: Error): void;
}

export interface ConnectionKeeperSettings {
  readonly connect: () => Promise<ChannelModel>;
  /**
   * Sets up channels on a new connection. `lose` reports that one of them broke; the connection is then given up as a
   * whole, so that every fault has the same one remedy. Listeners for `error` must be bound before the first `await`.
   */
  readonly open: (connection: ChannelModel, lose: (reason: Error) => void) => Promise<Session>;
  /** Milliseconds that `open` may take. */
  readonly openTimeoutMs: number;
  /** Longest pause between two attempts. */
  readonly maxPauseMs: number;
  readonly log: Logger;
}

export interface ConnectionKeeper {
  /** Undefined while connected and set up; otherwise why not. */
  fault(): string | undefined;
  /** Ends the session in order and stops reconnecting. */
  close(): Promise<void>;
}

const firstPauseMs = 100;
/** Milliseconds that an orderly goodbye to the broker may take. */
const goodbyeMs = 2_000;

/** Connects, and connects again for ever, with growing and scattered pauses, until it is closed. */
export function keepConnected(settings: ConnectionKeeperSettings): ConnectionKeeper {
  const { log, maxPauseMs } = settings;
  const closing = new AbortController();
  let fault: string | undefined = 'is connecting';
  let failures = 0;
  let askToFinish: () => void = () => undefined;

  async function holdOneConnection(): Promise<void> {
    const connection = await settings.connect();
    const lost = Promise.withResolvers<Error>();
    connection.on('error', (reason) => lost.resolve(reason));
    connection.on('close', (reason) => lost.resolve(reason ?? new Error('the connection was closed')));

    const opening = settings.open(connection, lost.resolve);
    opening.then(({ end }) => lost.promise.then(end), lost.resolve);
    try {
      const session = await opened(opening, lost.promise, settings.openTimeoutMs);
      fault = undefined;
      log.info('connected to rabbitmq');
      await lastOf(session, lost.promise);
    } finally {
      lost.resolve(new Error('the connection is closing'));
      await Promise.race([connection.close().catch(() => undefined), sleep(goodbyeMs, undefined, { ref: false })]);
    }
  }

  /** Resolves after an orderly end, rejects if the connection was lost. */
  async function lastOf(session: Session, lost: Promise<Error>): Promise<void> {
    // A connection that breaks again at once must not reset the pauses.
    const proven = setTimeout(() => {
      failures = 0;
    }, maxPauseMs);
    const asked = Promise.withResolvers<undefined>();
    askToFinish = () => asked.resolve(undefined);
    const reason = closing.signal.aborted ? undefined : await Promise.race([lost, asked.promise]);
    clearTimeout(proven);
    if (reason !== undefined) {
      fault = 'the connection was lost';
      throw reason;
    }
    await Promise.race([session.finish(), lost]);
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await holdOneConnection();
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const pauseMs = pauseAfter(failures, maxPauseMs);
        failures += 1;
        // One line for each new reason; a broker that is away for hours is not worth thousands.
        log[reason === fault ? 'debug' : 'warn']({ reason, pauseMs, failures }, 'rabbitmq is away, connecting again');
        fault = reason;
        await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
    fault = 'closed';
  }

  const running = run();
  return {
    fault: () => fault,
    async close() {
      closing.abort();
      askToFinish();
      // An attempt to connect has its own deadline; nobody need wait for it.
      await (fault === undefined ? running : Promise.race([running, sleep(goodbyeMs, undefined, { ref: false })]));
    },
  };
}

/** Doubles with every failure; half of it is chance, so that many bridges do not come back in step. */
export function pauseAfter(failures: number, maxPauseMs: number): number {
  const full = Math.min(maxPauseMs, firstPauseMs * 2 ** Math.min(failures, 30));
  return Math.round(full / 2 + (Math.random() * full) / 2);
}

async function opened(opening: Promise<Session>, lost: Promise<Error>, timeoutMs: number): Promise<Session> {
  const patience = new AbortController();
  const failed = async (reason: Promise<Error>): Promise<never> => {
    throw await reason;
  };
  const tooLong = sleep(timeoutMs, new Error(`queues did not answer within ${timeoutMs} ms; one may have no leader`), {
    signal: patience.signal,
  });
  try {
    return await Promise.race([opening, failed(lost), failed(tooLong)]);
  } finally {
    patience.abort();
  }
}

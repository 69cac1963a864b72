import type { ZodType } from 'zod';
import { BridgeError } from '../../src/errors.ts';
import type { Scan } from './document.ts';
import { isLoginRefusal } from './failure.ts';
import type { Gateway } from './gateway.ts';
import type { OtrsOptions } from './options.ts';
import type { Request } from './transport.ts';
import { sessionCreated } from './wire.ts';

/** Calls on behalf of the bridge's agent. */
export interface Session {
  call<Answer>(request: Omit<Request, 'sessionId'>, shape: ZodType<Answer>, signal: AbortSignal): Promise<Answer>;
  /** Like `call`, for an answer that is read as it comes; `read` throws the error that OTRS reports in it. */
  receive<Answer>(
    request: Omit<Request, 'sessionId'>,
    read: (scan: Scan) => Promise<Answer>,
    signal: AbortSignal,
  ): Promise<Answer>;
}

/**
 * Logs in when first needed and keeps the session: a call with login and password costs OTRS twice the time. A session
 * that died (idle for two hours, or OTRS was restarted) is replaced once per call; nothing was executed under it.
 */
export function keepSession(options: OtrsOptions, gateway: Gateway): Session {
  let current: Promise<string> | undefined;

  const logIn = async () => {
    // Callers share this login: none of them may end it for the others.
    const { signal } = new AbortController();
    const { SessionID } = await gateway.send(
      {
        operation: 'session_create',
        effect: 'read',
        purpose: `log in as ${options.login}`,
        data: { UserLogin: options.login, Password: options.password },
      },
      sessionCreated,
      signal,
    );
    return SessionID;
  };

  const enter = async (signal: AbortSignal) => {
    const mine = current ?? logIn();
    current = mine;
    try {
      return { mine, sessionId: await unlessAborted(mine, signal) };
    } catch (thrown) {
      if (!signal.aborted) {
        forget(mine);
      }
      throw thrown;
    }
  };

  const forget = (session: Promise<string>) => {
    current = current === session ? undefined : current;
  };

  const within = async <Answer>(send: (sessionId: string) => Promise<Answer>, signal: AbortSignal) => {
    const first = await enter(signal);
    try {
      return await send(first.sessionId);
    } catch (thrown) {
      if (!isDeadSession(thrown)) {
        throw thrown;
      }
      forget(first.mine);
    }

    const second = await enter(signal);
    return send(second.sessionId);
  };

  return {
    call: (request, shape, signal) =>
      within((sessionId) => gateway.send({ ...request, sessionId }, shape, signal), signal),
    receive: (request, read, signal) =>
      within((sessionId) => gateway.receive({ ...request, sessionId }, read, signal), signal),
  };
}

/** The login goes on for its other callers; this one does not wait for it any longer. Nothing of its own was sent. */
function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const gaveUp = new BridgeError('SYSTEM_UNREACHABLE', 'the bridge gave up waiting for the login to OTRS');
  if (signal.aborted) {
    return Promise.reject(gaveUp);
  }

  return new Promise((resolve, reject) => {
    const giveUp = () => reject(gaveUp);
    signal.addEventListener('abort', giveUp, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

function isDeadSession(thrown: unknown): boolean {
  return (
    thrown instanceof BridgeError &&
    typeof thrown.details.error_code === 'string' &&
    isLoginRefusal(thrown.details.error_code)
  );
}

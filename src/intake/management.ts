import { BridgeError } from '../errors.ts';
import { addressOfUrl } from './address.ts';

/** The management API of RabbitMQ: what AMQP does not show or cannot change. */
export interface Management {
  /** Host and port, for people. */
  readonly address: string;
  /** The answer as JSON; undefined for what does not exist. Throws `BROKER_UNAVAILABLE`. */
  get(path: readonly string[]): Promise<unknown>;
  /** The same; undefined also for what the login may not see. */
  peek(path: readonly string[]): Promise<unknown>;
  /** Throws `BROKER_UNAVAILABLE`. */
  put(path: readonly string[], body: Readonly<Record<string, unknown>>): Promise<void>;
}

/** `url` has the login in it; `timeoutMs` bounds each call. */
export function openManagement(url: string, timeoutMs: number): Management {
  const { username, password, origin, pathname } = new URL(url);
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const base = `${origin}${pathname.replace(/\/+$/, '')}/api`;
  const address = addressOfUrl(url);

  async function call(method: 'GET' | 'PUT', path: readonly string[], body?: string): Promise<Response> {
    const target = `${base}/${path.map(encodeURIComponent).join('/')}`;
    const headers = { authorization: `Basic ${login}`, 'content-type': 'application/json' };
    const init = { method, headers, signal: AbortSignal.timeout(timeoutMs) };
    const answer = await fetch(target, body === undefined ? init : { ...init, body }).catch((cause: unknown) => {
      throw refused(`it cannot be reached (${reasonOf(cause)})`, cause);
    });
    return answer;
  }

  function accept(answer: Response, what: string): void {
    if (answer.status === 401 || answer.status === 403) {
      throw refused(`the login is refused for ${what}: looking takes the tag monitoring, setting policies policymaker`);
    }
    // A health check that finds a fault answers with 503 and says what it found.
    if (!answer.ok && answer.status !== 503) {
      throw refused(`it answered ${answer.status} to ${what}`);
    }
  }

  function read(answer: Response): Promise<unknown> {
    return answer.json().catch((cause: unknown) => {
      throw refused('what answers there is not RabbitMQ', cause);
    });
  }

  function refused(what: string, cause?: unknown): BridgeError {
    return new BridgeError('BROKER_UNAVAILABLE', `The management API at ${address} cannot be used: ${what}.`, {
      cause,
    });
  }

  return {
    address,

    async get(path) {
      const answer = await call('GET', path);
      if (answer.status === 404) {
        return undefined;
      }
      accept(answer, `GET /${path.join('/')}`);
      return read(answer);
    },

    async peek(path) {
      const answer = await call('GET', path);
      return answer.ok ? read(answer) : undefined;
    },

    async put(path, body) {
      accept(await call('PUT', path, JSON.stringify(body)), `PUT /${path.join('/')}`);
    },
  };
}

function reasonOf(thrown: unknown): string {
  const cause = Error.isError(thrown) && Error.isError(thrown.cause) ? thrown.cause : thrown;
  return Error.isError(cause) ? cause.message || cause.name : String(cause);
}

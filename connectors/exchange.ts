import type { AxiosInstance } from 'axios';
import type { ConnectorContext, Exchange } from '../src/connector.ts';
import { toBridgeError } from '../src/errors.ts';

/** What a call is, before it is sent. */
export interface Asked {
  readonly method: string;
  /** Where it goes, without the query. */
  readonly path: string;
  readonly effect: 'read' | 'write';
  /** What is sent, as data. */
  readonly request?: unknown;
}

/** How a call goes on. Nothing is told of one that never began: it only waited for its turn. */
export interface Course {
  begin(): void;
  answered(status: number): void;
}

export type WatchExchange = <Result>(asked: Asked, work: (course: Course) => Promise<Result>) => Promise<Result>;

/** Who is told of calls. */
export type Watchers = Pick<ConnectorContext, 'onCall' | 'callHeaders' | 'onExchange' | 'onWrite'>;

/** Tells of every write and of every read that failed; what a read brings is nobody's business but the caller's. */
export function watchExchanges({ onCall, onExchange, onWrite }: Watchers = {}): WatchExchange {
  return async ({ effect, method, path, request }, work) => {
    if (effect === 'write') {
      onWrite?.({ method, path, ...(request === undefined ? {} : { request }) });
    }

    let begunAt: number | undefined;
    let status: number | undefined;
    const tell = (outcome: Pick<Exchange, 'answer' | 'fault'>) => {
      if (begunAt === undefined || onExchange === undefined) {
        return;
      }

      const ms = Math.round(performance.now() - begunAt);
      const sent = request === undefined ? {} : { request };
      onExchange({ method, path, ms, ...(status === undefined ? {} : { status }), ...sent, ...outcome });
    };

    try {
      const result = await work({
        begin: () => {
          onCall?.();
          begunAt = performance.now();
        },
        answered: (told) => {
          status = told;
        },
      });
      if (effect === 'write') {
        tell({ answer: result });
      }
      return result;
    } catch (thrown) {
      const { code, details } = toBridgeError(thrown);
      tell({ fault: code, answer: details });
      throw thrown;
    }
  };
}

/** Gives every call of the client the headers that its caller's context asks for. */
export function withCallHeaders(client: AxiosInstance, { callHeaders }: Watchers = {}): AxiosInstance {
  if (callHeaders !== undefined) {
    client.interceptors.request.use((config) => {
      config.headers.set(callHeaders());
      return config;
    });
  }
  return client;
}

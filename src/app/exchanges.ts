import { AsyncLocalStorage } from 'node:async_hooks';
import type { Exchange } from '../connector.ts';
import type { KeptExchange } from '../domain/attempt.ts';
import type { WatchCalls } from '../flow/attempt.ts';
import { createRedactor, type Redact } from '../flow/redact.ts';

/** What the configuration says of requests and answers: keep them redacted, or only that there were calls. */
export type KeepExchanges = 'redacted' | 'none';

/** Brings together what an action is and what the connectors hear of its calls, which know nothing of each other. */
export interface ExchangeRecorder {
  /** For the connectors. */
  readonly onExchange: (exchange: Exchange) => void;
  readonly watchCalls: WatchCalls;
}

/** Calls of one action that are kept; retries of a login and the like are few. */
const MOST_CALLS = 20;

export function createExchangeRecorder(keep: KeepExchanges): ExchangeRecorder {
  const redact = createRedactor();
  const watched = new AsyncLocalStorage<KeptExchange[]>();

  return {
    onExchange: (exchange) => {
      const calls = watched.getStore();
      if (calls !== undefined && calls.length < MOST_CALLS) {
        calls.push(keep === 'redacted' ? redacted(exchange, redact) : withoutWords(exchange));
      }
    },
    watchCalls: async (work) => {
      const calls: KeptExchange[] = [];
      const result = await watched.run(calls, work);
      return { result, calls };
    },
  };
}

function redacted({ request, answer, ...call }: Exchange, redact: Redact): KeptExchange {
  return {
    ...call,
    ...(request === undefined ? {} : { request: redact(request, 'data') }),
    ...(answer === undefined ? {} : { answer: redact(answer, call.fault === undefined ? 'data' : 'refusal') }),
  };
}

function withoutWords({ request: _request, answer: _answer, ...call }: Exchange): KeptExchange {
  return call;
}

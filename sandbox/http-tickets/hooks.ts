import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxTicket } from './tickets.ts';

export interface HookTarget {
  /** The whole address, e.g. `http://127.0.0.1:8400/webhooks/dwh`. */
  readonly url: string;
  readonly secret: string;
}

const RETRY_MS = 500;

/** Tells each change by a webhook, and again until it is taken. */
export function sendHooks(target: HookTarget | undefined) {
  const stopped = new AbortController();
  const underWay = new Set<Promise<void>>();
  let isOn = true;

  const isTaken = async ({ url, secret }: HookTarget, body: string) => {
    const headers = { 'content-type': 'application/json', 'x-bridge-secret': secret };
    const answer = await fetch(url, { method: 'POST', headers, body, signal: stopped.signal }).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.ok === true;
  };
  const deliver = async (to: HookTarget, body: string) => {
    while (!stopped.signal.aborted && !(await isTaken(to, body))) {
      await sleep(RETRY_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  };

  return {
    tell: ({ id, number }: SandboxTicket, by: string) => {
      if (target !== undefined && isOn) {
        const delivery = deliver(target, JSON.stringify({ ticket: { id, number }, by })).finally(() =>
          underWay.delete(delivery),
        );
        underWay.add(delivery);
      }
    },
    turn: (state: 'on' | 'off') => {
      isOn = state === 'on';
    },
    settled: async () => {
      while (underWay.size > 0) {
        await Promise.all(underWay);
      }
    },
    stop: async () => {
      stopped.abort();
      await Promise.all(underWay);
    },
  };
}

import { keepDelivering } from '../servers/deliveries.ts';
import type { SandboxTicket } from './tickets.ts';

export interface HookTarget {
  /** The whole address, e.g. `http://127.0.0.1:8400/webhooks/dwh`. */
  readonly url: string;
  readonly secret: string;
}

const RETRY_MS = 500;

/** Tells each change by a webhook, and again until it is taken. */
export function sendHooks(target: HookTarget | undefined) {
  const { send, settled, stop } = keepDelivering();
  let isOn = true;

  const isTaken = async ({ url, secret }: HookTarget, body: string, signal: AbortSignal) => {
    const headers = { 'content-type': 'application/json', 'x-bridge-secret': secret };
    const answer = await fetch(url, { method: 'POST', headers, body, signal }).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.ok === true;
  };

  return {
    tell: ({ id, number }: SandboxTicket, by: string) => {
      if (target !== undefined && isOn) {
        const body = JSON.stringify({ ticket: { id, number }, by });
        send((stopped) => isTaken(target, body, stopped), RETRY_MS);
      }
    },
    turn: (state: 'on' | 'off') => {
      isOn = state === 'on';
    },
    settled,
    stop,
  };
}

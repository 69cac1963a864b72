import type { Hint, Webhook } from '../../src/connector.ts';
import { BridgeError } from '../../src/errors.ts';
import { refOf, wireWebhook } from './wire.ts';

/** `{"ticket": {"id", "number"}, "by"}`: what changed is read afterwards, so nothing else is believed. */
export function receiveWebhook({ body }: Webhook, system: string, account: string | undefined): readonly Hint[] {
  const event = wireWebhook.safeParse(parse(body));
  if (!event.success) {
    const [fault] = event.error.issues;
    const place = fault === undefined || fault.path.length === 0 ? 'the body' : fault.path.join('.');
    throw new BridgeError('WEBHOOK_UNREADABLE', `the webhook tells of no ticket: ${place}: ${fault?.message ?? ''}`);
  }

  const { ticket, by } = event.data;
  return by === account ? [] : [{ ref: refOf(ticket, system), kind: 'changed' }];
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new BridgeError('WEBHOOK_UNREADABLE', 'the body of the webhook is not JSON', { cause });
  }
}

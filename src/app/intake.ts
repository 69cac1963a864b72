import { isUtf8 } from 'node:buffer';
import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { createDirectIntake } from '../intake/direct.ts';
import type { Intake, Sink, UnreadableMessage } from '../intake/intake.ts';
import { createRabbitmqIntake } from '../intake/rabbitmq.ts';
import type { Store } from '../store/store.ts';
import type { AppConfig } from './config.ts';

/** The way in that the configuration names. What cannot be understood becomes a dead letter, whole. */
export function createIntake(
  { intake }: AppConfig,
  sink: Sink,
  store: Store,
  now: () => DateTime,
  log: Logger,
): Intake {
  if (intake.kind === 'direct') {
    return createDirectIntake(sink);
  }

  const { kind: _, ...options } = intake;
  const onUnreadable = ({ body, reason }: UnreadableMessage) =>
    store.bury({ code: 'MESSAGE_UNREADABLE', message: reason, details: bodyOf(body), at: now() });
  return createRabbitmqIntake({ options, sink, onUnreadable, log: log.child({ part: 'intake' }), now });
}

/** The whole message, in a form that loses nothing. */
function bodyOf(body: Buffer): Readonly<Record<string, string>> {
  return isUtf8(body) ? { body: body.toString('utf8') } : { body_base64: body.toString('base64') };
}

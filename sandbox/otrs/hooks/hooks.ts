import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { keepDelivering } from '../../servers/deliveries.ts';
import type { SandboxEvent } from '../desk/model.ts';
import type { Reading } from '../operations/ticket-get.ts';
import { type Answer, lengthOf, sendable } from '../wire/bodies.ts';
import { type HookShape, toHookBody } from './shapes.ts';

export interface HookTarget {
  /** The whole address, e.g. `http://127.0.0.1:8080/webhooks/otrs`. */
  readonly url: string;
  readonly secret: string;
  /** UserID whose changes send no webhook, as the conditions of the web service say; absent: all changes send one. */
  readonly silentUserId?: number;
  /** `short` unless given. */
  readonly shape?: HookShape;
  /** Milliseconds between two tries while the receiver does not take the webhook. */
  readonly retryMs?: number;
}

/** What the web service definition of the bridge subscribes to. */
const SUBSCRIBED =
  /^(?:TicketCreate|ArticleCreate|TicketMerge|TicketDelete|Ticket(?:State|Queue|Priority|Type|Service|Title|Customer|Owner|ArchiveFlag)Update|TicketDynamicFieldUpdate_(?:NeedDevelopment|ClosureCode|Solution|ConfigItem|InfoComplete|DiagnosisDone|Workaround|UpdateInstalled|RelatedSystem|ExternalNumber|ReturnReason|ApprovedBy|ApprovalRefused|NeedLine2))$/;

/** Whether the web service definition of the bridge subscribes to the event. */
export function isSubscribed(event: string): boolean {
  return SUBSCRIBED.test(event);
}

/** Tells events to the bridge as the daemon does: after the change, several at once, in no order, and again until taken. */
export function sendHooks(target: HookTarget | undefined, reading: () => Reading) {
  const { send, settled, stop } = keepDelivering();
  let shape = target?.shape ?? 'short';

  const isTaken = async ({ url, secret }: HookTarget, event: SandboxEvent, stopped: AbortSignal) => {
    try {
      // The ticket is read when the webhook is sent, also when it is sent again.
      const { status, text } = await post(url, secret, toHookBody(event, shape, reading()), stopped);
      // The real one takes an empty 200 for a failure.
      return status === 204 || (status >= 200 && status < 300 && text !== '');
    } catch {
      return false;
    }
  };

  return {
    tell(event: SandboxEvent) {
      if (target === undefined || !isSubscribed(event.name) || event.by === target.silentUserId) {
        return;
      }

      send((stopped) => isTaken(target, event, stopped), target.retryMs ?? 1_000);
    },
    /** What webhooks look like from now on. */
    shapeAs(next: HookShape) {
      shape = next;
    },
    settled,
    stop,
  };
}

/** As the real one sends it: the length is told before, and each webhook has a connection of its own. */
async function post(url: string, secret: string, body: Answer, stopped: AbortSignal) {
  const sent = request(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': lengthOf(body),
      'User-Agent': 'REST::Client/281',
      'X-Bridge-Secret': secret,
      Connection: 'TE, close',
      TE: 'deflate,gzip;q=0.3',
    },
    agent: false,
    signal: AbortSignal.any([stopped, AbortSignal.timeout(30_000)]),
  });
  const answered: Promise<[IncomingMessage]> = once(sent, 'response') as Promise<[IncomingMessage]>;
  // A receiver may refuse before it has read everything.
  const [[answer]] = await Promise.all([answered, pipeline(sendable(body), sent).catch(() => undefined)]);
  return { status: answer.statusCode ?? 0, text: await textOf(answer) };
}

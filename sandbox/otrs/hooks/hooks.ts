import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxEvent } from '../desk/model.ts';
import { toBase64 } from '../wire/base64.ts';

export interface HookTarget {
  /** The whole address, e.g. `http://127.0.0.1:8080/webhooks/otrs`. */
  readonly url: string;
  readonly secret: string;
  /** UserID whose changes send no webhook, as the conditions of the web service say; absent: all changes send one. */
  readonly silentUserId?: number;
  /** Whole articles with their files, as the invoker `Ticket::Generic` sends them; absent: the bridge's own short body. */
  readonly withArticles?: boolean;
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
export function sendHooks(target: HookTarget | undefined) {
  const stopped = new AbortController();
  const underWay = new Set<Promise<void>>();

  const deliver = async (event: SandboxEvent) => {
    const body = target?.withArticles === true ? await toGenericBody(event) : JSON.stringify(toBody(event));
    while (!stopped.signal.aborted && target !== undefined) {
      if (await isTaken(target, body)) {
        return;
      }
      await sleep(target.retryMs ?? 1_000, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  };

  const isTaken = async ({ url, secret }: HookTarget, body: string) => {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'User-Agent': 'REST::Client/281', 'X-Bridge-Secret': secret },
        body,
        signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(30_000)]),
      });
      const text = await answer.text();
      // The real one takes an empty 200 for a failure.
      return answer.ok && (answer.status === 204 || text !== '');
    } catch {
      return false;
    }
  };

  return {
    tell(event: SandboxEvent) {
      if (target === undefined || !isSubscribed(event.name) || event.by === target.silentUserId) {
        return;
      }

      const delivery = deliver(event).finally(() => underWay.delete(delivery));
      underWay.add(delivery);
    },
    /** Resolves when every webhook so far was taken. */
    async settled() {
      while (underWay.size > 0) {
        await Promise.all(underWay);
      }
    },
    async stop() {
      stopped.abort();
      await Promise.all(underWay);
    },
  };
}

function toBody(event: SandboxEvent) {
  const [, field] = event.name.split('_', 2);
  return {
    event: event.name,
    ticketId: event.ticket.id,
    ...(event.articleId === undefined ? {} : { articleId: event.articleId }),
    ...(field === undefined ? {} : { fieldName: field, userId: event.by }),
  };
}

/** Keys of the real one, as far as anybody may read them; the article is the one of the event. */
async function toGenericBody({ name, ticket, articleId, by }: SandboxEvent): Promise<string> {
  const article = ticket.articles.find(({ id }) => id === articleId);
  const files = (article?.attachments ?? []).map(async (file, index) => ({
    Content: (await Array.fromAsync(toBase64(file.content.open() ?? Readable.from([])))).join(''),
    ContentType: file.contentType,
    FileID: String(index + 1),
    Filename: file.name,
    FilesizeRaw: String(file.content.size),
  }));
  const shown = article && {
    ArticleID: article.id,
    CreateBy: by,
    Body: article.body,
    Attachment: await Promise.all(files),
  };
  return JSON.stringify({
    Ticket: { TicketID: ticket.id, TicketNumber: ticket.number, ...(shown === undefined ? {} : { Article: shown }) },
    Event: { Event: name, TicketID: String(ticket.id), ...(articleId === undefined ? {} : { ArticleID: articleId }) },
  });
}

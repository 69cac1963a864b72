import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DialectName } from './dialect.ts';
import type { Payload } from './hook-payloads.ts';

/** How a product and version sends its webhooks. */
export interface HookFlavour {
  readonly dialect: DialectName;
  /** From Data Center 10 on, and on Cloud: a secret signs the body. Before, there is no such thing. */
  readonly signs: boolean;
  /** Up to Data Center 9 the user's request waits for the receiver. */
  readonly isSynchronous: boolean;
  /** Cloud names its deliveries and repeats those that fail for a while. */
  readonly repeats: boolean;
  /** `${issue.id}` up to 9, `{issue.id}` later. */
  readonly variable: RegExp;
}

export function flavourOf(dialect: DialectName, version: string): HookFlavour {
  const isClassic = dialect === 'datacenter' && Number.parseInt(version, 10) < 10;
  return {
    dialect,
    signs: !isClassic,
    isSynchronous: isClassic,
    repeats: dialect === 'cloud',
    variable: isClassic ? /\$\{([\w.]+)\}/g : /\{([\w.]+)\}/g,
  };
}

/** Where events are sent, and how the receiver can tell that they are genuine. */
export interface HookTarget {
  /** May hold variables, e.g. `?issue_id={issue.id}`, written as the version writes them. */
  readonly url: string;
  readonly name?: string;
  /** All of them if nothing is said. */
  readonly events?: readonly string[];
  readonly excludeBody?: boolean;
  /** Signs the body: `X-Hub-Signature: sha256=…`, where the version can. */
  readonly signatureSecret?: string;
  /** Sent with every event, e.g. `{ 'x-bridge-secret': '…' }`; a proxy in front of older versions can add such a header. */
  readonly headers?: Readonly<Record<string, string>>;
}

const DELIVERY_TIMEOUT_MS = 5_000;
const MOST_REPEATS = 5;
/** Minutes in reality. */
const REPEAT_AFTER_MS = 20;

/** Statuses after which Cloud tries again. */
const repeatable = (status: number) => [408, 409, 425, 429].includes(status) || status >= 500;

/** Sends one event to one receiver. Throws if nobody took it. */
export async function deliver(target: HookTarget, payload: Payload, flavour: HookFlavour, now: number): Promise<void> {
  const body = target.excludeBody === true ? '' : JSON.stringify({ timestamp: now, ...payload });
  const identifier = randomUUID();
  for (let attempt = 0; ; attempt += 1) {
    const headers = { ...headersOf(target, body, flavour), ...(flavour.repeats ? namesOf(identifier, attempt) : {}) };
    const status = await post(addressOf(target.url, payload, flavour), body, headers);
    if (status >= 200 && status < 300) {
      return;
    }

    if (!flavour.repeats || !repeatable(status) || attempt === MOST_REPEATS) {
      throw new Error(`HTTP ${status}`);
    }
    await sleep(REPEAT_AFTER_MS);
  }
}

function namesOf(identifier: string, attempt: number): Readonly<Record<string, string>> {
  return {
    'x-atlassian-webhook-identifier': identifier,
    ...(attempt === 0 ? {} : { 'x-atlassian-webhook-retry': String(attempt) }),
  };
}

function headersOf({ signatureSecret, headers }: HookTarget, body: string, { signs }: HookFlavour) {
  const isSigned = signs && signatureSecret !== undefined;
  const signature = isSigned ? createHmac('sha256', signatureSecret).update(body).digest('hex') : '';
  return {
    'content-type': 'application/json; charset=UTF-8',
    ...(isSigned ? { 'x-hub-signature': `sha256=${signature}` } : {}),
    ...headers,
  };
}

/** The status; 503 stands for a receiver that cannot be reached. */
async function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers,
      signal: AbortSignal.timeout(DELIVERY_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 503;
  }
}

/** The address with its variables filled in; Data Center adds who did it. */
function addressOf(url: string, { issue, comment, user }: Payload, { dialect, variable }: HookFlavour): string {
  const facts: Readonly<Record<string, unknown>> = { issue, comment, user };
  const filled = url.replace(variable, (_, path: string) => encodeURIComponent(valueAt(facts, path)));
  const { name, key } = (user ?? {}) as { readonly name?: string; readonly key?: string };
  if (dialect === 'cloud' || name === undefined || key === undefined) {
    return filled;
  }

  const who = new URLSearchParams({ user_id: name, user_key: key }).toString();
  return `${filled}${filled.includes('?') ? '&' : '?'}${who}`;
}

function valueAt(facts: unknown, path: string): string {
  let value = facts;
  for (const part of path.split('.')) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined;
  }
  return value === undefined ? '' : String(value);
}

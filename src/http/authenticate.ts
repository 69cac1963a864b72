import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What may prove that a webhook is genuine. One proof that holds is enough; the lists allow a change of secrets. */
export interface Proofs {
  readonly sharedSecrets: readonly string[];
  /** In lower case. */
  readonly sharedSecretHeader: string;
  readonly basic?: { readonly user: string; readonly password: string };
  readonly signatureSecrets: readonly string[];
  /** Believe everybody. */
  readonly insecure: boolean;
}

/** `undecided` means that only the body can tell: there is a signature over it. */
export type Verdict = 'genuine' | 'undecided' | 'refused';

/** Judges by the headers alone, so that a stranger's body need not be read. */
export function judgeHeaders(headers: IncomingHttpHeaders, proofs: Proofs): Verdict {
  const secret = headers[proofs.sharedSecretHeader];
  const isGenuine =
    proofs.insecure ||
    (typeof secret === 'string' && isOneOf(Buffer.from(secret, 'latin1'), proofs.sharedSecrets)) ||
    (proofs.basic !== undefined && isLogin(headers.authorization, proofs.basic));

  if (isGenuine) {
    return 'genuine';
  }

  return proofs.signatureSecrets.length > 0 && signatureIn(headers) !== undefined ? 'undecided' : 'refused';
}

/** Judges the signature over the bytes as they came in. */
export function isSigned(headers: IncomingHttpHeaders, body: Buffer, { signatureSecrets }: Proofs): boolean {
  const signature = signatureIn(headers);

  return (
    signature !== undefined &&
    signatureSecrets
      .map((secret) => timingSafeEqual(createHmac('sha256', secret).update(body).digest(), signature))
      .includes(true)
  );
}

/**
 * `X-Hub-Signature: sha256=<hex>` as JIRA sends it, `X-Bridge-Signature` as the add-on of OTRS does; other algorithms count
 * as unsigned. A request that was caught and is sent again is believed again: all it brings about is another look.
 */
function signatureIn(headers: IncomingHttpHeaders): Buffer | undefined {
  const header = headers['x-hub-signature'] ?? headers['x-bridge-signature'];
  const hex = typeof header === 'string' ? /^sha256=([0-9a-f]{64})$/i.exec(header)?.[1] : undefined;
  return hex === undefined ? undefined : Buffer.from(hex, 'hex');
}

function isLogin(header: string | undefined, { user, password }: { user: string; password: string }): boolean {
  const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  return encoded !== undefined && isOneOf(Buffer.from(encoded, 'base64'), [`${user}:${password}`]);
}

/** Compares all, whatever their lengths, in a time that tells nothing. */
function isOneOf(given: Buffer, expected: readonly string[]): boolean {
  const digest = (value: Buffer | string) => createHash('sha256').update(value).digest();
  return expected.map((each) => timingSafeEqual(digest(each), digest(given))).includes(true);
}

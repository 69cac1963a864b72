import type { WebhookOptions } from '../config/schema.ts';
import type { SystemName } from '../domain/ticket.ts';
import type { Proofs } from '../http/authenticate.ts';
import type { AppConfig } from './config.ts';

/** Who may send webhooks, by system. A system of its own that is not named here gets no address. */
export function allProofs({ http: { webhooks }, systems }: AppConfig): Readonly<Record<SystemName, Proofs>> {
  const adjacent = Object.entries(systems).flatMap(([system, { webhook }]) =>
    webhook === undefined ? [] : [[system, proofsOf(webhook)] as const],
  );
  return { otrs: proofsOf(webhooks.otrs), jira: proofsOf(webhooks.jira), ...Object.fromEntries(adjacent) };
}

function proofsOf(options: WebhookOptions): Proofs {
  return {
    sharedSecrets: [options.shared_secret ?? []].flat(),
    sharedSecretHeader: options.shared_secret_header.toLowerCase(),
    signatureSecrets: options.signature_secrets ?? [],
    insecure: options.insecure,
    ...(options.basic === undefined ? {} : { basic: options.basic }),
  };
}

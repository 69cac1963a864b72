import { z } from 'zod';
import type { Finding } from '../../../src/connector.ts';
import { toBridgeError } from '../../../src/errors.ts';
import { dialectOf, serverInfoCall } from '../choose-dialect.ts';
import type { Gateway } from '../http/gateway.ts';
import { ok, warning } from './finding.ts';

/** What a bridge needs to be told of. */
const events = [
  'jira:issue_created',
  'jira:issue_updated',
  'jira:issue_deleted',
  'comment_created',
  'comment_updated',
  'comment_deleted',
];

const maybe = <Shape extends z.ZodType>(shape: Shape) => shape.nullish().catch(undefined);

/** Versions name and nest things differently, and not all of it is documented: what is not as expected counts as unsaid. */
const wireHooks = z.array(
  z.object({
    name: maybe(z.string()),
    url: maybe(z.string()),
    events: maybe(z.array(z.string())),
    enabled: maybe(z.boolean()),
    active: maybe(z.boolean()),
    excludeBody: maybe(z.boolean()),
    configuration: maybe(z.record(z.string(), z.unknown())),
  }),
);

type Hook = z.output<typeof wireHooks>[number];

interface WebhookParts {
  readonly gateway: Gateway;
  readonly system: string;
  /** Where webhooks arrive, if it is known. */
  readonly webhookUrl?: string | undefined;
}

/**
 * Whether JIRA has a webhook that leads here and tells what it has to. Only administrators may read that; the bridge's
 * account need not be one, so that it cannot be read is no fault.
 */
export async function checkWebhook(
  { gateway, system, webhookUrl }: WebhookParts,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const hooks = await readHooks(gateway, signal);
  if (hooks === undefined) {
    return [
      ok(
        'webhook',
        `not looked at: only administrators of JIRA may read webhooks. Make sure under System, WebHooks that one leads to ${webhookUrl ?? `/webhooks/${system} of the bridge`}, is switched on and sends its body`,
      ),
    ];
  }

  const [hook, ...others] = hooks.filter(({ url }) => leadsHere(url ?? '', webhookUrl, system));
  if (hook === undefined) {
    const seen = hooks.map(({ name, url }) => `«${name ?? ''}» to ${withoutQuery(url ?? '')}`).join(', ');
    return [
      warning(
        'webhook',
        `no webhook leads to ${webhookUrl ?? `/webhooks/${system}`}${seen === '' ? '' : ` (there are: ${seen})`}. Changes are found by the sweep only, minutes late. Create one under System, WebHooks`,
      ),
    ];
  }

  const enough = [hook, ...others].find((each) => faultsOf(each).length === 0);
  return enough === undefined
    ? faultsOf(hook).map((fault) => warning('webhook', `«${hook.name ?? ''}» ${fault}`))
    : [ok('webhook', `«${enough.name ?? ''}» leads to ${withoutQuery(enough.url ?? '')} and tells what it has to`)];
}

/** Undefined where the account may not read them. Data Center has another address for them since version 10. */
async function readHooks(gateway: Gateway, signal: AbortSignal): Promise<readonly Hook[] | undefined> {
  const info = await gateway.send(serverInfoCall(signal));
  const isNew = dialectOf(info).name === 'datacenter' && Number.parseInt(info.version, 10) >= 10;
  try {
    return await gateway.send({
      method: 'GET',
      root: isNew ? '/rest/jira-webhook/1.0' : '/rest/webhooks/1.0',
      path: isNew ? '/webhooks' : '/webhook',
      effect: 'none',
      shape: wireHooks,
      signal,
    });
  } catch (thrown) {
    const error = toBridgeError(thrown);
    const isAway = ['SYSTEM_UNREACHABLE', 'SYSTEM_FAILING', 'RATE_LIMITED'].includes(error.code);
    if (isAway) {
      throw error;
    }
    return undefined;
  }
}

/** Where the bridge's own address is not known, whatever leads to the right path may be it. */
function leadsHere(url: string, webhookUrl: string | undefined, system: string): boolean {
  const address = withoutQuery(url);
  return webhookUrl === undefined ? address.endsWith(`/webhooks/${system}`) : address === withoutQuery(webhookUrl);
}

function faultsOf({ enabled, active, events: told, excludeBody, configuration }: Hook): readonly string[] {
  const lacking = events.filter((event) => told && !told.includes(event));
  const isBodiless = excludeBody ?? String(configuration?.EXCLUDE_BODY).toLowerCase() === 'true';
  return [
    ...((enabled ?? active) === false ? ['is switched off'] : []),
    ...(lacking.length === 0 ? [] : [`does not tell of ${lacking.join(', ')}`]),
    ...(isBodiless ? ['does not send its body: the bridge cannot tell its own changes from those of people'] : []),
  ];
}

/** Addresses may carry secrets in their query. */
function withoutQuery(url: string): string {
  return (url.split(/[?#]/u)[0] ?? '').replace(/\/+$/u, '');
}

import type { Reply } from './faults.ts';
import type { HookFlavour, HookTarget } from './hook-delivery.ts';

const CLASSIC = '/rest/webhooks/1.0/webhook';
const MODERN = '/rest/jira-webhook/1.0/webhooks';

/** Whether a path is one of the places where webhooks are told, in this version or in another. */
export function isHookRegistry(pathname: string): boolean {
  return pathname === CLASSIC || pathname === MODERN;
}

/** The webhooks as administrators see them: Data Center has another place and another form for them since 10. */
export function hookRegistry(
  pathname: string,
  { dialect, isSynchronous: isClassic }: HookFlavour,
  targets: readonly HookTarget[],
): Reply | undefined {
  const isModern = dialect === 'datacenter' && !isClassic;
  if (pathname !== (isModern ? MODERN : CLASSIC)) {
    return undefined;
  }

  return { status: 200, body: isModern ? targets.map(modernBean) : targets.map(classicBean) };
}

const every = ['jira:issue_created', 'jira:issue_updated', 'jira:issue_deleted', 'comment_created', 'comment_updated'];

function classicBean({ name, url, events, excludeBody = false }: HookTarget, index: number) {
  return {
    name: name ?? `Webhook ${index + 1}`,
    url,
    excludeBody,
    filters: { 'issue-related-events-section': '' },
    events: events ?? [...every, 'comment_deleted', 'issuelink_created'],
    enabled: true,
  };
}

function modernBean({ name, url, events, excludeBody = false }: HookTarget, index: number) {
  return {
    id: index + 1,
    name: name ?? `Webhook ${index + 1}`,
    url,
    events: events ?? [...every, 'comment_deleted', 'issuelink_created'],
    configuration: { EXCLUDE_BODY: String(excludeBody) },
    active: true,
    sslVerificationRequired: true,
  };
}

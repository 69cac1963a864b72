import { z } from 'zod';
import type { Relation } from '../../../src/connector.ts';
import { nameOf, type Ref } from '../../../src/domain/ticket.ts';
import type { Gateway } from '../http/gateway.ts';
import { pathOf } from '../issue-path.ts';
import type { JiraOptions } from '../options.ts';
import { summaryOf } from '../text/limits.ts';

/**
 * Shows a record of another system as a remote link, struck out while that is done. Its global id names it, so a repeat
 * updates the same link.
 */
export async function relateIssue(
  ref: Ref,
  to: Ref,
  shown: Relation,
  options: Pick<JiraOptions, 'bmp_only'>,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<void> {
  const application = to.system.toUpperCase();
  await gateway.send({
    method: 'POST',
    path: `${pathOf(ref)}/remotelink`,
    body: {
      globalId: `system=${originOf(shown.url) ?? to.system}&id=${to.id}`,
      application: { type: 'otrs-jira-bridge', name: application },
      relationship: `заявка ${application}`,
      object: {
        url: shown.url,
        title: summaryOf(shown.title, options),
        status: { resolved: shown.isResolved ?? false },
      },
    },
    about: nameOf(ref),
    effect: 'repeatable',
    shape: z.unknown(),
    signal,
  });
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

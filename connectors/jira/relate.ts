import { z } from 'zod';
import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import type { Gateway } from './gateway.ts';
import { pathOf } from './issue-path.ts';
import { summaryOf } from './limits.ts';
import type { JiraOptions } from './options.ts';

/** Shows a record of another system as a remote link. Its global id names it, so a repeat updates the same link. */
export async function relateIssue(
  ref: Ref,
  to: Ref,
  shown: { readonly title: string; readonly url: string },
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
      object: { url: shown.url, title: summaryOf(shown.title, options) },
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

import type { Finding } from '../connector.ts';
import type { Settings } from './config.ts';

/** Where the rules write internal comments into issues, the configuration has to name who may read them there. */
export function checkVisibility({ config, policy }: Settings): readonly Finding[] {
  return policy.comments.toIssue.internalNotes === 'carried' && config.jira.internal_comments === undefined
    ? [
        {
          level: 'error',
          subject: 'comments: internal notes',
          message: `${config.mappings}/comments.yaml carries internal notes into issues (to_issue.internal_notes), and jira.internal_comments does not name a role or group that may read them there: every one would be refused. Name it, or set internal_notes to stay.`,
        },
      ]
    : [];
}

import type { Finding } from '../connector.ts';
import type { Settings } from './config.ts';

/** Where the rules let internal words or files be seen by others than those who may, the configuration has to say by whom. */
export function checkVisibility(settings: Settings): readonly Finding[] {
  return [...checkInternalNotes(settings), ...checkFilesOfIssue(settings)];
}

/** Where the rules write internal comments into issues, the configuration has to name who may read them there. */
function checkInternalNotes({ config, policy }: Settings): readonly Finding[] {
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

/** JIRA shows a file to all who see the issue, and does not tell with which comment it came. */
function checkFilesOfIssue({ config, policy }: Settings): readonly Finding[] {
  return policy.attachments.toTicket.visibility === 'public'
    ? [
        {
          level: 'warning',
          subject: 'attachments: files of issues',
          message: `${config.mappings}/attachments.yaml shows files of issues to the requester (to_ticket.visibility: public). JIRA does not tell which comment a file belongs to, so one that was meant for a restricted comment is shown as well. Set it to internal, unless nothing internal is ever attached to issues.`,
        },
      ]
    : [];
}

import type { AccessPolicy } from '../domain/access/access.ts';
import type { ApprovalPolicy } from '../domain/access/judge-approval.ts';
import type { PriorityPolicy } from '../domain/priority.ts';
import type { SlaPolicy } from '../domain/table-4.ts';
import type { Wording } from '../domain/vocabulary.ts';
import { phraseCompiler } from './phrases.ts';
import type { Mappings } from './schema.ts';
import { stem } from './stem.ts';

type Approval = NonNullable<Mappings['access']['approval']>;

const HOUR_MS = 3_600_000;

interface Parts {
  readonly priority: PriorityPolicy;
  readonly sla: SlaPolicy;
  readonly wording: Wording;
}

/** Valid rows -> the policy of access requests. Letters are read with the negations of the priorities. */
export function compileAccess({ access: { approval, checklist, task } }: Mappings, parts: Parts): AccessPolicy {
  return {
    ...(approval === undefined ? {} : { approval: compileApproval(approval, parts) }),
    ...(task === undefined ? {} : { taskGap: task.gap }),
    ...(checklist === undefined
      ? {}
      : {
          checklist: {
            services: checklist.services,
            clause: checklist.clause,
            newsFor: checklist.news_hours * HOUR_MS,
            subject: checklist.subject,
            text: checklist.text,
            wording: parts.wording,
          },
        }),
  };
}

function compileApproval(approval: Approval, { priority, sla, wording }: Parts): ApprovalPolicy {
  const compiler = phraseCompiler({}, stem);
  const { reminder } = approval;
  return {
    services: approval.services,
    clause: approval.clause,
    steps: approval.steps,
    recordedIn: approval.recorded_in,
    refusedIn: approval.refused_in,
    shownIn: approval.shown_in,
    letters: approval.letters,
    words: {
      approved: approval.words.approved.map(compiler.phrase),
      refused: approval.words.refused.map(compiler.phrase),
      negation: priority.negation,
      stem,
      readAtMost: priority.readAtMost,
    },
    branches: wording.branches,
    texts: approval.texts,
    gap: approval.gap,
    letterNote: approval.letter_note,
    ...(reminder === undefined
      ? {}
      : {
          reminder: {
            after: reminder.after_hours * HOUR_MS,
            every: reminder.every_hours * HOUR_MS,
            atMost: reminder.at_most,
            newsFor: reminder.news_hours * HOUR_MS,
            subject: reminder.subject,
            text: reminder.text,
          },
        }),
    sla,
    wording,
  };
}

import type { Stage } from '../stage.ts';
import type { Timeline } from '../timeline.ts';
import type { FoundPauses, Suspension } from './pauses.ts';
import type { ClockPolicy } from './rules.ts';
import { describeEntry, firedBy } from './trigger.ts';

/** What brought a stage to its end. */
export interface Milestone {
  readonly at: number;
  readonly rule: string;
  readonly clause: string;
  readonly evidence: string;
}

export type Milestones = Partial<Readonly<Record<Stage, Milestone>>>;

/** A workaround and, if it did not hold, its end (R20). */
export interface WorkaroundStory {
  readonly given: Milestone;
  readonly withdrawn?: Milestone;
  /** Workarounds before that one, each of which failed; oldest first. */
  readonly earlier: readonly { readonly given: Milestone; readonly withdrawn: Milestone }[];
}

/** The first event that ends each stage (R24, R25). A stage once done stays done, but for a ticket that is opened again. */
export function findMilestones(
  { entries }: Timeline,
  policy: ClockPolicy,
  { requests }: Pick<FoundPauses, 'requests'>,
  closed: Suspension | undefined,
): Milestones {
  const found: Partial<Record<Stage, Milestone>> = {};
  for (const [position, entry] of entries.entries()) {
    const request = requests.get(position);
    for (const rule of firedBy(policy.stages, entry, request === undefined ? 'no-request' : 'request')) {
      const isAsked = rule.trigger.on === 'request' && request !== undefined;
      found[rule.stage] ??= {
        at: entry.at,
        rule: rule.name,
        clause: rule.clause,
        evidence: isAsked ? request : describeEntry(entry),
      };
    }
  }
  return closed === undefined
    ? found
    : { ...found, resolution: { at: closed.from, rule: 'ticket-is-closed', clause: 'R54', evidence: closed.begunBy } };
}

/** The newest workaround; one that was given again after it had failed begins anew. */
export function findWorkaround(
  { entries }: Timeline,
  { workaround }: Pick<ClockPolicy, 'workaround'>,
): WorkaroundStory | undefined {
  let story: WorkaroundStory | undefined;
  for (const entry of entries) {
    const [given] = firedBy(workaround.given, entry, 'no-request');
    const [withdrawn] = firedBy(workaround.withdrawn, entry, 'no-request');
    const milestone = { at: entry.at, evidence: describeEntry(entry) };
    if (given !== undefined && (story === undefined || story.withdrawn !== undefined)) {
      story = { given: { ...milestone, rule: given.name, clause: given.clause }, earlier: failedOf(story) };
    } else if (withdrawn !== undefined && story !== undefined && story.withdrawn === undefined) {
      story = { ...story, withdrawn: { ...milestone, rule: withdrawn.name, clause: withdrawn.clause } };
    }
  }
  return story;
}

function failedOf(story: WorkaroundStory | undefined): WorkaroundStory['earlier'] {
  if (story?.withdrawn === undefined) {
    return [];
  }

  return [...story.earlier, { given: story.given, withdrawn: story.withdrawn }];
}

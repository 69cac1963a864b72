import { knownAt, type Return } from '../assignments/returns.ts';
import type { Stage } from '../stage.ts';
import type { Timeline } from '../timeline.ts';
import type { FoundPauses, Suspension } from './pauses.ts';
import type { ClockPolicy } from './rules.ts';
import { describeEntry, firedBy, type Meaning } from './trigger.ts';

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

/** What entries of a timeline mean besides what they say. */
interface Meant extends Pick<FoundPauses, 'requests'> {
  readonly returns: readonly Return[];
}

/** The first event that ends each stage (R24, R25). A stage once done stays done, but for a ticket that is opened again. */
export function findMilestones(
  { entries }: Timeline,
  policy: ClockPolicy,
  { requests, returns }: Meant,
  closed: Suspension | undefined,
): Milestones {
  const found: Partial<Record<Stage, Milestone>> = {};
  const returned = new Map(returns.map((each) => [knownAt(each), each]));
  for (const [position, entry] of entries.entries()) {
    const meant = { request: requests.get(position), return: describeReturn(returned.get(position)) };
    for (const rule of firedBy(policy.stages, entry, meaningsOf(meant))) {
      const { on } = rule.trigger;
      found[rule.stage] ??= {
        at: entry.at,
        rule: rule.name,
        clause: rule.clause,
        evidence: (on === 'request' || on === 'return' ? meant[on] : undefined) ?? describeEntry(entry),
      };
    }
  }
  return closed === undefined
    ? found
    : { ...found, resolution: { at: closed.from, rule: 'ticket-is-closed', clause: 'R54', evidence: closed.begunBy } };
}

function meaningsOf({ request, return: back }: Readonly<Record<Meaning, string | undefined>>): readonly Meaning[] {
  return [
    ...(request === undefined ? [] : (['request'] as const)),
    ...(back === undefined ? [] : (['return'] as const)),
  ];
}

function describeReturn(back: Return | undefined): string | undefined {
  const [sign] = back?.signs ?? [];
  return sign === undefined ? undefined : `${sign.evidence}, with a reason in ${back?.reason?.evidence ?? 'nothing'}`;
}

/** The newest workaround; one that was given again after it had failed begins anew. */
export function findWorkaround(
  { entries }: Timeline,
  { workaround }: Pick<ClockPolicy, 'workaround'>,
): WorkaroundStory | undefined {
  let story: WorkaroundStory | undefined;
  for (const entry of entries) {
    const [given] = firedBy(workaround.given, entry);
    const [withdrawn] = firedBy(workaround.withdrawn, entry);
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

import type { Random } from './random.ts';
import type { Fate } from './scheduler.ts';

/** How often what goes wrong, as probabilities per turn or call. A seed has some of it, seldom all. */
export interface Faults {
  readonly dies: number;
  readonly stands: number;
  /** The longest time that a process stands still. */
  readonly standsMs: number;
  readonly storeFails: number;
  /** The store has done it and the answer is lost. */
  readonly storeMute: number;
  readonly refused: number;
  readonly rateLimited: number;
  readonly unreadable: number;
  /** The effect is there and the answer is lost. */
  readonly answerLost: number;
  readonly requestLost: number;
  /** The answer is lost and the effect comes later. */
  readonly late: number;
  readonly webhookLost: number;
  readonly webhookDoubled: number;
  readonly webhookLateMs: number;
  readonly brokerFails: number;
  readonly brokerDoubles: number;
  readonly indexLagMs: number;
  /** Outages of the connected systems and of the broker: from and to, in ms since the start. */
  readonly outages: readonly { readonly of: string; readonly from: number; readonly to: number }[];
  /**
   * The clock on the wall is set: back by any time, forward by less than what lies between the longest work on a call and
   * the time after which it counts as over.
   */
  readonly clockSteps: readonly { readonly at: number; readonly byMs: number }[];
  readonly instances: number;
  /** When processes are told to stop, and start again. */
  readonly stops: readonly number[];
  /** The store is kept at one moment and set back to that at another. */
  readonly restore: { readonly keptAt: number; readonly at: number } | undefined;
  /** Whether a broker stands before the store. */
  readonly hasBroker: boolean;
  /** Whether a person merges one ticket into another. */
  readonly merges: boolean;
  /** Most seeds are small and quick; a large one has more tickets with longer stories. */
  readonly size: 'small' | 'large';
  /** Whether one ticket meets refusals or unreadable answers for ever. */
  readonly poison: 'none' | 'refused' | 'unreadable' | 'hidden';
}

/** Until then people work and things go wrong. */
export const FAULTS_END_MS = 6 * 60_000;

export const noFaults: Faults = {
  dies: 0,
  stands: 0,
  standsMs: 0,
  storeFails: 0,
  storeMute: 0,
  refused: 0,
  rateLimited: 0,
  unreadable: 0,
  answerLost: 0,
  requestLost: 0,
  late: 0,
  webhookLost: 0,
  webhookDoubled: 0,
  webhookLateMs: 2_000,
  brokerFails: 0,
  brokerDoubles: 0,
  indexLagMs: 0,
  outages: [],
  clockSteps: [],
  stops: [],
  restore: undefined,
  instances: 1,
  hasBroker: false,
  merges: false,
  size: 'small',
  poison: 'none',
};

/** The faults of a seed. Each kind is there or not, so that they also meet alone. */
export function throwFaults(random: Random): Faults {
  const share = random.pick([0.2, 0.4, 0.9]);
  const some = (most: number) => (random.chance(share) ? random.next() * most : 0);
  const outages = ['otrs', 'jira', 'broker'].flatMap((of) => {
    const from = random.between(0, FAULTS_END_MS);
    return random.chance(0.3) ? [{ of, from, to: from + random.between(1_000, FAULTS_END_MS / 2) }] : [];
  });
  const restore = random.chance(0.1)
    ? { keptAt: random.between(0, FAULTS_END_MS / 2), at: random.between(FAULTS_END_MS / 2, FAULTS_END_MS) }
    : undefined;
  const poison = random.chance(0.25) ? random.pick(['refused', 'unreadable', 'hidden'] as const) : 'none';
  // A bridge that has lost its memory has to trust its clock: it tells by it which tickets are younger than itself.
  const isClockSet = random.chance(0.2) && restore === undefined;
  return {
    dies: some(0.01),
    stands: some(0.005),
    standsMs: random.pick([20_000, 100_000, 200_000]),
    storeFails: some(0.02),
    storeMute: some(0.02),
    refused: some(0.05),
    rateLimited: some(0.1),
    unreadable: some(0.05),
    answerLost: some(0.3),
    requestLost: some(0.2),
    late: some(0.2),
    webhookLost: some(0.5),
    webhookDoubled: some(0.5),
    webhookLateMs: random.pick([2_000, 60_000]),
    brokerFails: some(0.2),
    brokerDoubles: some(0.3),
    indexLagMs: some(1) * 20_000,
    outages,
    clockSteps: isClockSet
      ? [{ at: random.between(0, FAULTS_END_MS), byMs: random.pick([-3_600_000, -10_000, 10_000]) }]
      : [],
    stops: random.chance(0.3) ? [1, 2, 3].map(() => random.between(0, FAULTS_END_MS)) : [],
    restore,
    instances: random.between(1, 3),
    hasBroker: random.chance(0.5),
    merges: poison === 'none' && restore === undefined && random.chance(0.3),
    size: random.chance(0.1) ? 'large' : 'small',
    poison,
  };
}

export function fateOf({ dies, stands, standsMs }: Faults, random: Random): Fate {
  if (random.chance(dies)) {
    return { kind: 'dies' };
  }
  return random.chance(stands) ? { kind: 'stands', ms: random.between(1_000, standsMs) } : { kind: 'go' };
}

export function isDown({ outages }: Faults, system: string, at: number): boolean {
  return outages.some(({ of, from, to }) => of === system && from <= at && at < to);
}

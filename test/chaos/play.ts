import { setTimeout as sleep } from 'node:timers/promises';
import { writeTickets } from './people.ts';
import { openRecords, type Records } from './records.ts';
import type { Scenario } from './scenario.ts';
import { type Tally, tally } from './tally.ts';
import type { World } from './world.ts';

/** How a scenario ended. */
export interface Row extends Tally {
  readonly scenario: string;
  readonly tickets: readonly string[];
  readonly profile: string;
  readonly struck: number;
  readonly deadLetters: number;
  /** From the last fault and the last word to the moment when nothing was left to do; undefined if that never came. */
  readonly restMs: number | undefined;
  /** Tickets that did not come to rest, and why. */
  readonly restless: readonly string[];
  readonly isWell: boolean;
}

/** What is not done by then is lost. */
const PATIENCE_MS = 60_000;
/** How long the peace has to last. */
const PEACE_MS = 1_500;

/** Lets people write while the scenario does its worst, waits until all is at rest, and counts. */
export async function play(scenario: Scenario, world: World): Promise<Row> {
  const writing = writeTickets(world, scenario.title);
  const [affairs] = await Promise.all([writing, scenario.play(world)]);
  const struck = world.takeStruck();

  await using records = await openRecords(world.configuration);
  const restMs = await untilRest(() => isAtRest(records, tally(world, affairs)));
  const counted = tally(world, affairs);
  const { deadLetters } = await records.backlog();
  const tickets = affairs.map(({ ticket }) => ticket);
  const restless = restMs === undefined ? await records.waiting(tickets) : [];
  const faults = counted.lost.length + counted.doubled.length + counted.disordered.length;
  return {
    ...counted,
    scenario: scenario.title,
    tickets,
    profile: world.profile,
    struck,
    deadLetters,
    restMs,
    restless,
    // Nothing that strikes here is refused for good, and an outage writes no letter.
    isWell: faults === 0 && deadLetters === 0 && restMs !== undefined && struck > 0,
  };
}

async function isAtRest(records: Records, { lost }: Tally): Promise<boolean> {
  return lost.length === 0 && (await records.backlog()).due === 0;
}

/** Milliseconds until the peace that lasts began. */
async function untilRest(isResting: () => Promise<boolean>): Promise<number | undefined> {
  const begun = Date.now();
  let since: number | undefined;
  while (Date.now() < begun + PATIENCE_MS) {
    since = (await isResting()) ? (since ?? Date.now()) : undefined;
    if (since !== undefined && Date.now() - since >= PEACE_MS) {
      return since - begun;
    }
    await sleep(200);
  }
  return undefined;
}

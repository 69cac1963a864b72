import { decide } from '../../src/domain/decide.ts';
import { blankLink } from '../../src/domain/link.ts';
import { urgencyOf } from '../../src/domain/urgency.ts';
import type { EndedLook } from '../../src/flow/worker.ts';
import { aComment, aTicket } from '../support/records.ts';
import { type Bridge, startBridge } from './bridge.ts';
import { complainAboutLook, isAtRest } from './check.ts';
import type { Database } from './database.ts';
import { noFaults } from './faults.ts';
import { createLedger } from './ledger.ts';
import { createRandom } from './random.ts';
import { quickRules } from './rules.ts';
import { createScheduler } from './scheduler.ts';
import type { Simulation } from './simulation.ts';
import { createWorld, type Message } from './world.ts';

export interface OutageOptions {
  readonly seed: number;
  /** How long JIRA is away. */
  readonly hours: number;
  /** Registered in OTRS meanwhile. */
  readonly tickets: number;
  /** Emptied before it is used. */
  readonly database: Database;
  /** Takes the story, line by line. */
  readonly write?: ((line: string) => void) | undefined;
}

/** A ticket whose issue was opened after the outage. */
export interface Carried {
  readonly ticket: string;
  readonly priority: string;
  /** Its place by urgency among all of them, from 0; and the place at which it was carried. */
  readonly due: number;
  readonly place: number;
  /** Milliseconds from the return of JIRA to the opening. */
  readonly afterMs: number;
}

export interface OutageReport {
  /** In the order of the openings. */
  readonly carried: readonly Carried[];
  readonly letters: number;
  /** Tickets that have a failed look on their account when JIRA is back, one sentence each. */
  readonly spent: readonly string[];
  /** Calls while JIRA was away. */
  readonly calls: Readonly<Record<'otrs' | 'jira', number>>;
  readonly isAtRest: boolean;
}

const HOUR_MS = 3_600_000;
const TRAFFIC_BEGINS_MS = 60_000;
/** As the configuration has it by default. */
const CONCURRENCY = 8;
/** Nobody waits longer than that for the end. */
const LATEST_REST_MS = 24 * HOUR_MS;

/** JIRA is away while tickets come in, and comes back: what becomes of them, by a clock that takes no time. */
export async function playOutage({ seed, hours, tickets, database, write }: OutageOptions): Promise<OutageReport> {
  database.clear();
  const end = hours * HOUR_MS;
  const random = createRandom(seed);
  const faults = { ...noFaults, outages: [{ of: 'jira', from: 0, to: end }] };
  const scheduler = createScheduler(
    random,
    () => ({ kind: 'go' }),
    () => {},
    write,
  );
  const bridges: Bridge[] = [];
  const world = createWorld({
    random,
    scheduler,
    faults: () => faults,
    poisoned: undefined,
    deliver: (message) => void bridges[0]?.ingest(message.system, webhookOf(message)),
  });
  const simulation: Simulation = {
    ...{ random, scheduler, database, world, ledger: createLedger(), policy: quickRules, concurrency: CONCURRENCY },
    sabotage: undefined,
    now: scheduler.now,
    faults: () => faults,
  };
  const spent = new Map<string, number>();
  const onLook = (ended: EndedLook) => {
    complainAboutLook(ended, simulation);
    const { release, claim } = ended;
    spent.set(claim.ticket.id, release.outcome === 'later' ? release.attempt : 0);
  };
  bridges.push(startBridge({ name: 'bridge', isDead: false, standsUntil: 0 }, simulation, undefined, onLook));
  register(tickets, end - 2 * TRAFFIC_BEGINS_MS, simulation);

  const until = async (ms: number) => {
    while (scheduler.at() < ms && (await scheduler.next())) {
      // One turn after the other.
    }
  };
  await until(end);
  const calls = { ...simulation.ledger.asked };
  const places = placesOf(simulation);
  const failed = [...spent].filter(([, attempt]) => attempt > 0);
  while (scheduler.at() < end + LATEST_REST_MS && !isOver(simulation, tickets)) {
    await until(scheduler.at() + 60_000);
  }
  return {
    carried: carriedBy(simulation, places, end),
    letters: database.letters().length,
    spent: [
      ...simulation.ledger.complaints,
      ...failed.map(([id, times]) => `ticket ${id} has spent ${times} attempts`),
    ],
    calls,
    isAtRest: isOver(simulation, tickets),
  };
}

function webhookOf(message: Message) {
  return { headers: {}, query: {}, body: Buffer.from(JSON.stringify(message)) };
}

/** One after the other, of all priorities. */
function register(tickets: number, withinMs: number, { random, scheduler, world, policy }: Simulation): void {
  for (let index = 0; index < tickets; index += 1) {
    const id = String(100_000 + index);
    const priority = random.pick(policy.priority.names)?.ticket ?? '';
    scheduler.after(TRAFFIC_BEGINS_MS + Math.floor((index * withinMs) / tickets), `ticket ${id}`, () => {
      const at = scheduler.trueTime();
      const first = aComment({ id: `${id}0`, by: 'requester', author: 'Анна Кузнецова', at });
      const ref = { system: 'otrs', id, key: `2026112310${id}` };
      const texts = { textCommentId: first.id, comments: [first] };
      world.desks.otrs.put(
        aTicket({ ref, priority, ticketQueue: 'NTTM::3ЛТП', ...texts, createdAt: at, changedAt: at }),
      );
      world.changed('otrs', id);
    });
  }
}

/** The order in which the tickets should be carried, by what they look like now. */
function placesOf({ world, policy, now }: Simulation): ReadonlyMap<string, number> {
  const urgencies = [...world.desks.otrs.records.values()].map((ticket) => {
    const { clock } = decide({ ticket, link: blankLink(ticket.ref) }, policy, now());
    return { id: ticket.ref.id, urgency: urgencyOf(ticket, clock, policy.priority.names) };
  });
  const inOrder = urgencies.toSorted((one, other) => one.urgency - other.urgency || (one.id < other.id ? -1 : 1));
  return new Map(inOrder.map(({ id }, place) => [id, place]));
}

function carriedBy(
  { ledger, world }: Simulation,
  places: ReadonlyMap<string, number>,
  end: number,
): readonly Carried[] {
  return ledger.effects
    .filter(({ call }) => call === 'open')
    .map(({ at, ms }, place) => ({
      ticket: at,
      priority: world.desks.otrs.records.get(at)?.priority ?? '',
      due: places.get(at) ?? 0,
      place,
      afterMs: ms - end,
    }));
}

function isOver(simulation: Simulation, tickets: number): boolean {
  const opened = simulation.ledger.effects.filter(({ call }) => call === 'open').length;
  return opened >= tickets && isAtRest(simulation);
}

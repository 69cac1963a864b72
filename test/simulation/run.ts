import type { EndedLook } from '../../src/flow/worker.ts';
import { type Bridge, startBridge } from './bridge.ts';
import { type Broker, createBroker } from './broker.ts';
import { check, complainAboutLook, isAtRest } from './check.ts';
import type { Database } from './database.ts';
import { FAULTS_END_MS, type Faults, fateOf, noFaults, throwFaults } from './faults.ts';
import { createLedger } from './ledger.ts';
import { setBack, setClocks, startOf, stopBridges } from './operators.ts';
import { employPeople } from './people.ts';
import { createRandom } from './random.ts';
import { quickRules, wholeRules } from './rules.ts';
import { createScheduler, type Process } from './scheduler.ts';
import type { Sabotage, Simulation } from './simulation.ts';
import { settled } from './store-port.ts';
import { longestWaitOf } from './waits.ts';
import { createWorld, type Message } from './world.ts';

export interface RunOptions {
  readonly seed: number;
  /** Emptied before it is used. */
  readonly database: Database;
  readonly sabotage?: Sabotage | undefined;
  /** Takes away from the faults of the seed, or adds to them. */
  readonly change?: (faults: Faults) => Faults;
  /** Takes the story, line by line. */
  readonly write?: ((line: string) => void) | undefined;
}

export interface Outcome {
  readonly seed: number;
  /** What of the promises was broken, one sentence each; empty for a good run. */
  readonly complaints: readonly string[];
  readonly faults: Faults;
  readonly turns: number;
  readonly effects: number;
  /** The longest time that words waited which meet no evil themselves, in ms. */
  readonly longestWaitMs: number;
}

/** How long the world must have been at peace before it is judged, and when it must have come to rest at last. */
const PEACE_MS = 5 * 60_000;
const LATEST_REST_MS = 60 * 60_000;

/** One run: the seed decides about everything that happens. */
export async function simulate({ seed, database, sabotage, write, change }: RunOptions): Promise<Outcome> {
  database.clear();
  const random = createRandom(seed);
  const thrown = throwFaults(random);
  const faults = change?.(thrown) ?? thrown;
  /** Those that take webhooks and messages in; one that ends its work at a SIGTERM lives on without. */
  const bridges = new Set<Bridge>();
  const living = new Set<Process>();
  const now = () => (scheduler.at() < FAULTS_END_MS ? faults : { ...noFaults, poison: faults.poison });
  const scheduler = createScheduler(
    random,
    () => fateOf(now(), random),
    (process) => restart(process),
    write,
  );
  const world = createWorld({
    random,
    scheduler,
    faults: now,
    poisoned: faults.poison === 'none' ? undefined : '101',
    deliver: (message) => deliver(message, [...bridges], simulation),
  });
  const simulation: Simulation = {
    random,
    scheduler,
    database,
    ledger: createLedger(),
    world,
    concurrency: 3,
    policy: faults.size === 'large' ? wholeRules : quickRules,
    sabotage,
    now: scheduler.now,
    faults: now,
  };
  const broker = createBroker(simulation, () => [...bridges]);
  const restart = (dead: Process) => {
    living.delete(dead);
    for (const bridge of bridges) {
      if (bridge.process === dead) {
        bridges.delete(bridge);
      }
    }
    broker.died(dead);
    const [place = '', life = '0'] = dead.name.split('.');
    start(`${place}.${Number(life) + 1}`, random.between(500, 10_000));
  };
  const start = (name: string, ms: number) => {
    const process: Process = { name, isDead: false, standsUntil: 0 };
    const onLook = (ended: EndedLook) => complainAboutLook(ended, simulation);
    const at = startOf(faults, scheduler.at() + ms);
    scheduler.after(at - scheduler.at(), `${name} starts`, () => {
      scheduler.tell(`${name} starts`);
      living.add(process);
      bridges.add(startBridge(process, simulation, faults.hasBroker ? broker.publish : undefined, onLook));
    });
  };

  scheduler.tell(`seed ${seed}: ${JSON.stringify(faults)}`);
  for (let place = 1; place <= faults.instances; place += 1) {
    start(`bridge-${place}.1`, random.between(0, 2_000));
  }
  const words = employPeople(simulation);
  setClocks(faults, simulation);
  stopBridges(faults, simulation, bridges, restart);
  setBack(faults, simulation, living, restart);
  const isOver = await letGo(simulation, broker, faults);
  const complaints = [
    ...simulation.ledger.complaints,
    ...(isOver ? [] : ['the world does not come to rest']),
    ...(await check(simulation, words, broker)),
  ];
  for (const complaint of complaints) {
    scheduler.tell(`WRONG: ${complaint}`);
  }
  return {
    seed,
    complaints,
    faults,
    turns: scheduler.turns(),
    effects: simulation.ledger.effects.length,
    longestWaitMs: longestWaitOf(simulation, words),
  };
}

/** Turn after turn until nothing is left to do. False if that does not come. */
async function letGo(simulation: Simulation, broker: Broker, { clockSteps }: Faults): Promise<boolean> {
  const { scheduler } = simulation;
  // What was to come at a time of the clock comes later by as much as that was put back.
  const lateMs = Math.max(0, ...clockSteps.map(({ byMs }) => -byMs));
  let judgedAt = FAULTS_END_MS + PEACE_MS;
  while (scheduler.at() < FAULTS_END_MS + LATEST_REST_MS + lateMs && (await scheduler.next())) {
    if (scheduler.at() >= judgedAt) {
      if (broker.size() === 0 && isAtRest(simulation)) {
        return true;
      }
      judgedAt = scheduler.at() + 60_000;
    }
  }
  return false;
}

/** A webhook comes to any door that is open. Its sender tries again twice, then it is lost. */
function deliver(message: Message, bridges: readonly Bridge[], simulation: Simulation, tries = 3): void {
  const { random, scheduler, ledger } = simulation;
  const bridge = random.pick(bridges);
  const again = () => {
    if (tries > 1) {
      scheduler.after(5_000, `${message.id} again`, () => deliver(message, bridges, simulation, tries - 1));
    }
  };
  if (bridge === undefined || bridge.process.isDead) {
    again();
    return;
  }

  const webhook = { headers: {}, query: {}, body: Buffer.from(JSON.stringify(message)) };
  scheduler.after(
    1,
    `${message.id} at the door`,
    async () => {
      const taken = await settled(() => bridge.ingest(message.system, webhook));
      if ('error' in taken) {
        scheduler.tell(`${bridge.process.name} does not take ${message.id} in`);
        again();
      } else {
        scheduler.tell(`${bridge.process.name} has taken ${message.id} of ${message.system} ${message.record} in`);
        ledger.answered.add(`${message.system}:${message.id}`);
      }
    },
    bridge.process,
  );
}

import type { TicketEvent } from '../../src/domain/event.ts';
import { type Bridge, brokerAway } from './bridge.ts';
import { isDown } from './faults.ts';
import type { Process } from './scheduler.ts';
import type { Simulation } from './simulation.ts';
import { settled } from './store-port.ts';

/** Keeps what it confirmed until a consumer has acknowledged it; hands it out late, twice and in any order. */
export interface Broker {
  publish(events: readonly TicketEvent[], process: Process): Promise<void>;
  /** What that process had not acknowledged goes to another one. */
  died(process: Process): void;
  /** Messages that nobody has acknowledged. */
  size(): number;
}

interface Message {
  readonly events: readonly TicketEvent[];
  at?: Process | undefined;
  isDone: boolean;
}

export function createBroker(simulation: Simulation, bridges: () => readonly Bridge[]): Broker {
  const { random, scheduler } = simulation;
  const kept = new Set<Message>();

  const offer = (message: Message) => {
    scheduler.after(random.between(1, 500), 'the broker delivers', async () => {
      const bridge = random.pick(bridges().filter(({ process }) => !process.isDead));
      if (message.isDone || bridge === undefined || isDown(simulation.faults(), 'broker', scheduler.at())) {
        if (!message.isDone) {
          scheduler.after(5_000, 'the broker waits', () => offer(message));
        }
        return;
      }

      message.at = bridge.process;
      if (random.chance(simulation.faults().brokerDoubles)) {
        void settled(() => bridge.sink(message.events));
      }
      const taken = await settled(() => bridge.sink(message.events));
      if ('value' in taken) {
        message.isDone = true;
        kept.delete(message);
      } else if (message.at === bridge.process) {
        message.at = undefined;
        offer(message);
      }
    });
  };

  return {
    size: () => kept.size,
    died: (process) => {
      for (const message of kept) {
        if (message.at === process) {
          message.at = undefined;
          offer(message);
        }
      }
    },
    publish: (events, process) =>
      new Promise((resolve, reject) => {
        const answer = (settle: () => void) =>
          scheduler.after(random.between(1, 20), `${process.name} hears of the broker`, settle, process);
        const isAway = isDown(simulation.faults(), 'broker', scheduler.at());
        const isFailing = random.chance(simulation.faults().brokerFails);
        const isKept = !isAway && !(isFailing && random.chance(0.5));
        if (isKept) {
          const message = { events, isDone: false };
          kept.add(message);
          offer(message);
        }
        answer(() => (isKept && !isFailing ? resolve() : reject(brokerAway())));
      }),
  };
}

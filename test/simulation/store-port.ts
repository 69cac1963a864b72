import type { TicketEvent } from '../../src/domain/event.ts';
import { BridgeError } from '../../src/errors.ts';
import type { Claim, NewDeadLetter, Release, Store } from '../../src/store/store.ts';
import type { Process } from './scheduler.ts';
import type { Simulation } from './simulation.ts';

type Call = (...parameters: readonly unknown[]) => Promise<unknown>;

/** The store as one process reaches it: calls take their time, fail, or are done without an answer. */
export function createStorePort(store: Store, process: Process, simulation: Simulation): Store {
  const { random, scheduler, sabotage } = simulation;
  const port =
    (name: string, call: Call): Call =>
    (...parameters) =>
      new Promise((resolve, reject) => {
        const { storeFails, storeMute } = simulation.faults();
        const isFailing = random.chance(storeFails);
        const isMute = !isFailing && random.chance(storeMute);
        const answer = (settle: () => void) =>
          scheduler.after(random.between(0, 3), `${process.name} hears of ${name}`, settle, process);
        const fail = (reason: string) => {
          scheduler.tell(`${process.name} ${name}: ${reason}`);
          answer(() => reject(new BridgeError('STORE_UNAVAILABLE', reason)));
        };
        // What is on its way to the database is done although the process dies.
        scheduler.after(random.between(0, 2), name, async () => {
          if (isFailing) {
            fail('the database does not answer');
            return;
          }

          const done = await settled(() => call(...parameters));
          if ('value' in done) {
            note(name, parameters, done.value, simulation);
            scheduler.tell(`${process.name} ${name} ${sayStore(name, parameters, done.value)}`);
            isMute ? fail('the answer of the database is lost') : answer(() => resolve(done.value));
          } else {
            scheduler.tell(`${process.name} ${name}: ${String(done.error)}`);
            answer(() => reject(done.error));
          }
        });
      });

  const calls = Object.entries(store).map(([name, call]) => {
    const direct = sabotage === 'no-fences' ? withoutFence(name, call as Call, simulation) : (call as Call);
    return [name, port(name, direct)] as const;
  });
  return Object.fromEntries(calls) as unknown as Store;
}

export async function settled<Value>(
  work: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly error: unknown }> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  }
}

/** What the checks have to know, as it becomes durable. */
function note(
  name: string,
  parameters: readonly unknown[],
  value: unknown,
  { ledger, scheduler, database }: Simulation,
): void {
  if (name === 'accept') {
    ledger.accepted(parameters[0] as readonly TicketEvent[], scheduler.turns(), database.numberOf);
  } else if (name === 'claim') {
    ledger.claimed(value as readonly Claim[], scheduler.turns());
  } else if (name === 'release' && value === true) {
    ledger.released(parameters[0] as Claim, parameters[1] as Release);
  } else if (name === 'refuse') {
    const { ticket, action } = parameters[2] as NewDeadLetter;
    ledger.refused.add(`${ticket?.id} ${action?.key}`);
  }
}

function sayStore(name: string, parameters: readonly unknown[], value: unknown): string {
  const [first, second] = parameters;
  switch (name) {
    case 'claim':
      return (value as readonly Claim[]).map(({ ticket, fence }) => `${ticket.id}/${fence}`).join(' ');
    case 'accept':
      return (first as readonly TicketEvent[]).map(({ id }) => id).join(' ');
    case 'release':
      return `${(first as Claim).ticket.id} ${JSON.stringify(second)} ${String(value)}`;
    default: {
      const claim = first as Partial<Claim & { id: string }> | undefined;
      const action = second as { readonly key?: string } | string | undefined;
      const key = typeof action === 'string' ? action : (action?.key ?? '');
      return `${claim?.ticket?.id ?? claim?.id ?? ''}${claim?.fence === undefined ? '' : `/${claim.fence}`} ${key}`;
    }
  }
}

/** Lets whoever once held a ticket write as if nobody had taken it over. */
function withoutFence(name: string, call: Call, { database, now }: Simulation): Call {
  return async (...parameters) => {
    const [claim, ...rest] = parameters as [Claim | undefined, ...unknown[]];
    if (claim?.fence === undefined || name === 'release') {
      return call(...parameters);
    }

    const { ticket } = claim;
    const { fence, lease } = database.work().find((work) => work.ticket === ticket.id) ?? {};
    database.setLease(ticket.id, now().toMillis() + 60_000);
    const done = await settled(() => call({ ...claim, fence }, ...rest));
    database.setLease(ticket.id, lease);
    if ('error' in done) {
      throw done.error;
    }
    return done.value;
  };
}

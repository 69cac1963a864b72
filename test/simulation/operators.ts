import type { Bridge } from './bridge.ts';
import type { Faults } from './faults.ts';
import type { Process } from './scheduler.ts';
import type { Simulation } from './simulation.ts';
import { SETTLE_MS } from './wire.ts';

export type Restart = (dead: Process) => void;

/** SIGTERM: the process ends its work and goes, or is killed on the way by another fault. */
export function stopBridges(
  { stops }: Faults,
  { scheduler, random }: Simulation,
  bridges: Set<Bridge>,
  restart: Restart,
): void {
  for (const at of stops) {
    scheduler.after(at, 'a process is to stop', () => {
      const bridge = random.pick([...bridges]);
      if (bridge === undefined) {
        return;
      }

      bridges.delete(bridge);
      const { process } = bridge;
      const stop = async () => {
        scheduler.tell(`${process.name} is told to stop`);
        await bridge.stop();
        scheduler.tell(`${process.name} has stopped`);
        process.isDead = true;
        restart(process);
      };
      scheduler.after(0, 'SIGTERM', () => void stop(), process);
    });
  }
}

/** How long nobody starts while a store is set back: nothing is done before every call of those that were ended is over. */
const RESTORING_MS = SETTLE_MS + 10_000;

/** When a process that is to start at this time starts: nobody does so on a store that an operator sets back. */
export function startOf({ restore }: Faults, at: number): number {
  const isShut = restore !== undefined && at >= restore.at && at < restore.at + RESTORING_MS;
  return isShut ? restore.at + RESTORING_MS : at;
}

/**
 * Ends every process, waits as `docs/operations.md` wants it, and sets the store back to a backup; what it had taken in
 * since is to be found by the sweeps.
 */
export function setBack(
  { restore }: Faults,
  { scheduler, database, ledger }: Simulation,
  living: ReadonlySet<Process>,
  restart: Restart,
): void {
  if (restore === undefined) {
    return;
  }

  scheduler.after(restore.keptAt, 'the store is kept', () => database.keep());
  scheduler.after(restore.at, 'the processes are ended', () => {
    for (const process of [...living]) {
      scheduler.tell(`${process.name} is ended, for the store is to be set back`);
      process.isDead = true;
      restart(process);
    }
  });
  scheduler.after(restore.at + SETTLE_MS, 'the store is back', () => {
    scheduler.tell('the store is set back');
    database.restore();
    ledger.forget((id) => database.numberOf(id) !== undefined);
  });
}

export function setClocks({ clockSteps }: Faults, { scheduler }: Simulation): void {
  for (const { at, byMs } of clockSteps) {
    scheduler.after(at, 'the clock is set', () => {
      scheduler.tell(`the clock is set by ${byMs / 1000} s`);
      scheduler.setClock(byMs);
    });
  }
}

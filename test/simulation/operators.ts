import type { Bridge } from './bridge.ts';
import type { Faults } from './faults.ts';
import type { Process } from './scheduler.ts';
import type { Simulation } from './simulation.ts';

export type Restart = (dead: Process, afterMs?: number) => void;

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

/** How long it takes to set a store back: longer than any call can be at work. */
const RESTORING_MS = 120_000;

/** The store is set back to a backup; what it had taken in since is to be found by the sweeps. */
export function setBack({ restore }: Faults, simulation: Simulation, bridges: Set<Bridge>, restart: Restart): void {
  const { scheduler, database, ledger } = simulation;
  if (restore === undefined) {
    return;
  }

  scheduler.after(restore.keptAt, 'the store is kept', () => database.keep());
  scheduler.after(restore.at, 'the store is set back', () => {
    for (const { process } of [...bridges]) {
      process.isDead = true;
      restart(process, RESTORING_MS);
    }
    scheduler.after(RESTORING_MS / 2, 'the store is back', () => {
      scheduler.tell('the store is set back');
      database.restore();
      ledger.forget((id) => database.numberOf(id) !== undefined);
    });
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

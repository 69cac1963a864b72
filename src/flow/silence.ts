import { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { Change } from '../connector.ts';
import type { SystemName } from '../domain/ticket.ts';
import type { Store } from '../store/store.ts';

export interface SilenceContext {
  readonly store: Pick<Store, 'whoTold'>;
  readonly now: () => DateTime;
  readonly log: Logger;
  /** Changes by others that a sweep found and no webhook told of. */
  readonly onUntold: (system: SystemName, changes: number) => void;
}

/** Notices that the webhooks of a system do not come any more: the sweep then finds everything, but minutes late. */
export interface SilenceWatch {
  /** A genuine webhook of the system came, whatever it was about. */
  heard(system: SystemName): void;
  /** Whether the change is one to judge: after an outage of the bridge a sweep sees thousands that are not. */
  concerns(system: SystemName, change: Change): boolean;
  /** What a whole sweep saw, by the bridge's clock. */
  seen(system: SystemName, changes: readonly Change[]): Promise<void>;
}

/** How long a webhook may be under way, and how far the clocks may lie apart. */
const GRACE_MS = 120_000;

/** Sweeps with untold changes after which silence is not taken for chance. */
const SWEEPS = 2;

interface Suspicion {
  /** Change of the oldest untold one. */
  readonly since: DateTime;
  readonly sweeps: number;
  readonly changes: number;
  readonly isTold: boolean;
}

/**
 * Changes from before its start do not count: webhooks that came while the bridge was down are lost, which is no fault of
 * the sender. Each change is judged once, when it is older than the grace.
 */
export function createSilenceWatch({ store, now, log, onUntold }: SilenceContext): SilenceWatch {
  const startedAt = now();
  const judgedUpTo = new Map<SystemName, DateTime>();
  const lastHeard = new Map<SystemName, DateTime>();
  const suspicions = new Map<SystemName, Suspicion>();

  const calm = (system: SystemName) => {
    if (suspicions.get(system)?.isTold) {
      log.info({ system }, 'webhooks speak again');
    }
    suspicions.delete(system);
  };

  const suspect = (system: SystemName, untold: readonly Change[]) => {
    const earlier = suspicions.get(system);
    const suspicion = {
      since: earlier?.since ?? DateTime.min(...untold.map(({ changedAt }) => changedAt)) ?? now(),
      sweeps: (earlier?.sweeps ?? 0) + 1,
      changes: (earlier?.changes ?? 0) + untold.length,
      isTold: earlier?.isTold ?? false,
    };
    const isAlarm = suspicion.sweeps >= SWEEPS && !suspicion.isTold;
    suspicions.set(system, { ...suspicion, isTold: suspicion.isTold || isAlarm });
    if (isAlarm) {
      const { since, changes } = suspicion;
      log.warn({ system, since: since.toISO(), changes, help: helpFor(system) }, 'webhooks are silent');
    }
  };

  return {
    heard: (system) => {
      lastHeard.set(system, now());
      calm(system);
    },
    concerns: (system, { changedAt }) => changedAt > (judgedUpTo.get(system) ?? startedAt),
    seen: async (system, changes) => {
      const from = judgedUpTo.get(system) ?? startedAt;
      const upTo = now().minus({ milliseconds: GRACE_MS });
      if (upTo <= from) {
        return;
      }

      judgedUpTo.set(system, upTo);
      const due = onceEach(changes).filter(({ changedAt }) => changedAt > from && changedAt <= upTo);
      const toldBy = due.length === 0 ? [] : await store.whoTold(due, GRACE_MS);
      const untold = due.filter((_, index) => toldBy[index] === 'nobody');
      if (untold.length > 0) {
        onUntold(system, untold.length);
      }

      const heardAt = lastHeard.get(system);
      const isHeard = heardAt !== undefined && untold.every(({ changedAt }) => heardAt >= changedAt);
      if (toldBy.includes('webhook')) {
        calm(system);
      } else if (untold.length > 0 && !isHeard) {
        suspect(system, untold);
      }
    },
  };
}

/** Pages overlap. */
function onceEach(changes: readonly Change[]): readonly Change[] {
  return [...new Map(changes.map((change) => [change.ref.id, change])).values()];
}

function helpFor(system: SystemName): string {
  return `The sweep finds what changes, but minutes late. Look in the system whether its webhook is there and switched on, leads to /webhooks/${system} of this bridge and lets these records through its filter; look in this log for refused webhooks, and let \`bridge check\` look.`;
}

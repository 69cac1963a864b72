import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { ParkedMapping } from '../../../src/connector.ts';
import type { Ref } from '../../../src/domain/ticket.ts';
import { BridgeError, catalogue } from '../../../src/errors.ts';
import type { WireFields } from '../fields.ts';
import { nameOfPlace, type Place } from './screens.ts';
import { explainUnsuitable, isEmpty, type Unsuitable } from './unsuitable.ts';

/** How often a mapping that waits for a person is tried again, whichever ticket comes first. */
export const TRY_AGAIN_MS = 60_000;

/** Waiting tickets are read by the bridge all the same, so many of them wait longer: about ten come in a second. */
const PER_TICKET_MS = 100;
const LONGEST_WAIT_MS = 15 * 60_000;

/** A ticket that has not come back for so long waits no more. */
const FORGOTTEN_MS = 3 * LONGEST_WAIT_MS;

/**
 * Mappings that no issue can be opened with until a person has mended them or the screen. One line of the log tells of
 * each, and one that it is free again; the tickets wait and cost no call.
 */
export interface Parking {
  isParked(place: Place): boolean;
  /**
   * Before an issue is opened: throws if the mapping waits for something that only a try can tell, and it is not yet time
   * for one.
   */
  enter(place: Place, origin: Ref, fields: WireFields): void;
  /** Before an issue is looked up: throws for a ticket that surely waits, so that nothing was ever sent for it. */
  heed(place: Place, origin: Ref): void;
  /** The mapping has to wait, as far as this ticket can tell. `told` is whether the screen says so, or only a refusal. */
  park(place: Place, origin: Ref, faults: readonly Unsuitable[], told: 'by-screen' | 'by-refusal'): BridgeError;
  /** An issue is being sent for the ticket. */
  leave(place: Place, origin: Ref): void;
  /** An issue was opened with these fields. */
  opened(place: Place, fields: WireFields): void;
}

interface Parked {
  readonly faults: Map<string, Unsuitable>;
  /** Tickets, and when each was here last. */
  readonly waiting: Map<string, DateTime>;
  told: 'by-screen' | 'by-refusal';
  tryAt: DateTime;
}

export function createParking(now: () => DateTime, log: Logger, onParked: (mapping: ParkedMapping) => void): Parking {
  const parked = new Map<string, Parked>();
  const at = (place: Place) => parked.get(nameOfPlace(place));

  const errorFor = (place: Place, { waiting }: Parked, faults: readonly Unsuitable[]): BridgeError =>
    new BridgeError('SCREEN_UNSUITABLE', explainUnsuitable(place, faults), {
      retryAfterMs: Math.min(TRY_AGAIN_MS + waiting.size * PER_TICKET_MS, LONGEST_WAIT_MS),
      details: { ...place, fields: faults.map(({ field }) => field) },
    });

  const tell = (place: Place, state: Parked) => {
    const reason = explainUnsuitable(place, [...state.faults.values()]);
    const fields = [...state.faults.values()].map(({ field }) => field);
    const { help } = catalogue.SCREEN_UNSUITABLE;
    log.error({ ...place, fields, reason, help }, 'mapping is parked; its tickets wait');
    onParked({ ...place, reason });
  };

  const free = (place: Place) => {
    parked.delete(nameOfPlace(place));
    log.info({ ...place }, 'mapping is free again');
    onParked(place);
  };

  return {
    isParked: (place) => at(place) !== undefined,
    enter: (place, origin, fields) => {
      const state = at(place);
      if (state?.told !== 'by-refusal' || !concerns(state, fields)) {
        return;
      }

      if (now() < state.tryAt) {
        state.waiting.set(origin.id, now());
        throw errorFor(place, state, [...state.faults.values()]);
      }
      state.tryAt = now().plus({ milliseconds: TRY_AGAIN_MS });
    },
    heed: (place, origin) => {
      const state = at(place);
      if (state?.waiting.has(origin.id) && now() < state.tryAt) {
        state.waiting.set(origin.id, now());
        throw errorFor(place, state, [...state.faults.values()]);
      }
    },
    park: (place, origin, faults, told) => {
      const tryAt = now().plus({ milliseconds: TRY_AGAIN_MS });
      const state = at(place) ?? { faults: new Map(), waiting: new Map(), told, tryAt };
      const isNews = faults.some(({ id }) => !state.faults.has(id));
      for (const fault of faults) {
        state.faults.set(fault.id, fault);
      }
      state.waiting.set(origin.id, now());
      state.told = state.told === 'by-refusal' ? 'by-refusal' : told;
      state.tryAt = state.tryAt <= now() ? tryAt : state.tryAt;
      parked.set(nameOfPlace(place), state);
      if (isNews) {
        tell(place, state);
      }
      return errorFor(place, state, faults);
    },
    leave: (place, origin) => {
      at(place)?.waiting.delete(origin.id);
    },
    opened: (place, fields) => {
      const state = at(place);
      if (state === undefined) {
        return;
      }

      for (const [id, since] of state.waiting) {
        if (now().diff(since).milliseconds > FORGOTTEN_MS) {
          state.waiting.delete(id);
        }
      }
      // What was filled may still be demanded of a ticket that cannot fill it; what was not filled is demanded no more.
      if (concerns(state, fields) || state.waiting.size === 0) {
        free(place);
      }
    },
  };
}

/** Whether an issue with these fields should be refused for what is known. */
function concerns({ faults }: Parked, fields: WireFields): boolean {
  return [...faults.values()].some(({ id, why }) => (why === 'demanded') === isEmpty(fields[id]));
}

import type { DateTime } from 'luxon';
import type { Ref } from '../../../src/domain/ticket.ts';
import type { BridgeError } from '../../../src/errors.ts';
import type { Catalogue } from '../catalogue.ts';
import type { WireFields } from '../fields.ts';
import { FRESH_MS } from '../kept.ts';
import type { JiraOptions } from '../options.ts';
import { isRefusedValue, NEVER_LEFT_OUT } from './fit.ts';
import type { Parking } from './parking.ts';
import { type CreateScreen, nameOfPlace, type Place, type Screens } from './screens.ts';
import { nameField, type Unsuitable } from './unsuitable.ts';

/** What JIRA refuses of a new issue although its screen promises otherwise. */
export interface RefusedFields {
  /** Ids of the optional fields that it refused lately. */
  of(place: Place): readonly string[];
  /**
   * Ids of the optional fields that a refusal names, after another look at the screen. Throws where sending again is no
   * use: something is demanded that has no value, or a value is wrong, which is no reason to leave its field out.
   */
  learn(refusal: Refusal, signal: AbortSignal): Promise<readonly string[]>;
}

interface Refusal {
  readonly error: BridgeError;
  readonly place: Place;
  readonly origin: Ref;
  /** The fields that were sent. */
  readonly sent: WireFields;
  /** Those that are no loss. */
  readonly extras: WireFields;
  /** Whether the issue has been sent again already. */
  readonly isRepeat: boolean;
}

interface Parts {
  readonly options: JiraOptions;
  readonly catalogue: Catalogue;
  readonly screens: Screens;
  readonly parking: Parking;
  readonly now: () => DateTime;
}

export function createRefusedFields({ options, catalogue, screens, parking, now }: Parts): RefusedFields {
  const known = new Map<string, { readonly ids: readonly string[]; readonly until: DateTime }>();

  const demanded = (ids: readonly string[], screen: CreateScreen | undefined, signal: AbortSignal) =>
    Promise.all(
      ids.map(async (id): Promise<Unsuitable> => {
        const name =
          screen?.fields.get(id)?.name ?? (await catalogue.find('field', id, signal).catch(() => undefined))?.name;
        return { id, field: nameField(id, name), why: 'demanded' };
      }),
    );

  return {
    of: (place) => {
      const refused = known.get(nameOfPlace(place));
      return refused !== undefined && now() < refused.until ? refused.ids : [];
    },
    learn: async ({ error, place, origin, sent, extras, isRepeat }, signal) => {
      const named = namedFields(error);
      if (named.length === 0) {
        throw error;
      }

      catalogue.drop();
      screens.drop(place);
      const screen = await screens.look(place, signal);
      const lacking = named.filter((id) => !Object.hasOwn(sent, id) && !NEVER_LEFT_OUT.includes(id));
      if (lacking.length > 0) {
        throw parking.park(place, origin, await demanded(lacking, screen, signal), 'by-refusal');
      }

      const isLoss = (id: string) => !Object.hasOwn(extras, id);
      if (isRepeat || named.some((id) => isLoss(id) && isRefusedValue(id, sent[id], screen, options))) {
        throw error;
      }

      known.set(nameOfPlace(place), { ids: named, until: now().plus({ milliseconds: FRESH_MS }) });
      return named;
    },
  };
}

/** The fields that a refused call was refused for; none where it was refused for another reason. */
export function namedFields({ code, details }: BridgeError): readonly string[] {
  const { status, fields } = details;
  return code === 'REFUSED' && status === 400 && typeof fields === 'object' && fields !== null
    ? Object.keys(fields)
    : [];
}

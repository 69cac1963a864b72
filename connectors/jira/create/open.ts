import type { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { Draft } from '../../../src/domain/action.ts';
import { nameOf, type Ref } from '../../../src/domain/ticket.ts';
import { BridgeError, toBridgeError } from '../../../src/errors.ts';
import type { Catalogue } from '../catalogue.ts';
import type { WireFields } from '../fields.ts';
import type { Gateway } from '../http/gateway.ts';
import { FRESH_MS } from '../kept.ts';
import type { JiraOptions } from '../options.ts';
import { wireCreated } from '../wire.ts';
import { type Drafted, writeDraft } from './draft.ts';
import { type Fitted, fitToScreen } from './fit.ts';
import { type Parking, TRY_AGAIN_MS } from './parking.ts';
import { createRefusedFields } from './refused-fields.ts';
import type { CreateScreen, Place, Screens } from './screens.ts';

interface OpeningParts {
  readonly options: JiraOptions;
  readonly gateway: Gateway;
  readonly catalogue: Catalogue;
  readonly screens: Screens;
  readonly parking: Parking;
  readonly log: Logger;
  readonly now: () => DateTime;
}

/** An issue that JIRA has created. */
export interface Created {
  readonly id: string;
  readonly key: string;
  /** In JIRA's shapes, as they were accepted. */
  readonly sent: WireFields;
  /** Fields of the draft that the screen does not take, as people know them. */
  readonly leftOut: readonly string[];
}

interface Task {
  readonly place: Place;
  readonly drafted: Drafted;
  readonly key: string;
  readonly origin: Ref;
  readonly signal: AbortSignal;
}

/**
 * Opens issues that carry both halves of their marker in one call. Before, the fields are fitted to the create screen;
 * where no issue can be opened at all, the mapping is parked and nothing is sent.
 */
export function createOpening(parts: OpeningParts) {
  const { options, gateway, screens, parking, log } = parts;
  const refusedFields = createRefusedFields(parts);
  const report = createReport(log);

  return async (draft: Draft, key: string, origin: Ref, signal: AbortSignal): Promise<Created> => {
    const place: Place = { project: draft.project, type: draft.type };
    const drafted = await writeDraft(draft, origin, parts, signal);
    parking.enter(place, origin, { ...drafted.extras, ...drafted.fields });
    const created = await create({ place, drafted, key, origin, signal });
    parking.opened(place, created.sent);
    report(place, created.leftOut);
    return created;
  };

  /** A refusal that names fields was not executed, so the issue may be sent once more without them. */
  async function create(task: Task): Promise<Created> {
    const { place, origin, signal } = task;
    let refused = refusedFields.of(place);
    for (let isRepeat = false; ; isRepeat = true) {
      const screen = await screens.look(place, signal, parking.isParked(place) ? TRY_AGAIN_MS : FRESH_MS);
      const fitted = suit(task, screen, refused);
      const answer = await send(task, fitted, screen).catch(toBridgeError);
      if (!(answer instanceof BridgeError)) {
        return { ...answer, sent: fitted.fields, leftOut: fitted.leftOut.map(({ field }) => field) };
      }

      const refusal = { error: answer, place, origin, sent: fitted.fields, extras: task.drafted.extras, isRepeat };
      refused = [...refused, ...(await refusedFields.learn(refusal, signal))];
    }
  }

  /** The fields that can be sent. Throws `SCREEN_UNSUITABLE` where none can. */
  function suit(
    { place, drafted, origin }: Task,
    screen: CreateScreen | undefined,
    refused: readonly string[],
  ): Fitted {
    const fitted = fitToScreen(drafted, screen, refused, options);
    if (fitted.faults.length > 0) {
      throw parking.park(place, origin, fitted.faults, refused.length === 0 ? 'by-screen' : 'by-refusal');
    }
    return fitted;
  }

  function send({ place, key, origin, signal }: Task, { fields }: Fitted, screen: CreateScreen | undefined) {
    parking.leave(place, origin);
    const type = screen === undefined ? { name: place.type } : { id: screen.typeId };
    return gateway.send({
      method: 'POST',
      path: '/issue',
      body: {
        fields: { project: { key: place.project }, issuetype: type, ...fields },
        properties: [{ key: options.marker_property, value: { ticket: origin.id, key } }],
      },
      about: `for ticket ${nameOf(origin)}`,
      effect: 'once',
      shape: wireCreated,
      signal,
    });
  }
}

/** What is left out is told once; the audit tells it of each issue. */
function createReport(log: Logger) {
  const reported = new Set<string>();
  return (place: Place, fields: readonly string[]): void => {
    const name = JSON.stringify([place, fields]);
    if (fields.length > 0 && !reported.has(name)) {
      reported.add(name);
      log.warn({ ...place, fields }, 'issues are opened without fields that their screen does not take');
    }
  };
}

import { z } from 'zod';
import type { Move } from '../../src/connector.ts';
import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError, toBridgeError } from '../../src/errors.ts';
import type { Catalogue } from './catalogue.ts';
import { namedFields } from './create/refused-fields.ts';
import { type WireFields, writeFields } from './fields.ts';
import type { Gateway } from './http/gateway.ts';
import { pathOf } from './issue-path.ts';
import type { JiraOptions } from './options.ts';
import {
  bestTransition,
  demandNothingMore,
  isWanted,
  listTransitions,
  resolutionFor,
  type Wanted,
  wantedOf,
} from './transition.ts';
import { type WireTransition, wireStanding } from './wire.ts';

export interface MovingParts {
  readonly options: JiraOptions;
  readonly gateway: Gateway;
  readonly catalogue: Catalogue;
}

interface Journey {
  readonly ref: Ref;
  readonly target: Wanted;
  readonly via: readonly Wanted[];
  readonly move: Move;
  /** The fields to set, in JIRA's shapes, without the resolution. */
  readonly fields: WireFields;
  readonly signal: AbortSignal;
}

interface Status {
  readonly id: string;
  readonly name: string;
}

/**
 * Brings an issue into a status by the transition that leads there for the bridge's account, or by way of the states that
 * the move names. Fields go along in the last step where its screen shows them and are set before it where not, so that
 * no issue is done without them. The field `resolution` only goes along: JIRA takes it in a transition and nowhere else.
 */
export async function moveIssue(ref: Ref, move: Move, parts: MovingParts, signal: AbortSignal): Promise<void> {
  const wanted = (name: string) => wantedOf('status', name, parts.catalogue, signal);
  const { resolution: _, ...others } = move.fields;
  const journey: Journey = {
    ref,
    target: await wanted(move.to),
    via: await Promise.all((move.via ?? []).map(wanted)),
    move,
    fields: writeFields(others, parts.options, await parts.gateway.dialect(signal)),
    signal,
  };

  let passed = 0;
  for (let steps = 0; steps <= journey.via.length; steps += 1) {
    const standing = await readStatus(ref, parts.gateway, signal);
    if (isWanted(standing, journey.target)) {
      return;
    }

    passed = Math.max(passed, journey.via.findLastIndex((each) => isWanted(standing, each)) + 1);
    const step = await findStep(journey, standing, passed, parts);
    await pass(journey, step, parts);
    if (step.isLast) {
      return;
    }
  }

  const standing = await readStatus(ref, parts.gateway, signal);
  if (!isWanted(standing, journey.target)) {
    throw noWay(journey, standing, []);
  }
}

interface Step {
  readonly transition: WireTransition;
  readonly to: Wanted;
  readonly isLast: boolean;
}

/** Straight to the target if that is possible, else into the next state on the way that can be reached. */
async function findStep(journey: Journey, from: Status, passed: number, { gateway }: MovingParts): Promise<Step> {
  const { ref, target, via, move, fields, signal } = journey;
  const transitions = await listTransitions(ref, gateway, signal);
  const carried = {
    ...fields,
    ...(move.fields.resolution === undefined ? {} : { resolution: move.fields.resolution }),
  };
  for (const to of [target, ...via.slice(passed)]) {
    const transition = bestTransition(transitions, to, carried);
    if (transition !== undefined) {
      return { transition, to, isLast: to === target };
    }
  }

  throw noWay(
    journey,
    from,
    transitions.map(({ to }) => to.name),
  );
}

function noWay({ ref, move }: Journey, from: Status, reachable: readonly string[]): BridgeError {
  const way = move.via === undefined || move.via.length === 0 ? '' : `, nor by way of «${move.via.join('», «')}»`;
  return new BridgeError(
    'REFUSED',
    `no transition leads ${nameOf(ref)} from «${from.name}» to «${move.to}»${way} for the bridge’s account`,
    { details: { from: from.name, to: move.to, via: move.via, reachable } },
  );
}

async function pass(journey: Journey, step: Step, parts: MovingParts): Promise<void> {
  const { ref, move, signal } = journey;
  const { transition, isLast } = step;
  const isShown = ([id]: [string, unknown]) => Object.hasOwn(transition.fields ?? {}, id);
  const resolution = await resolutionFor(move.fields.resolution, transition, parts.catalogue, signal);
  const demanded = new Set(
    Object.entries(transition.fields ?? {}).flatMap(([id, { required }]) => (required ? id : [])),
  );
  // On the way, only what a screen insists on is set.
  const own = Object.entries({ ...journey.fields, ...resolution }).filter(([id]) => isLast || demanded.has(id));
  const along = Object.fromEntries(own.filter(isShown));
  await demandNothingMore(ref, transition, along, parts.gateway, signal);

  const before = Object.fromEntries(own.filter((field) => !isShown(field)));
  if (Object.keys(before).length > 0) {
    await putFields(ref, before, parts.gateway, signal);
  }
  await send(journey, step, along, parts);
}

/** Errors after which the issue may have been moved all the same: by this call, or by someone else before it. */
const unsure: readonly BridgeError['code'][] = [
  'REFUSED',
  'OUTCOME_UNKNOWN',
  'SYSTEM_FAILING',
  'SYSTEM_UNREACHABLE',
  'ANSWER_UNREADABLE',
];

/** Being there is what counts, whoever brought the issue there and whatever became of the answer. */
async function send({ ref, signal }: Journey, { transition, to }: Step, fields: WireFields, parts: MovingParts) {
  const { gateway, catalogue } = parts;
  try {
    await gateway.send({
      method: 'POST',
      path: `${pathOf(ref)}/transitions`,
      body: { transition: { id: transition.id }, fields },
      about: nameOf(ref),
      effect: 'repeatable',
      shape: z.unknown(),
      signal,
    });
  } catch (thrown) {
    const error = toBridgeError(thrown);
    if (namedFields(error).length > 0) {
      catalogue.drop();
    }
    const standing = unsure.includes(error.code)
      ? await readStatus(ref, gateway, signal).catch(() => undefined)
      : undefined;
    if (standing === undefined || !isWanted(standing, to)) {
      throw error;
    }
  }
}

/** Sets fields, in JIRA's shapes. */
export async function putFields(ref: Ref, fields: WireFields, gateway: Gateway, signal: AbortSignal): Promise<void> {
  await gateway.send({
    method: 'PUT',
    path: pathOf(ref),
    body: { fields },
    about: nameOf(ref),
    effect: 'repeatable',
    shape: z.unknown(),
    signal,
  });
}

async function readStatus(ref: Ref, gateway: Gateway, signal: AbortSignal): Promise<Status> {
  const { fields } = await gateway.send({
    method: 'GET',
    path: pathOf(ref),
    query: { fields: 'status,resolution' },
    effect: 'none',
    shape: wireStanding,
    signal,
  });
  return fields.status;
}

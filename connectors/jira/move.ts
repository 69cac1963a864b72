import { z } from 'zod';
import type { Closure } from '../../src/domain/action.ts';
import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import { type WireFields, writeFields } from './fields.ts';
import type { Gateway } from './gateway.ts';
import { pathOf } from './issue-path.ts';
import type { JiraOptions } from './options.ts';
import { type WireTransition, wireStanding, wireTransitions } from './wire.ts';

/**
 * Brings an issue into a status by the transition that leads there for the bridge's account. Closing fields go along
 * where the transition's screen shows them and are set before it where not, so that no issue is done without them.
 */
export async function moveIssue(
  ref: Ref,
  to: string,
  closure: Closure | undefined,
  options: JiraOptions,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<void> {
  const standing = await readStatus(ref, gateway, signal);
  if (isCalled(standing, to)) {
    return;
  }

  const transition = await findTransition(ref, standing.name, to, gateway, signal);
  const fields = closingFields(closure, options);
  const isShown = ([id]: [string, unknown]) => Object.hasOwn(transition.fields ?? {}, id);
  const before = Object.fromEntries(Object.entries(fields).filter((field) => !isShown(field)));
  const along = Object.fromEntries(Object.entries(fields).filter(isShown));
  if (Object.keys(before).length > 0) {
    await putFields(ref, before, gateway, signal);
  }

  const body = { transition: { id: transition.id }, fields: { ...along, ...resolutionOf(closure, transition) } };
  await pass(ref, to, body, gateway, signal);
}

/** Sets fields, in JIRA's shapes. */
export async function putFields(ref: Ref, fields: WireFields, gateway: Gateway, signal: AbortSignal): Promise<void> {
  await gateway.send({
    method: 'PUT',
    path: pathOf(ref),
    body: { fields },
    effect: 'repeatable',
    shape: z.unknown(),
    signal,
  });
}

/** Someone else may have moved the issue in the meantime: being there is what counts. */
async function pass(ref: Ref, to: string, body: unknown, gateway: Gateway, signal: AbortSignal): Promise<void> {
  try {
    const path = `${pathOf(ref)}/transitions`;
    await gateway.send({ method: 'POST', path, body, effect: 'repeatable', shape: z.unknown(), signal });
  } catch (error) {
    const isRefused = error instanceof BridgeError && error.code === 'REFUSED';
    if (!isRefused || !isCalled(await readStatus(ref, gateway, signal), to)) {
      throw error;
    }
  }
}

interface Named {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}

async function readStatus(ref: Ref, gateway: Gateway, signal: AbortSignal) {
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

async function findTransition(
  ref: Ref,
  from: string,
  to: string,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<WireTransition> {
  const { transitions } = await gateway.send({
    method: 'GET',
    path: `${pathOf(ref)}/transitions`,
    query: { expand: 'transitions.fields' },
    effect: 'none',
    shape: wireTransitions,
    signal,
  });
  const transition = transitions.find((each) => isCalled(each.to, to));
  if (transition === undefined) {
    const reachable = transitions.map((each) => each.to.name);
    throw new BridgeError(
      'REFUSED',
      `no transition leads ${nameOf(ref)} from «${from}» to «${to}» for the bridge’s account`,
      { details: { from, to, reachable } },
    );
  }

  return transition;
}

function closingFields(closure: Closure | undefined, options: JiraOptions): WireFields {
  if (closure === undefined) {
    return {};
  }

  const { solution, configurationItem } = closure;
  const mapped = Object.entries({ solution, configuration_item: configurationItem });
  return writeFields(Object.fromEntries(mapped.filter(([name]) => Object.hasOwn(options.fields, name))), options);
}

/** The closing code names the resolution. It is sent only if the screen shows the field: JIRA refuses it otherwise. */
function resolutionOf(closure: Closure | undefined, { fields, name }: WireTransition): WireFields {
  const field = fields?.resolution;
  if (closure === undefined || field === undefined) {
    return {};
  }

  const allowed = field.allowedValues ?? [];
  const match = allowed.find((value) => isCalled(value, closure.code));
  if (match === undefined && allowed.length > 0) {
    throw new BridgeError('REFUSED', `the transition «${name}» knows no resolution «${closure.code}»`, {
      details: { resolution: closure.code, allowed: allowed.map((value) => value.name) },
    });
  }

  return { resolution: match?.id === undefined ? { name: closure.code } : { id: match.id } };
}

/** Whether a name or id from the mappings means this status or resolution. */
function isCalled({ id, name }: Named, wanted: string): boolean {
  return id === wanted || name?.toLocaleLowerCase('ru') === wanted.trim().toLocaleLowerCase('ru');
}

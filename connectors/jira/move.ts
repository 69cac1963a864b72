import { z } from 'zod';
import { type Fields, type FieldValue, nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import { type WireFields, writeFields } from './fields.ts';
import type { Gateway } from './gateway.ts';
import { pathOf } from './issue-path.ts';
import type { JiraOptions } from './options.ts';
import { type WireTransition, wireStanding, wireTransitions } from './wire.ts';

/**
 * Brings an issue into a status by the transition that leads there for the bridge's account. Fields go along where
 * the transition's screen shows them and are set before it where not, so that no issue is done without them. The field
 * `resolution` only goes along: JIRA takes it in a transition and nowhere else.
 */
export async function moveIssue(
  ref: Ref,
  to: string,
  fields: Fields,
  options: JiraOptions,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<void> {
  const standing = await readStatus(ref, gateway, signal);
  if (isCalled(standing, to)) {
    return;
  }

  const transition = await findTransition(ref, standing.name, to, gateway, signal);
  const { resolution, ...others } = fields;
  const written = Object.entries(writeFields(others, options, await gateway.dialect(signal)));
  const isShown = ([id]: [string, unknown]) => Object.hasOwn(transition.fields ?? {}, id);
  const before = Object.fromEntries(written.filter((field) => !isShown(field)));
  const along = Object.fromEntries(written.filter(isShown));
  if (Object.keys(before).length > 0) {
    await putFields(ref, before, gateway, signal);
  }

  const body = { transition: { id: transition.id }, fields: { ...along, ...resolutionOf(resolution, transition) } };
  await pass(ref, to, body, gateway, signal);
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

/** Someone else may have moved the issue in the meantime: being there is what counts. */
async function pass(ref: Ref, to: string, body: unknown, gateway: Gateway, signal: AbortSignal): Promise<void> {
  try {
    const path = `${pathOf(ref)}/transitions`;
    const about = nameOf(ref);
    await gateway.send({ method: 'POST', path, body, about, effect: 'repeatable', shape: z.unknown(), signal });
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

/** A resolution is sent only if the screen shows the field: JIRA refuses it otherwise. */
function resolutionOf(resolution: FieldValue | undefined, { fields, name }: WireTransition): WireFields {
  const field = fields?.resolution;
  if (typeof resolution !== 'string' || field === undefined) {
    return {};
  }

  const allowed = field.allowedValues ?? [];
  const match = allowed.find((value) => isCalled(value, resolution));
  if (match === undefined && allowed.length > 0) {
    throw new BridgeError('REFUSED', `the transition «${name}» knows no resolution «${resolution}»`, {
      details: { resolution, allowed: allowed.map((value) => value.name) },
    });
  }

  return { resolution: match?.id === undefined ? { name: resolution } : { id: match.id } };
}

/** Whether a name or id from the mappings means this status or resolution. */
function isCalled({ id, name }: Named, wanted: string): boolean {
  return id === wanted || name?.toLocaleLowerCase('ru') === wanted.trim().toLocaleLowerCase('ru');
}

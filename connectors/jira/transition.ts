import { z } from 'zod';
import { type FieldValue, nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import { type Catalogue, type Entry, findCalled } from './catalogue.ts';
import { isEmpty, nameField } from './create/unsuitable.ts';
import type { WireFields } from './fields.ts';
import type { Gateway } from './http/gateway.ts';
import { pathOf } from './issue-path.ts';
import { type WireTransition, wireTransitions } from './wire.ts';

/** A status or resolution as the mappings name it, and as the catalogue knows it. */
export interface Wanted {
  readonly name: string;
  readonly entry: Entry | undefined;
}

export async function wantedOf(
  kind: 'status' | 'resolution',
  name: string,
  catalogue: Catalogue,
  signal: AbortSignal,
): Promise<Wanted> {
  return { name, entry: await catalogue.find(kind, name, signal) };
}

/** Whether this status or resolution is the wanted one, by id or by any of its names. */
export function isWanted({ id, name }: { readonly id: string; readonly name: string }, wanted: Wanted): boolean {
  return id === wanted.entry?.id || findCalled([{ id, name }], wanted.name) !== undefined;
}

/** What the bridge's account may do with the issue now, with the fields that each step shows. */
export async function listTransitions(
  ref: Ref,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<readonly WireTransition[]> {
  const { transitions } = await gateway.send({
    method: 'GET',
    path: `${pathOf(ref)}/transitions`,
    query: { expand: 'transitions.fields' },
    effect: 'none',
    shape: wireTransitions,
    signal,
  });
  return transitions;
}

/** Of several that lead to the same status, the one that can be passed with these fields and takes most of them. */
export function bestTransition(
  transitions: readonly WireTransition[],
  target: Wanted,
  fields: WireFields,
): WireTransition | undefined {
  const leading = transitions.filter(({ to }) => isWanted(to, target));
  const rank = (transition: WireTransition) => {
    const taken = Object.keys(fields).filter((id) => Object.hasOwn(transition.fields ?? {}, id)).length;
    return taken - 1_000 * lackingFields(transition, fields).length;
  };
  return leading.toSorted((left, right) => rank(right) - rank(left))[0];
}

/** Ids of the fields that the transition demands and nobody fills. */
export function lackingFields({ fields = {} }: WireTransition, filled: WireFields): readonly string[] {
  return Object.entries(fields)
    .filter(
      ([id, { required, hasDefaultValue }]) => required === true && hasDefaultValue !== true && isEmpty(filled[id]),
    )
    .map(([id]) => id);
}

const shown = z.object({ fields: z.record(z.string(), z.unknown()) });

/**
 * Throws `REFUSED` if the transition demands what neither the bridge sends nor the issue has. JIRA would say so as well,
 * but in the language of the account and without the name of the transition.
 */
export async function demandNothingMore(
  ref: Ref,
  transition: WireTransition,
  sent: WireFields,
  gateway: Gateway,
  signal: AbortSignal,
): Promise<void> {
  const lacking = lackingFields(transition, sent);
  if (lacking.length === 0) {
    return;
  }

  const { fields } = await gateway.send({
    method: 'GET',
    path: pathOf(ref),
    query: { fields: lacking.join(',') },
    about: nameOf(ref),
    effect: 'none',
    shape: shown,
    signal,
  });
  const missing = lacking.filter((id) => isEmpty(fields[id])).map((id) => nameField(id, transition.fields?.[id]?.name));
  if (missing.length > 0) {
    throw new BridgeError(
      'REFUSED',
      `the transition «${transition.name}» to «${transition.to.name}» of ${nameOf(ref)} demands fields that the bridge does not have: ${missing.join(', ')}`,
      { details: { transition: transition.name, to: transition.to.name, missing } },
    );
  }
}

/**
 * The resolution as the transition takes it. It is sent only if the screen shows the field: otherwise the workflow sets it
 * or forbids it, and JIRA refuses the whole step.
 */
export async function resolutionFor(
  resolution: FieldValue | undefined,
  { fields, name }: WireTransition,
  catalogue: Catalogue,
  signal: AbortSignal,
): Promise<WireFields> {
  const field = fields?.resolution;
  if (typeof resolution !== 'string' || resolution === '' || field === undefined) {
    return {};
  }

  const wanted = await wantedOf('resolution', resolution, catalogue, signal);
  const allowed = field.allowedValues ?? [];
  const match = allowed.find((value) => isWanted({ id: value.id ?? '', name: value.name ?? '' }, wanted));
  if (match === undefined && allowed.length > 0) {
    throw new BridgeError('REFUSED', `the transition «${name}» knows no resolution «${resolution}»`, {
      details: { resolution, allowed: allowed.map((value) => value.name) },
    });
  }

  const id = match?.id ?? wanted.entry?.id;
  return { resolution: id === undefined ? { name: resolution } : { id } };
}

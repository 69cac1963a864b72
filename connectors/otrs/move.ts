import type { Move } from '../../src/connector.ts';
import { type Fields, nameOf, type Ref } from '../../src/domain/ticket.ts';
import { toWire, type WireChange } from './fields.ts';
import type { OtrsOptions } from './options.ts';
import type { TicketCalls } from './ticket-calls.ts';
import type { WireDynamicField, WireTicket } from './wire.ts';

export interface MoveParts {
  readonly options: OtrsOptions;
  readonly tickets: TicketCalls;
}

type DynamicFields = NonNullable<WireChange['DynamicField']>;

/** Sets state and fields in one call, so that there is no closed ticket without its closing block. */
export async function moveTicket(
  parts: MoveParts,
  ref: Ref,
  { to, fields, phase = 'done' }: Move,
  signal: AbortSignal,
): Promise<void> {
  const change = toMove(to, fields, parts.options);
  const purpose = `move ticket ${nameOf(ref)} to «${to}»`;
  await parts.tickets.update(ref, purpose, change, signal);
  if (phase === 'done') {
    await proveFields(parts, ref, purpose, change, signal);
  }
}

/**
 * State and fields in OTRS's words. Only OTRS knows the types of its states; it refuses a pending one without a time, and
 * ignores the time of any other.
 */
export function toMove(to: string, fields: Fields, options: OtrsOptions): WireChange {
  const block = toWire(fields, options);
  const PendingTime = { Diff: Math.round(options.pending_hours * 60) };
  return { ...block, Ticket: { ...block.Ticket, State: to, PendingTime } };
}

/**
 * The fields of a ticket that ends are read back and written once more where they differ: OTRS can lose a value to its own
 * cache while webhooks are on the way. While the work goes on that costs no call: the next look notices.
 */
export async function proveFields(
  { tickets }: Pick<MoveParts, 'tickets'>,
  ref: Ref,
  purpose: string,
  { DynamicField }: WireChange,
  signal: AbortSignal,
): Promise<void> {
  if (DynamicField === undefined) {
    return;
  }

  const lost = differing(DynamicField, await tickets.get(ref, signal));
  if (lost.length > 0) {
    await tickets.update(ref, `${purpose}: repeat its fields`, { DynamicField: lost }, signal);
  }
}

function differing(wanted: DynamicFields, ticket: WireTicket): DynamicFields {
  const found = new Map(ticket.DynamicField.map(({ Name, Value }) => [Name, Value]));
  return wanted.filter(({ Name, Value }) => comparable(found.get(Name) ?? '') !== comparable(Value));
}

function comparable(value: WireDynamicField['Value'] | DynamicFields[number]['Value']): string {
  return [value].flat().join('\u0000').replace(/\r\n?/g, '\n').trim();
}

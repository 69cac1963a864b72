import type { Move } from '../../src/connector.ts';
import { nameOf, type Ref } from '../../src/domain/ticket.ts';
import { BridgeError } from '../../src/errors.ts';
import { toWire, type WireChange } from './fields.ts';
import type { OtrsOptions } from './options.ts';
import type { TicketCalls } from './ticket-calls.ts';
import type { WireDynamicField, WireTicket } from './wire.ts';

interface MoveParts {
  readonly options: OtrsOptions;
  readonly tickets: TicketCalls;
}

type DynamicFields = NonNullable<WireChange['DynamicField']>;

/**
 * Sets state and fields in one call, so that there is no closed ticket without its closing block. The fields of a ticket that
 * ends are read back and written once more where they differ: OTRS can lose a value to its own cache while webhooks are on
 * the way. While the work goes on that costs no call: the next look notices.
 */
export async function moveTicket(
  { options, tickets }: MoveParts,
  ref: Ref,
  { to, fields, phase = 'done' }: Move,
  signal: AbortSignal,
): Promise<void> {
  const block = toWire(fields, options);
  const purpose = `move ticket ${nameOf(ref)} to «${to}»`;
  const enter = (pending: object) =>
    tickets.update(ref, purpose, { ...block, Ticket: { ...block.Ticket, State: to, ...pending } }, signal);
  try {
    await enter({});
  } catch (thrown) {
    if (!wantsPendingTime(thrown)) {
      throw thrown;
    }
    await enter({ PendingTime: { Diff: Math.round(options.pending_hours * 60) } });
  }

  if (block.DynamicField === undefined || phase !== 'done') {
    return;
  }

  const lost = differing(block.DynamicField, await tickets.get(ref, signal));
  if (lost.length > 0) {
    await tickets.update(ref, `${purpose}: repeat its fields`, { DynamicField: lost }, signal);
  }
}

/**
 * Only OTRS knows the types of its states. A pending one is refused without a time before anything is written; nothing
 * else can be missing from a call that names a state.
 */
function wantsPendingTime(thrown: unknown): boolean {
  return thrown instanceof BridgeError && String(thrown.details.error_code).endsWith('.MissingParameter');
}

function differing(wanted: DynamicFields, ticket: WireTicket): DynamicFields {
  const found = new Map(ticket.DynamicField.map(({ Name, Value }) => [Name, Value]));
  return wanted.filter(({ Name, Value }) => comparable(found.get(Name) ?? '') !== comparable(Value));
}

function comparable(value: WireDynamicField['Value'] | DynamicFields[number]['Value']): string {
  return [value].flat().join('\u0000').replace(/\r\n?/g, '\n').trim();
}

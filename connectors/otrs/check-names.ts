import type { ExpectedName, ExpectedNames } from '../../src/connector.ts';
import { nearest, strayLetters } from '../../src/spelling.ts';
import type { CheckParts, Report } from './check.ts';
import { unreadable } from './check-fields.ts';
import type { OtrsOptions } from './options.ts';
import { objectionToUpdate } from './probe.ts';
import { searched, type WireTicket } from './wire.ts';

interface Kind {
  /** As TicketUpdate calls it. */
  readonly attribute: string;
  readonly kind: string;
  readonly names: readonly ExpectedName[];
}

/** What needs no call: the logical fields of the rules are known to the configuration. */
export function checkLogicalNames(options: OtrsOptions, { ticketFields }: ExpectedNames, report: Report): void {
  const known = Object.keys(options.dynamic_fields);
  for (const { name, at } of ticketFields.filter((field) => !known.includes(field.name))) {
    const meant = nearest(name, known);
    const guess = meant === undefined ? '.' : `, did you mean «${meant}»?`;
    const advice = `otrs.dynamic_fields does not name it${guess} It has ${known.join(', ')}.`;
    report('error', `field ${name}`, `${at}: the rules use the field «${name}»${stray(name)}, and ${advice}`);
  }
}

/**
 * OTRS lists no names, but it checks them before it changes anything: so each change asks for one name of every kind, and
 * can never be made.
 */
export async function checkNames(
  parts: CheckParts,
  ticket: WireTicket,
  expected: ExpectedNames,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const kinds = kindsOf(expected, ticket, report);
  const refused = new Map<ExpectedName, string>();
  const left = new Map(kinds.map(({ attribute, names }) => [attribute, [...names]]));
  for (;;) {
    const turn = [...left].flatMap(([attribute, [first]]) => (first === undefined ? [] : [{ attribute, first }]));
    if (turn.length === 0) {
      break;
    }

    const wanted = Object.fromEntries(turn.map(({ attribute, first }) => [attribute, first.name]));
    const objection = await objectionToUpdate(parts, ticket.TicketID, { Ticket: wanted }, signal);
    if (objection.to === 'nothing') {
      for (const { attribute } of turn) {
        left.get(attribute)?.shift();
      }
      continue;
    }

    const wrong = objection.to === 'attribute' ? left.get(objection.attribute)?.shift() : undefined;
    if (objection.to !== 'attribute' || wrong === undefined) {
      const message = objection.to === 'something else' ? objection.message : objection.to;
      report('warning', 'names', unreadable({ to: 'something else', message }));
      return;
    }
    refused.set(wrong, objection.attribute);
  }

  for (const { attribute, kind, names } of kinds) {
    const proven = names.filter((name) => refused.get(name) !== attribute);
    if (proven.length > 0) {
      report('ok', kind, `The rules name ${proven.map(({ name }) => name).join(', ')}: OTRS knows them.`);
    }
    for (const name of names.filter((each) => refused.get(each) === attribute)) {
      await convict(parts, ticket, kind, name, report, signal);
    }
  }
}

/** A service is refused as well where the requester may not use it. One wrong name in a search makes OTRS find nothing. */
async function convict(
  { session }: CheckParts,
  ticket: WireTicket,
  kind: string,
  { name, at }: ExpectedName,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const isThere =
    kind === 'service' &&
    ticket.Service !== '' &&
    (
      await session.call(
        {
          operation: 'ticket_search',
          effect: 'read',
          purpose: `search service «${name}»`,
          data: { Services: [name, ticket.Service], Limit: 1 },
        },
        searched,
        signal,
      )
    ).TicketID.length > 0;
  if (isThere) {
    const advice = `${ticket.CustomerUserID} may not use it: open it under Customer Users ↔ Services, if it should.`;
    report('warning', `${kind} ${name}`, `${at}: exists, but ${advice}`);
  } else {
    report(
      'error',
      `${kind} ${name}`,
      `${at}: OTRS has no valid ${kind} that is spelt «${name}»${stray(name)}: create it, or correct the rules.`,
    );
  }
}

function kindsOf(expected: ExpectedNames, ticket: WireTicket, report: Report): readonly Kind[] {
  const hasRequester = ticket.CustomerUserID !== '';
  if (!hasRequester && expected.services.length > 0) {
    const why = `ticket ${ticket.TicketNumber} has no customer, and OTRS knows services by customer`;
    report('warning', 'service', `Not verified: ${why}. Compare them yourself: ${listed(expected.services)}.`);
  }
  const kinds: readonly Kind[] = [
    { attribute: 'Service', kind: 'service', names: hasRequester ? expected.services : [] },
    { attribute: 'Queue', kind: 'ticket queue', names: expected.ticketQueues },
    { attribute: 'Type', kind: 'type', names: expected.ticketTypes },
    { attribute: 'State', kind: 'state', names: expected.ticketStates },
    { attribute: 'Priority', kind: 'priority', names: expected.ticketPriorities },
    { attribute: 'Owner', kind: 'agent', names: expected.ticketOwners },
  ];
  return kinds.filter(({ names }) => names.length > 0);
}

function listed(names: readonly ExpectedName[]): string {
  return names.map(({ name }) => name).join(', ');
}

export function stray(name: string): string {
  const letters = strayLetters(name);
  return letters === '' ? '' : ` (it ${letters})`;
}

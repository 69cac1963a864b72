import type { ExpectedName, ExpectedNames } from '../../src/connector.ts';
import { nearest, strayLetters } from '../../src/spelling.ts';
import type { CheckParts, Report } from './check.ts';
import type { OtrsOptions } from './options.ts';
import { searched, type WireTicket } from './wire.ts';

interface Kind {
  /** The search field that takes names of this kind. */
  readonly field: string;
  readonly kind: string;
  readonly names: readonly ExpectedName[];
  /** A name of this kind that surely exists and has a ticket; empty if the ticket has none. */
  readonly known: string;
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
 * OTRS lists no names. It finds nothing at all, though, where a search names one that it does not know: so the names
 * of a kind are searched together with one that surely has a ticket, and one by one only if that finds nothing.
 */
export async function checkNames(
  { options, session }: CheckParts,
  ticket: WireTicket,
  expected: ExpectedNames,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const finds = async ({ field, kind, known }: Kind, names: readonly string[]) => {
    const { TicketID } = await session.call(
      {
        operation: 'ticket_search',
        effect: 'read',
        purpose: `search ${kind} ${names.map((name) => `«${name}»`).join(', ')}`,
        data: { [field]: known === '' ? names : [...names, known], Limit: 1 },
      },
      searched,
      signal,
    );
    return TicketID.length > 0;
  };

  for (const each of kindsOf(expected, ticket)) {
    const { kind, names, known } = each;
    const isProven = await finds(
      each,
      names.map(({ name }) => name),
    );
    if (isProven) {
      report('ok', kind, `All that the rules name exist: ${names.map(({ name }) => name).join(', ')}.`);
      continue;
    }

    for (const { name, at } of names) {
      if (await finds(each, [name])) {
        continue;
      }
      if (known === '') {
        report('warning', `${kind} ${name}`, `${at}: no ticket with it is visible, so the name is unproven.`);
      } else {
        report('error', `${kind} ${name}`, `${at}: OTRS has no ${kind} that is spelt «${name}»${stray(name)}.`);
      }
    }
  }

  reportUnverified(options, expected, report);
}

function kindsOf(expected: ExpectedNames, ticket: WireTicket): readonly Kind[] {
  const kinds: readonly Kind[] = [
    { field: 'Services', kind: 'service', names: expected.services, known: ticket.Service },
    { field: 'Queues', kind: 'ticket queue', names: expected.ticketQueues, known: ticket.Queue },
    { field: 'Types', kind: 'type', names: expected.ticketTypes, known: ticket.Type },
    { field: 'States', kind: 'state', names: expected.ticketStates, known: ticket.State },
    { field: 'Priorities', kind: 'priority', names: expected.ticketPriorities, known: ticket.Priority },
  ];
  return kinds.filter(({ names }) => names.length > 0);
}

/** No operation that only reads tells the keys of a dropdown or the logins of agents. */
function reportUnverified(options: OtrsOptions, expected: ExpectedNames, report: Report): void {
  const isBox = (field: string, name: string) => options.checkboxes.includes(field) && (name === '0' || name === '1');
  const fields = Map.groupBy(
    expected.ticketFieldValues.filter(({ field, name }) => !isBox(field, name)),
    ({ field }) => options.dynamic_fields[field] ?? field,
  );
  const values = [...fields].map(([field, uses]) => `${field} ${listed(uses)}`);
  const owners = expected.ticketOwners.length === 0 ? [] : [`logins ${listed(expected.ticketOwners)}`];
  const unverified = [...values, ...owners];
  if (unverified.length > 0) {
    report('warning', 'not verified', `OTRS does not tell these; compare them yourself: ${unverified.join('; ')}.`);
  }
}

function listed(names: readonly ExpectedName[]): string {
  return names.map(({ name }) => name).join(', ');
}

function stray(name: string): string {
  const letters = strayLetters(name);
  return letters === '' ? '' : ` (it ${letters})`;
}

import type { ExpectedState } from '../../src/connector.ts';
import type { CheckParts, Report } from './check.ts';
import { ARCHIVED_TOO } from './watched.ts';
import { searched, tickets } from './wire.ts';

/** No operation tells the type of a state but for a ticket that is in it. */
export async function checkStateTypes(
  { options, session }: CheckParts,
  states: readonly ExpectedState[],
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const types = new Map<string, string>();
  const meant = states.filter(({ phase }) => phase !== undefined);
  for (const { name } of meant) {
    const purpose = `find a ticket in the state «${name}»`;
    const data = { States: [name], ...ARCHIVED_TOO, Limit: 1 };
    const { TicketID } = await session.call(
      { operation: 'ticket_search', effect: 'read', purpose, data },
      searched,
      signal,
    );
    const [id] = TicketID;
    const { Ticket } =
      id === undefined
        ? { Ticket: [] }
        : await session.call(
            { operation: 'ticket_get', effect: 'read', purpose: `read ticket ${id}`, path: { TicketID: id } },
            tickets,
            signal,
          );
    const found = Ticket.find(({ State }) => State === name);
    if (found !== undefined) {
      types.set(name, found.StateType);
    }
  }

  for (const state of meant) {
    const type = types.get(state.name);
    const fault = type === undefined ? undefined : faultOf(state, options.phases[type] ?? 'open');
    if (fault !== undefined) {
      report(fault.level, `state ${state.name}`, `${state.at}: its type in OTRS is «${type}», ${fault.message}`);
    }
  }
  const proven = meant.filter(({ name }) => types.has(name));
  if (proven.length > 0) {
    report(
      'ok',
      'types of states',
      `Seen in tickets: ${proven.map(({ name }) => `${name} (${types.get(name)})`).join(', ')}.`,
    );
  }
  if (proven.length < meant.length) {
    const unseen = meant.filter(({ name }) => !types.has(name)).map(({ name }) => name);
    report('warning', 'types of states', `Not verified, for no ticket is in them: ${unseen.join(', ')}.`);
  }
}

function faultOf({ phase, pauses }: ExpectedState, found: ExpectedState['phase']) {
  if ((phase === 'done') !== (found === 'done')) {
    const message =
      phase === 'done'
        ? 'and the rules end the work in it: give it the type closed, or another state in the mappings.'
        : 'which ends a ticket, and the rules go on in it: give it another type, or correct the mappings.';
    return { level: 'error', message } as const;
  }

  return pauses === true && found !== 'pending'
    ? ({ level: 'warning', message: 'so nobody is reminded of what waits in it: pending reminder would.' } as const)
    : undefined;
}

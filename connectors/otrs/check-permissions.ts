import type { ExpectedNames, ExpectedTicket } from '../../src/connector.ts';
import { BridgeError } from '../../src/errors.ts';
import type { CheckParts, Report } from './check.ts';
import { objectionToCreate } from './probe.ts';
import { ARCHIVED_TOO } from './watched.ts';
import { searched, tickets, updated, type WireTicket } from './wire.ts';

/** Whether the bridge's agent may write in every ticket queue that it has to do with, and open tickets where the rules do. */
export async function checkPermissions(
  parts: CheckParts,
  ticket: WireTicket,
  expected: ExpectedNames,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const { watch } = parts.options;
  const named = [...expected.ticketQueues, ...expected.tickets].map(({ name }) => name);
  const writable: string[] = [];
  const unseen: string[] = [];
  for (const queue of new Set([...watch.ticket_queues, ...named])) {
    const found = await ticketIn(parts, queue, signal);
    if (found === undefined) {
      unseen.push(queue);
    } else if (await mayWrite(parts, found, queue, report, signal)) {
      writable.push(queue);
    }
  }
  if (writable.length > 0) {
    report('ok', 'permission rw', `Proven by a write that changes nothing in ${writable.join(', ')}.`);
  }
  if (unseen.length > 0) {
    const why = 'no ticket is visible there, be it that there is none or that the agent may not read it';
    report('warning', 'permission rw', `Not verified in ${unseen.join(', ')}: ${why}.`);
  }
  for (const opened of expected.tickets) {
    await checkOpening(parts, ticket, expected, opened, report, signal);
  }
}

async function ticketIn({ session }: CheckParts, queue: string, signal: AbortSignal): Promise<WireTicket | undefined> {
  const purpose = `find a ticket in «${queue}»`;
  const data = { Queues: [queue], ...ARCHIVED_TOO, Limit: 1 };
  const { TicketID } = await session.call(
    { operation: 'ticket_search', effect: 'read', purpose, data },
    searched,
    signal,
  );
  const [id] = TicketID;
  if (id === undefined) {
    return undefined;
  }

  const { Ticket } = await session.call(
    {
      operation: 'ticket_get',
      effect: 'read',
      purpose: `read ticket ${id}`,
      path: { TicketID: id },
      data: { DynamicFields: 1 },
    },
    tickets,
    signal,
  );
  return Ticket.find(({ Queue }) => Queue === queue);
}

/** Checks of rights come last, so only a change that could be made shows them: the field that nobody else writes, set to what it is. */
async function mayWrite(
  { options, session }: CheckParts,
  { TicketID, TicketNumber, DynamicField }: WireTicket,
  queue: string,
  report: Report,
  signal: AbortSignal,
): Promise<boolean> {
  const mark = DynamicField.find(({ Name }) => Name === options.ticket_marker_field);
  if (mark === undefined) {
    return false;
  }

  const Value = [mark.Value].flat()[0] ?? '';
  try {
    await session.call(
      {
        operation: 'ticket_update',
        effect: 'read',
        purpose: `set ${mark.Name} of ticket ${TicketNumber} to what it is`,
        path: { TicketID },
        data: { TicketID, DynamicField: [{ Name: mark.Name, Value }] },
      },
      updated,
      signal,
    );
    return true;
  } catch (thrown) {
    if (!(thrown instanceof BridgeError) || thrown.code !== 'NOT_PERMITTED') {
      throw thrown;
    }

    report(
      'error',
      `ticket queue ${queue}`,
      `${options.login} may read ticket ${TicketNumber} there and not write it: give rw on the group of the ticket queue.`,
    );
    return false;
  }
}

async function checkOpening(
  parts: CheckParts,
  ticket: WireTicket,
  { ticketPriorities }: ExpectedNames,
  { name, at, service, type, state, requester }: ExpectedTicket,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const subject = `opening tickets in ${name}`;
  const customer = requester ?? ticket.CustomerUserID;
  const objection = await objectionToCreate(
    parts,
    {
      Title: 'bridge check',
      Queue: name,
      Service: service,
      Type: type,
      State: state,
      Priority: ticketPriorities[0]?.name ?? ticket.Priority,
      CustomerUser: customer,
    },
    signal,
  );
  switch (objection.to) {
    case 'nothing':
      return report('ok', subject, 'OTRS would open one: asked for one without a text, it objects to nothing else.');
    case 'right to create':
      return report(
        'error',
        subject,
        `${at}: ${parts.options.login} may open none there: give create or rw on the group of the ticket queue.`,
      );
    case 'attribute':
      return objection.attribute === 'Service'
        ? report(
            'warning',
            subject,
            `${at}: OTRS refuses the service «${service}» for ${customer}, who perhaps may not use it.`,
          )
        : report('error', subject, `${at}: OTRS refuses the ${objection.attribute} that the rules give such a ticket.`);
    default:
      return report('warning', subject, 'Not verified: OTRS objects to something that was not expected.');
  }
}

import type { DateTime } from 'luxon';
import type { ExpectedNames, Finding } from '../../src/connector.ts';
import { explain, toBridgeError } from '../../src/errors.ts';
import { checkConfigured } from './check-configured.ts';
import { checkFields, checkTypesOfFields, unreadable } from './check-fields.ts';
import { checkLinkAdd } from './check-link.ts';
import { checkLogin, checkWayOfSession } from './check-login.ts';
import { checkNames } from './check-names.ts';
import { checkPermissions } from './check-permissions.ts';
import { checkStateTypes } from './check-states.ts';
import { clockBehind } from './clock.ts';
import { fromNaive } from './naive-time.ts';
import type { OtrsOptions } from './options.ts';
import { objectionToUpdate } from './probe.ts';
import type { Session } from './session.ts';
import { history, searched, tickets, type WireTicket } from './wire.ts';

export interface CheckParts {
  readonly options: OtrsOptions;
  readonly session: Session;
  readonly system: string;
  readonly now: () => DateTime;
}

/** The session and the search take a moment; more than this is another clock. */
const LARGEST_SKEW_SECONDS = 60;

export type Report = (level: Finding['level'], subject: string, message: string) => void;

/**
 * Proves login, operations, dynamic fields, time zone, watched names, names of the rules and permissions against the real
 * OTRS. Changes nothing there: what it asks for is impossible, or is so already.
 */
export async function inspect(
  parts: CheckParts,
  expected: ExpectedNames,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const report: Report = (level, subject, message) => {
    findings.push({ level, subject: `${parts.system}: ${subject}`, message });
  };
  const attempt = async <Result>(subject: string, look: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await look();
    } catch (thrown) {
      report('error', subject, explain(toBridgeError(thrown)));
      return undefined;
    }
  };

  checkConfigured(parts.options, expected, report);
  checkWayOfSession(parts.options, report);
  const isIn = await attempt('login', () => checkLogin(parts, report, signal));
  if (isIn === undefined) {
    return findings;
  }

  await attempt('link_add', () => checkLinkAdd(parts, expected, report, signal));
  const ticket = await attempt('ticket search', () => anyTicket(parts, report, signal));
  if (ticket === undefined || ticket === 'none') {
    return findings;
  }

  checkTimeZone(parts, ticket, report);
  await attempt('watch', () => checkWatch(parts, ticket, report, signal));
  await attempt('ticket history', () => checkHistory(parts, ticket, report, signal));
  const isSafe = await attempt('ticket update', () => checkUpdate(parts, ticket, report, signal));
  if (isSafe !== undefined) {
    await attempt('dynamic fields', () => checkFields(parts, ticket, expected, report, signal));
    await attempt('names', () => checkNames(parts, ticket, expected, report, signal));
    await attempt('types of states', () => checkStateTypes(parts, expected.ticketStates, report, signal));
    await attempt('permissions', () => checkPermissions(parts, ticket, expected, report, signal));
    await attempt('types of fields', () => checkTypesOfFields(parts, ticket, expected, report, signal));
  }
  return findings;
}

/**
 * One wrong name makes OTRS find nothing at all, silently. So each name is searched together with one that surely exists
 * and has a ticket: finding nothing then convicts the name.
 */
async function checkWatch(parts: CheckParts, ticket: WireTicket, report: Report, signal: AbortSignal): Promise<void> {
  const { options, session } = parts;
  const names = [
    ...options.watch.ticket_queues.map((name) => ['Queues', 'ticket queue', name, ticket.Queue] as const),
    ...options.watch.services.map((name) => ['Services', 'service', name, ticket.Service] as const),
  ];
  if (names.length === 0) {
    report('warning', 'watch', 'No ticket queue and no service is named: the sweep looks at every ticket it may read.');
  }

  for (const [field, kind, name, known] of names) {
    const { TicketID } = await session.call(
      {
        operation: 'ticket_search',
        effect: 'read',
        purpose: `search ${kind} «${name}»`,
        data: { [field]: known === '' ? [name] : [name, known], Limit: 1 },
      },
      searched,
      signal,
    );
    if (TicketID.length > 0) {
      report('ok', `${kind} ${name}`, 'Exists.');
    } else if (known === '') {
      report('warning', `${kind} ${name}`, 'No ticket is visible there, so the name is unproven.');
    } else {
      report(
        'error',
        `${kind} ${name}`,
        `OTRS has no such ${kind}, and finds nothing while watch names it: correct it.`,
      );
    }
  }
}

async function anyTicket({ session }: CheckParts, report: Report, signal: AbortSignal): Promise<WireTicket | 'none'> {
  const { TicketID } = await session.call(
    { operation: 'ticket_search', effect: 'read', purpose: 'find a ticket', data: { Limit: 1 } },
    searched,
    signal,
  );
  const [ticketId] = TicketID;
  if (ticketId === undefined) {
    report(
      'warning',
      'ticket search',
      'No ticket is visible: there is none, or the agent may read none (rw on the groups of the ticket queues). Names, dynamic fields, time zone and rights are proven by one: open it in a watched ticket queue and check again.',
    );
    return 'none';
  }

  const { Ticket } = await session.call(
    {
      operation: 'ticket_get',
      effect: 'read',
      purpose: `read ticket ${ticketId}`,
      path: { TicketID: ticketId },
      data: { AllArticles: 1, ArticleLimit: 1, DynamicFields: 1 },
    },
    tickets,
    signal,
  );
  report('ok', 'ticket search', `Found and read ticket ${Ticket[0]?.TicketNumber ?? ticketId}.`);
  return Ticket[0] ?? 'none';
}

/** An article's arrival is given as epoch seconds beside the naive time of its creation. */
function checkTimeZone({ options, now }: CheckParts, ticket: WireTicket, report: Report): void {
  const [article] = ticket.Article;
  const epoch = Number(article?.IncomingTime ?? 0);
  if (article === undefined || !(epoch > 0)) {
    report('warning', 'time zone', 'No article with a time to prove it by.');
    return;
  }

  const quarters = Math.round((fromNaive(article.CreateTime, options.time_zone).toSeconds() - epoch) / 900);
  if (quarters === 0) {
    report('ok', 'time zone', `OTRS writes its times in ${options.time_zone}.`);
    const ahead = Math.round(clockBehind(ticket, options.time_zone).diff(now()).as('seconds'));
    if (Math.abs(ahead) > LARGEST_SKEW_SECONDS) {
      const way = ahead > 0 ? 'ahead of' : 'behind';
      const advice = 'Let both follow the same time server: deadlines count by the clock of OTRS.';
      report('warning', 'clock', `The clock of OTRS is ${Math.abs(ahead)} s ${way} that of the bridge. ${advice}`);
    }
  } else {
    report(
      'error',
      'time zone',
      `Read in ${options.time_zone}, times of OTRS are ${quarters / 4} h off: set time_zone to its OTRSTimeZone.`,
    );
  }
}

async function checkHistory({ options, session }: CheckParts, ticket: WireTicket, report: Report, signal: AbortSignal) {
  if (options.operations.ticket_history === false) {
    report(
      'warning',
      'ticket history',
      'Switched off (operations.ticket_history): the bridge does not learn who changed a ticket and when, so it counts every change as made at the last one, and deadlines are as uncertain as that.',
    );
    return;
  }

  await session.call(
    {
      operation: 'ticket_history',
      effect: 'read',
      purpose: `read the history of ticket ${ticket.TicketNumber}`,
      path: { TicketID: ticket.TicketID },
    },
    history,
    signal,
  );
  report('ok', 'ticket history', 'Can be read.');
}

/** Whether OTRS finds impossible what is impossible: everything else that is asked for rests on that. */
async function checkUpdate(parts: CheckParts, ticket: WireTicket, report: Report, signal: AbortSignal) {
  const objection = await objectionToUpdate(parts, ticket.TicketID, {}, signal);
  if (objection.to === 'nothing') {
    report('ok', 'ticket update', `The operation is there and ticket ${ticket.TicketNumber} was left as it is.`);
    return true;
  }

  report(
    'error',
    'ticket update',
    objection.to === 'something else' ? unreadable(objection) : `Refused: ${objection.to}.`,
  );
  return undefined;
}

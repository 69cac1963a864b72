import type { ExpectedNames, Finding } from '../../src/connector.ts';
import { explain, toBridgeError } from '../../src/errors.ts';
import { checkLinkAdd } from './check-link.ts';
import { checkLogin, checkWayOfSession } from './check-login.ts';
import { checkLogicalNames, checkNames } from './check-names.ts';
import { fromNaive } from './naive-time.ts';
import type { OtrsOptions } from './options.ts';
import type { Session } from './session.ts';
import { history, searched, tickets, updated, type WireTicket } from './wire.ts';

export interface CheckParts {
  readonly options: OtrsOptions;
  readonly session: Session;
  readonly system: string;
}

export type Report = (level: Finding['level'], subject: string, message: string) => void;

/**
 * Proves login, operations, dynamic fields, time zone, watched names and names of the rules against the real OTRS.
 * Writes nothing: the update that it sends is empty, which OTRS answers after it has checked rights.
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

  checkLogicalNames(parts.options, expected, report);
  checkWayOfSession(parts.options, report);
  const isIn = await attempt('login', () => checkLogin(parts, report, signal));
  if (isIn === undefined) {
    return findings;
  }

  await attempt('link_add', () => checkLinkAdd(parts, report, signal));
  const ticket = await attempt('ticket search', () => anyTicket(parts, report, signal));
  if (ticket !== undefined && ticket !== 'none') {
    checkFields(parts, ticket, report);
    checkTimeZone(parts, ticket, report);
    await attempt('watch', () => checkWatch(parts, ticket, report, signal));
    await attempt('names', () => checkNames(parts, ticket, expected, report, signal));
    await attempt('ticket history', () => checkHistory(parts, ticket, report, signal));
    await attempt('ticket update', () => checkUpdate(parts, ticket, report, signal));
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
      'No ticket is visible, so names, dynamic fields, time zone and rights are unproven.',
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

/** OTRS lists every valid dynamic field of a record, the empty ones too; a search for an unknown one would find all. */
function checkFields({ options }: CheckParts, ticket: WireTicket, report: Report): void {
  const known = new Set(ticket.DynamicField.map(({ Name }) => Name));
  for (const [logical, name] of Object.entries(options.dynamic_fields)) {
    if (known.has(name)) {
      report('ok', `dynamic field ${name}`, `Exists; known to the mappings as ${logical}.`);
    } else {
      report(
        'error',
        `dynamic field ${name}`,
        `No valid ticket field has this name. Create it, or correct dynamic_fields.${logical}.`,
      );
    }
  }

  const mark = options.ticket_marker_field;
  if (known.has(mark)) {
    report('ok', `dynamic field ${mark}`, 'Exists; marks the tickets that the bridge opens.');
  } else {
    const advice = 'The bridge can open no ticket without it: create it (text), or correct ticket_marker_field.';
    report('error', `dynamic field ${mark}`, `No valid ticket field has this name. ${advice}`);
  }

  const [article] = ticket.Article;
  const marker = options.article_marker_field;
  if (article === undefined) {
    report('warning', `article field ${marker}`, `Ticket ${ticket.TicketNumber} has no article to prove it by.`);
  } else if (article.DynamicField.some(({ Name }) => Name === marker)) {
    report('ok', `article field ${marker}`, 'Exists.');
  } else {
    report('error', `article field ${marker}`, 'No valid article field (text) has this name. Create it.');
  }
}

/** An article's arrival is given as epoch seconds beside the naive time of its creation. */
function checkTimeZone({ options }: CheckParts, ticket: WireTicket, report: Report): void {
  const [article] = ticket.Article;
  const epoch = Number(article?.IncomingTime ?? 0);
  if (article === undefined || !(epoch > 0)) {
    report('warning', 'time zone', 'No article with a time to prove it by.');
    return;
  }

  const quarters = Math.round((fromNaive(article.CreateTime, options.time_zone).toSeconds() - epoch) / 900);
  if (quarters === 0) {
    report('ok', 'time zone', `OTRS writes its times in ${options.time_zone}.`);
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

async function checkUpdate({ session }: CheckParts, ticket: WireTicket, report: Report, signal: AbortSignal) {
  await session.call(
    {
      operation: 'ticket_update',
      effect: 'read',
      purpose: `send an empty update to ticket ${ticket.TicketNumber}`,
      path: { TicketID: ticket.TicketID },
      // A body without a single key would not be read at all.
      data: { TicketID: ticket.TicketID },
    },
    updated,
    signal,
  );
  report('ok', 'ticket update', `The operation is there and ticket ${ticket.TicketNumber} was left as it is.`);
}

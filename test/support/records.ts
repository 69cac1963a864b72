import { DateTime } from 'luxon';
import type { Facts } from '../../src/domain/facts.ts';
import { blankLink, type Link } from '../../src/domain/link.ts';
import type { Comment, Snapshot } from '../../src/domain/ticket.ts';

/** The moment that tests call now: a Monday morning in Moscow. */
export const NOW = DateTime.fromISO('2026-11-23T10:00:00.000+03:00', { setZone: true });

/** A ticket of line 2 as it is after registration. */
export function aTicket(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    ref: { system: 'otrs', id: '42', key: '2026112310000042' },
    url: 'http://otrs.example.test/otrs/index.pl?Action=AgentTicketZoom;TicketID=42',
    title: 'Не создаётся заявка в ЕИП',
    text: 'Шаги: открыть заявку 554321, нажать «Отправить». Ожидание: заявка создана.',
    textCommentId: '100',
    state: 'В работе',
    phase: 'open',
    priority: '3 Средний',
    type: 'Инцидент',
    service: 'NTTM: Техническая поддержка',
    ticketQueue: 'NTTM::2ЛТП',
    requester: { name: 'Анна Кузнецова', login: 'user.volga', email: 'anna@example.test', branch: 'MRF-VOLGA' },
    fields: {},
    comments: [aComment({ id: '100', by: 'requester', author: 'Анна Кузнецова' })],
    attachments: [],
    history: [],
    createdAt: NOW.minus({ hours: 1 }),
    changedAt: NOW,
    ...changes,
  };
}

export function anIssue(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    ref: { system: 'jira', id: '10001', key: 'OSSTTMB2B-1' },
    url: 'http://jira.example.test/browse/OSSTTMB2B-1',
    title: 'Не создаётся заявка в ЕИП',
    text: '',
    state: 'Открыто',
    phase: 'new',
    priority: 'Средний',
    type: 'Дефект',
    fields: {},
    comments: [],
    attachments: [],
    history: [],
    createdAt: NOW,
    changedAt: NOW,
    ...changes,
  };
}

export function aComment(changes: Partial<Comment> = {}): Comment {
  return {
    id: '1',
    author: 'Мария Петрова',
    at: NOW,
    text: 'Проверьте ещё раз.',
    visibility: 'public',
    by: 'agent',
    ...changes,
  };
}

export function aLink(changes: Partial<Link> = {}): Link {
  return { ...blankLink({ system: 'otrs', id: '42' }), ...changes };
}

/** A ticket that shows its issue as opened; with the issue as given there is nothing left to do but what the changes call for. */
export function agreedFacts(
  ticket: Partial<Snapshot> = {},
  issue: Partial<Snapshot> = {},
  link: Partial<Link> = {},
): Facts {
  const theIssue = anIssue(issue);
  return {
    issue: theIssue,
    ticket: aTicket({
      ticketQueue: 'NTTM::3ЛТП',
      state: 'Передано на 3ЛТП',
      fields: { issue_key: theIssue.ref.key ?? '', issue_url: theIssue.url, issue_status: 'Открыто' },
      ...ticket,
    }),
    link: aLink({
      issue: theIssue.ref,
      agreed: { issueState: 'Открыто/' },
      done: { 'open:issue': theIssue.ref.id, 'relate:issue:origin': theIssue.ref.id },
      ...link,
    }),
  };
}

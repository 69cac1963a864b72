import type { Facts, RelatedRecord } from '../../src/domain/facts.ts';
import type { Link } from '../../src/domain/link.ts';
import type { Snapshot } from '../../src/domain/ticket.ts';
import { aComment, aLink, aTicket } from './records.ts';

export const CHILD = { system: 'otrs', id: '901', key: '2026112310000901' };

/** The linked ticket as it is after its opening. */
export function aChild(changes: Partial<Snapshot> = {}): Snapshot {
  return aTicket({
    ref: CHILD,
    url: 'http://otrs.example.test/otrs/index.pl?Action=AgentTicketZoom;TicketID=901',
    state: 'В работе',
    service: 'DWH: Техническая поддержка',
    ticketQueue: 'Смежные системы::DWH',
    fields: { parent_ticket: '2026112310000042 (В работе)' },
    comments: [aComment({ id: '9000', author: 'bridge', text: 'Обращение', marker: 'open:related:dwh' })],
    ...changes,
  });
}

/** A ticket and its linked ticket that agree but for the changes. */
export function linkedFacts(
  ticket: Partial<Snapshot> = {},
  child: Partial<Snapshot> = {},
  link: Partial<Link> = {},
): Facts {
  const record = aChild(child);
  const related: readonly RelatedRecord[] = [{ name: 'dwh', role: 'related', ref: CHILD, record }];
  return {
    ticket: aTicket({
      ...ticket,
      fields: { related_system: 'dwh', related_tickets: `DWH: ${CHILD.key} (${record.state})`, ...ticket.fields },
    }),
    link: aLink({
      related: [{ name: 'dwh', role: 'related', ref: CHILD }],
      ...link,
      done: { 'comment:note:related-opened:dwh': '150', ...link.done },
    }),
    related,
  };
}

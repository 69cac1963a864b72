import type { Policy } from '../domain/decide.ts';
import type { Facts } from '../domain/facts.ts';
import { linkedTickets } from '../domain/related/linked.ts';
import { gapsFor, wantedSystems } from '../domain/related/opening.ts';
import { nameOf } from '../domain/ticket.ts';
import type { ExplainedLinkedTicket } from './explanation.ts';

/** The tickets that were opened for this one, then those that are wanted and not there (R65, R71). */
export function explainLinked(facts: Facts, { related: policy }: Policy): readonly ExplainedLinkedTicket[] {
  const linked = linkedTickets(facts, policy).map(
    ({ name, title, role, clause, ref, record, isGone }): ExplainedLinkedTicket => ({
      name,
      title,
      role,
      clause,
      number: nameOf(ref),
      standing:
        isGone === true ? 'not seen' : record === undefined ? 'not read' : record.phase === 'done' ? 'done' : 'open',
      ...(record === undefined ? {} : { state: record.state, url: record.url }),
      lacks: [],
    }),
  );
  if (facts.ticket.phase === 'done') {
    return linked;
  }

  const wanted = wantedSystems(facts.ticket, policy)
    .filter(({ system }) => !linked.some(({ name }) => name === system.key))
    .map(({ system, because }) => ({
      name: system.key,
      title: system.title,
      role: system.role,
      clause: system.clause,
      standing: 'wanted' as const,
      because,
      lacks: gapsFor(system, facts.ticket).map(({ name, clause }) => ({ name, clause })),
    }));
  return [...linked, ...wanted];
}

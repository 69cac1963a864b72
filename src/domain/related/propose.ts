import { findPhrase } from '../phrase.ts';
import { abstain, combine, type Judgement } from '../reason.ts';
import type { Reading } from '../russian.ts';
import type { Snapshot } from '../ticket.ts';
import { readTicket } from '../ticket-texts.ts';
import type { RelatedPolicy, RelatedSystem } from './policy.ts';

/** The adjacent systems that the requester names and that no ticket is linked with. The agent decides. */
export function proposeSystems(ticket: Snapshot, policy: RelatedPolicy, linked: ReadonlySet<string>): Judgement {
  const readings = readTicket(ticket, policy.texts);
  const unlinked = policy.systems.filter(({ key }) => !linked.has(key));
  return combine(unlinked.flatMap((system) => propose(system, readings, policy)));
}

function propose(system: RelatedSystem, readings: readonly Reading[], policy: RelatedPolicy): readonly Judgement[] {
  const mentions = readings.flatMap((reading) =>
    system.namedBy.flatMap((phrase) => findPhrase(reading, phrase, policy.negation)),
  );
  const said = mentions.find(({ sense }) => sense === 'stated');
  return said === undefined
    ? []
    : [
        abstain({
          rule: 'related-system-is-named',
          clause: system.clause,
          evidence: `perhaps ${system.title} (${said.where}: «${said.quote.replaceAll(/\s+/g, ' ')}»); the agent decides by ${policy.decidedBy}`,
        }),
      ];
}

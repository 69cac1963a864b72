import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import { textOf } from './field-value.ts';
import { findPhrase, type Negation, type Phrase } from './phrase.ts';
import { abstain, combine, type Judgement, nothing, type Reason } from './reason.ts';
import type { Reading } from './russian.ts';
import type { Snapshot } from './ticket.ts';
import { readTicket, type TextOptions } from './ticket-texts.ts';

/** An adjacent system and the way to its support (R71). */
export interface RelatedSystem {
  /** Key of the dropdown by which the agent decides. */
  readonly key: string;
  /** Name for people. */
  readonly title: string;
  readonly clause: string;
  /** Where its support takes tickets. */
  readonly service: string;
  readonly ticketQueue: string;
  /** Fields that must be filled before its support can be asked. */
  readonly mandatory: readonly MandatoryField[];
  /** How requesters call it. */
  readonly namedBy: readonly Phrase[];
}

export interface MandatoryField {
  /** Logical name. */
  readonly field: string;
  /** Name for people. */
  readonly title: string;
  readonly clause: string;
}

export interface RelatedPolicy {
  /** Logical name of the field by which the agent decides. */
  readonly decidedBy: string;
  readonly systems: readonly RelatedSystem[];
  readonly texts: TextOptions;
  readonly negation: Negation;
}

/**
 * Whether the ticket belongs to the support of an adjacent system. The agent decides; what the requester says is only a
 * proposal. No action follows: the tickets there are not opened yet.
 */
export function judgeRelated({ ticket }: Facts, policy: RelatedPolicy): Judgement {
  if (ticket.phase === 'done') {
    return nothing;
  }

  const decided = decidedKeys(ticket, policy);
  if (decided.length > 0) {
    return combine(decided.map((key) => abstain(route(key, ticket, policy))));
  }

  const readings = readTicket(ticket, policy.texts);
  return combine(policy.systems.flatMap((system) => propose(system, readings, policy)));
}

/** The fields that the system's support demands and that the ticket lacks. */
export function missingFor(system: RelatedSystem, ticket: Snapshot): readonly MandatoryField[] {
  return system.mandatory.filter(({ field }) => textOf(ticket.fields[field]) === undefined);
}

function decidedKeys({ fields }: Snapshot, { decidedBy }: RelatedPolicy): readonly string[] {
  return [fields[decidedBy] ?? []].flat().filter((key) => key.trim() !== '');
}

function route(key: string, ticket: Snapshot, { systems, decidedBy }: RelatedPolicy): Reason {
  const system = systems.find((each) => isSameText(each.key, key));
  if (system === undefined) {
    const known = systems.map((each) => each.key).join(', ');
    return {
      rule: 'related-system-has-no-route',
      clause: 'R71',
      evidence: `${decidedBy} is «${key}», and there are routes for ${known} only`,
    };
  }

  const missing = missingFor(system, ticket);
  const lacks =
    missing.length === 0
      ? 'nothing is missing'
      : `missing: ${missing.map(({ field, title }) => `«${title}» (${field})`).join(', ')}`;
  return {
    rule: 'related-system-is-decided',
    clause: [...new Set([system.clause, ...missing.map(({ clause }) => clause)])].join(', '),
    evidence: `the agent chose ${system.title}: service «${system.service}», ticket queue «${system.ticketQueue}»; ${lacks}`,
  };
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

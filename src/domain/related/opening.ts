import type { Draft } from '../action.ts';
import { answer, describeAnswer, isSameText } from '../condition.ts';
import type { Facts } from '../facts.ts';
import { textOf } from '../field-value.ts';
import { noteOnce } from '../note.ts';
import { abstain, act, combine, type Judgement, nothing } from '../reason.ts';
import { emptyPartsOf } from '../required-part.ts';
import { serviceRuleOf } from '../scope.ts';
import { ABSENT, fill } from '../template.ts';
import type { Snapshot } from '../ticket.ts';
import { ticketValues } from '../vocabulary.ts';
import { fieldValues, PARENT_TICKET, type RelatedPolicy, type RelatedSystem } from './policy.ts';
import { proposeSystems } from './propose.ts';

/** Something that a linked ticket needs and the ticket lacks. */
export interface Gap {
  /** Logical name of a field, or a part such as `text`. */
  readonly part: string;
  /** Name for people. */
  readonly name: string;
  readonly clause: string;
}

/** An adjacent system whose support is to be asked, and what that rests on. */
export interface WantedSystem {
  readonly system: RelatedSystem;
  readonly because: string;
}

/**
 * Opens a linked ticket for each adjacent system that the agent chose, or that the mapping names for such tickets: one per
 * ticket and system for ever (I1), whatever becomes of the choice. A linked ticket itself has none, nor has a closed ticket
 * or one of a foreign service. While nothing is decided, what the requester says is only a proposal.
 */
export function judgeOpening(facts: Facts, policy: RelatedPolicy): Judgement {
  const { ticket, link } = facts;
  if (ticket.phase === 'done') {
    return nothing;
  }

  const wanted = wantedSystems(ticket, policy);
  const strange = chosenKeys(ticket, policy).filter(
    (key) => !policy.systems.some((system) => isSameText(system.key, key)),
  );
  if (wanted.length === 0 && strange.length === 0) {
    const linked = new Set(link.related.map(({ name }) => name));
    return proposeSystems(ticket, policy, linked);
  }

  const unrouted = strange.map((key) => abstain(withoutRoute(key, policy)));
  const isOpen = (system: RelatedSystem) => link.related.some(({ name }) => name === system.key);
  const left = wanted.filter(({ system }) => !isOpen(system));
  const parent = textOf(ticket.fields[PARENT_TICKET]);
  if (left.length > 0 && parent !== undefined) {
    const evidence = `the ticket was opened for ${parent} itself`;
    return combine([...unrouted, abstain({ rule: 'linked-tickets-open-none', clause: 'R71', evidence })]);
  }

  // A ticket that has an issue is looked after although its service is empty; no other support is asked for it.
  return serviceRuleOf(ticket, policy.scope) === undefined
    ? combine(unrouted)
    : combine([...unrouted, ...left.map((each) => open(facts, each, policy))]);
}

/** The adjacent systems that the agent chose, or that the mapping names for such tickets. */
export function wantedSystems(ticket: Snapshot, policy: RelatedPolicy): readonly WantedSystem[] {
  const chosen = chosenKeys(ticket, policy);
  return policy.systems.flatMap((system) => want(system, chosen, ticket));
}

/** What the system's support demands and the ticket lacks. */
export function gapsFor({ mandatory, draft }: RelatedSystem, ticket: Snapshot): readonly Gap[] {
  return [
    ...mandatory
      .filter(({ field }) => textOf(ticket.fields[field]) === undefined)
      .map(({ field, title, clause }) => ({ part: field, name: title, clause })),
    ...emptyPartsOf(draft.requires, { project: '', type: draft.type }, ticket),
  ];
}

function chosenKeys({ fields }: Snapshot, { decidedBy }: RelatedPolicy): readonly string[] {
  return [fields[decidedBy] ?? []].flat().filter((key) => key.trim() !== '');
}

function want(system: RelatedSystem, chosen: readonly string[], ticket: Snapshot): readonly WantedSystem[] {
  if (chosen.some((key) => isSameText(key, system.key))) {
    return [{ system, because: `the agent chose ${system.title}` }];
  }

  const answers = system.when.map((condition) => answer(condition, ticket));
  return answers.length > 0 && answers.every(({ holds }) => holds)
    ? [{ system, because: `${answers.map(describeAnswer).join(' and ')}, which is for ${system.title}` }]
    : [];
}

function withoutRoute(key: string, { systems, decidedBy }: RelatedPolicy) {
  const known = systems
    .filter(({ role }) => role === 'related')
    .map((each) => each.key)
    .join(', ');
  return {
    rule: 'related-system-has-no-route',
    clause: 'R71',
    evidence: `${decidedBy} is «${key}», and there are routes for ${known} only`,
  };
}

function open(facts: Facts, { system, because }: WantedSystem, policy: RelatedPolicy): Judgement {
  const gaps = gapsFor(system, facts.ticket);
  if (gaps.length > 0) {
    return nameGaps(facts, system, because, gaps, policy);
  }

  return act(
    {
      do: 'open',
      key: `open:related:${system.key}`,
      system: system.system,
      role: system.role,
      name: system.key,
      origin: facts.ticket.ref,
      draft: write(system, facts.ticket, policy),
    },
    {
      rule: 'related-system-is-decided',
      clause: system.clause,
      evidence: `${because}: service «${system.service}», ticket queue «${system.ticketQueue}»`,
    },
  );
}

/**
 * Says in the ticket what the linked ticket still needs: once for each set of gaps, also after a lost memory. A ticket
 * without any article is just being registered: its first one comes as news of its own.
 */
function nameGaps(
  facts: Facts,
  system: RelatedSystem,
  because: string,
  gaps: readonly Gap[],
  { notes, wording }: RelatedPolicy,
): Judgement {
  const reason = {
    rule: 'related-ticket-lacks-information',
    clause: [...new Set([system.clause, ...gaps.map(({ clause }) => clause)])].join(', '),
    evidence: `${because}, but the ticket lacks ${gaps.map(({ part, name }) => `${part} («${name}»)`).join(', ')}`,
  };
  const parts = gaps.map(({ part }) => part).toSorted();
  const values = {
    ...ticketValues(facts.ticket, wording),
    'related.system': system.title,
    missing: gaps.map(({ name }) => `«${name}»`).join(', '),
  };
  const key = `comment:note:related:${system.key}:${parts.join(',')}`;
  const note = facts.ticket.comments.length === 0 ? nothing : noteOnce(facts, key, notes.missing, values, reason);
  return note === nothing ? abstain(reason) : note;
}

function write({ draft, service, ticketQueue }: RelatedSystem, ticket: Snapshot, policy: RelatedPolicy): Draft {
  const values = { ...ticketValues(ticket, policy.wording), ...fieldValues(ticket) };
  const filled = Object.entries(draft.fields).map(([name, text]) => [name, fill(text, values)] as const);
  const requester = draft.requester ?? ticket.requester?.login;
  return {
    project: ticketQueue,
    type: draft.type,
    title: fill(draft.title, values),
    text: fill(draft.text, values),
    priority: ticket.priority,
    labels: [],
    fields: {
      service,
      ...Object.fromEntries(filled.filter(([, value]) => value !== '' && value !== ABSENT)),
      [PARENT_TICKET]: fill(policy.shown.inRelated, values),
    },
    ...(requester === undefined ? {} : { requester }),
    state: draft.state,
  };
}

import type { ActionKey } from './action.ts';
import { OPEN_ISSUE } from './escalation.ts';
import type { Facts, MainTicket } from './facts.ts';
import { MOVE_ISSUE } from './issue-status.ts';
import type { Link } from './link.ts';
import { type NoteTemplate, tellIssueOnce, tellTeamOnce } from './note.ts';
import { abstain, act, combine, type Judgement, nothing } from './reason.ts';
import { fill } from './template.ts';
import { nameOf, type Ref, type Snapshot } from './ticket.ts';
import { issueValues, ticketValues, type Wording } from './vocabulary.ts';

/** What becomes of the issue of a ticket that was merged into another one. */
export interface MergePolicy {
  /** What the issue is told that goes along to the main ticket. */
  readonly follows: string;
  /** The main ticket has an issue of its own: what this one is told, how the two are linked, and whether it is closed. */
  readonly stays: { readonly text: string; readonly link: string; readonly close?: IssueClosing };
  /** The bridge does not see the main ticket: what the issue is told. */
  readonly unseen: string;
  /** The main ticket has a linked ticket of its own with the same system: what the team of this one is told. */
  readonly linked: NoteTemplate;
  readonly wording: Wording;
}

export interface IssueClosing {
  readonly status: string;
  readonly resolution?: string;
}

/** Placeholders of the texts, besides those of the ticket and the issue. */
export const mergePlaceholders = {
  follows: ['merged.key'],
  stays: ['main.key', 'main.issue'],
  unseen: ['main.key'],
  linked: ['main.key', 'main.linked'],
} as const;

/**
 * The end of a ticket that was merged: nothing is carried any more and nothing is written into it. Its issue goes along to
 * the main ticket, which takes it at its own look; where that has one already, the issue is told, linked, and left to line 3.
 */
export function judgeMerged(facts: Facts, mergedInto: Ref, policy: MergePolicy): Judgement {
  const main: MainTicket = facts.main ?? { ref: mergedInto };
  return combine([judgeIssue(facts, main, policy), ...tellLinked(facts, main, policy)]);
}

/** Linked tickets go along to the main one, but for those of a system with which that has one already. */
function tellLinked(facts: Facts, main: MainTicket, policy: MergePolicy): readonly Judgement[] {
  return (facts.related ?? []).flatMap(({ name, ref, record }) => {
    const other = main.related?.find((each) => each.name === name);
    if (other === undefined || record === undefined || record.phase === 'done') {
      return [];
    }

    const key = `comment:note:merged-linked:${name}:${main.ref.id}`;
    const values = {
      ...ticketValues(facts.ticket, policy.wording),
      'main.key': nameOf(main.ref),
      'main.linked': nameOf(other.ref),
    };
    return [
      tellTeamOnce(facts, { ref, record }, key, policy.linked, values, {
        rule: 'linked-ticket-stays-behind',
        clause: 'R71',
        evidence: `the ticket was merged into ${nameOf(main.ref)}, whose own linked ticket is ${nameOf(other.ref)}`,
      }),
    ];
  });
}

function judgeIssue(facts: Facts, main: MainTicket, policy: MergePolicy): Judgement {
  const { issue, link, ticket } = facts;
  const reason = (rule: string, more = '') => ({
    rule,
    clause: 'R50',
    evidence: `the ticket was merged into ${nameOf(main.ref)}${more}`,
  });
  if (link.issue === undefined) {
    const went = link.done[OPEN_ISSUE] === undefined ? '; it has no issue' : ', and its issue went along';
    return abstain(reason('merged-ticket-rests', went));
  }

  const name = nameOf(link.issue);
  if (issue === undefined) {
    return abstain(reason('merged-ticket-rests', `; ${name} is not shown to the bridge`));
  }

  if (issue.phase === 'done') {
    return abstain(reason('merged-ticket-rests', `; ${name} is «${issue.state}»`));
  }

  if (main.issue === undefined && main.isHidden !== true) {
    return abstain(reason('issue-goes-to-the-main-ticket', `, which takes ${name}`));
  }

  const values = {
    ...ticketValues(ticket, policy.wording),
    ...issueValues(issue),
    'main.key': nameOf(main.ref),
    'main.issue': main.issue === undefined ? undefined : nameOf(main.issue),
  };
  const key = `comment:note:merged:${main.ref.id}`;
  if (main.issue === undefined) {
    const unseen = reason('main-ticket-is-not-seen', `, which the bridge does not see; ${name} stays`);
    return tellOrSay(facts, issue, key, fill(policy.unseen, values), unseen);
  }

  const stays = reason('main-ticket-has-an-issue', `, whose issue is ${nameOf(main.issue)}; ${name} stays`);
  return combine([
    tellOrSay(facts, issue, key, fill(policy.stays.text, values), stays),
    linkIssues(issue, main.issue, facts.link, policy, stays),
    close(issue, policy, stays),
  ]);
}

/** Tells the issue once that it has come here with another ticket. */
export function judgeTakenIssue(facts: Facts, policy: MergePolicy): Judgement {
  const { issue, link, ticket } = facts;
  const from = ticket.mergedFrom?.find(({ id }) => id === link.agreed.issueFrom);
  if (from === undefined || issue === undefined || issue.phase === 'done') {
    return nothing;
  }

  const values = { ...ticketValues(ticket, policy.wording), ...issueValues(issue), 'merged.key': nameOf(from) };
  return tellIssueOnce(facts, issue, `comment:note:merged-from:${from.id}`, fill(policy.follows, values), {
    rule: 'issue-came-with-a-merged-ticket',
    clause: 'R50',
    evidence: `${nameOf(from)} was merged into this ticket, which had no issue; ${nameOf(issue.ref)} came along`,
  });
}

function tellOrSay(
  facts: Facts,
  issue: Snapshot,
  key: ActionKey,
  text: string,
  reason: Parameters<typeof abstain>[0],
): Judgement {
  const told = tellIssueOnce(facts, issue, key, text, reason);
  return told === nothing ? abstain(reason) : told;
}

function linkIssues(
  issue: Snapshot,
  to: Ref,
  { done }: Link,
  { stays: { link } }: MergePolicy,
  reason: Parameters<typeof abstain>[0],
): Judgement {
  const key = `relate:issue:${nameOf(to)}`;
  return done[key] !== undefined
    ? nothing
    : act({ do: 'relate', key, ref: issue.ref, to, as: 'related', title: nameOf(to), url: '', type: link }, reason);
}

function close(issue: Snapshot, { stays }: MergePolicy, reason: Parameters<typeof abstain>[0]): Judgement {
  const { close: closing } = stays;
  if (closing === undefined) {
    return nothing;
  }

  const fields = closing.resolution === undefined ? {} : { resolution: closing.resolution };
  return act({ do: 'move', key: MOVE_ISSUE, ref: issue.ref, to: closing.status, phase: 'done', fields }, reason);
}

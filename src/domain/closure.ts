import { type BlockPolicy, blockOfIssue, type ClosingBlock, fieldsOf, type Gap } from './closing-block.ts';
import { type LetterPolicy, writeLetter } from './closing-letter.ts';
import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import { isShown } from './field-value.ts';
import { isNewsOfIssue, issueStateOf } from './link.ts';
import { type NoteTemplate, noteOnce } from './note.ts';
import { abstain, act, combine, type Judgement, nothing, type Reason } from './reason.ts';
import { awaitedVersions, type UpdatePolicy } from './shipped-update.ts';
import { MOVE_TICKET } from './status.ts';
import type { TemplateValues } from './template.ts';
import { nameOf, type Snapshot } from './ticket.ts';
import { issueValues, ticketValues, type Wording } from './vocabulary.ts';

export interface ClosurePolicy {
  readonly closedState: string;
  /** Where a ticket waits whose issue is done but whose closing block is not filled. */
  readonly waitingState: string;
  readonly block: BlockPolicy;
  readonly note: NoteTemplate;
  readonly update?: UpdatePolicy;
  /** What becomes of a ticket that an agent closed without its block; `report` leaves it at a reason. */
  readonly agentClosedIncomplete: 'note' | 'report';
  readonly agentClosedNote: NoteTemplate;
  /** What an issue under way is told when an agent closes its ticket; absent where it is told nothing. */
  readonly agentClosedComment?: { readonly text: string; readonly clause: string };
  readonly letter?: LetterPolicy;
  readonly wording: Wording;
}

/**
 * Done in JIRA is not closed in OTRS: the ticket closes only with code, solution and configuration item, and with a fix
 * that ships in an update only when the update is installed (R52-R54). `also` is what else is missing.
 */
export function judgeClosure(facts: Facts, policy: ClosurePolicy, also: readonly Gap[]): Judgement {
  const { issue, ticket, link } = facts;
  if (issue === undefined || issue.phase !== 'done' || ticket.phase === 'done') {
    return nothing;
  }

  const isWaiting = [policy.waitingState, policy.update?.state ?? ''].some((state) => isSameText(ticket.state, state));
  if (!isNewsOfIssue(issue, link) && !isWaiting) {
    return abstain({
      rule: 'agent-took-the-ticket-back',
      clause: 'R54',
      evidence: `the issue was done before, and the ticket is «${ticket.state}»`,
    });
  }

  const ofIssue = blockOfIssue(issue, ticket, policy.block, isNewsOfIssue(issue, link) ? 'issue' : 'ticket');
  const block = { ...ofIssue, gaps: [...ofIssue.gaps, ...also] };
  const versions = awaitedVersions(issue, ticket, policy.update);
  return combine([
    tellUnnamed(block),
    policy.update !== undefined && versions.length > 0
      ? awaitUpdate(facts, issue, block, versions, policy.update, policy)
      : block.gaps.length === 0
        ? close(facts, issue, block, policy)
        : awaitBlock(facts, issue, block, policy),
  ]);
}

function tellUnnamed({ unnamedResolution, code }: ClosingBlock): Judgement {
  return unnamedResolution === undefined
    ? nothing
    : abstain({
        rule: 'resolution-has-no-code-of-its-own',
        clause: code.clause,
        evidence: `no row names the resolution «${unnamedResolution}», so the code is «${code.code}» of otherwise`,
      });
}

function close(facts: Facts, issue: Snapshot, { closure, code }: ClosingBlock, policy: ClosurePolicy): Judgement {
  const { ticket } = facts;
  const letter = writeLetter(facts, closure.solution ?? '', policy.letter, policy.wording);
  const [owed] = letter.actions;
  return combine([
    act(
      {
        do: 'move',
        key: MOVE_TICKET,
        ref: ticket.ref,
        to: policy.closedState,
        phase: 'done',
        fields: fieldsOf(closure),
        // The letter speaks of a solution that is recorded, so it never goes out before the move.
        ...(owed === undefined ? {} : { owes: owed.key }),
      },
      {
        rule: 'issue-is-done-and-the-closing-block-is-filled',
        clause: `${code.clause}, R54`,
        evidence: `${nameOf(issue.ref)} is «${issue.state}» with resolution «${issue.resolution ?? ''}»; code «${closure.code}» (${code.family}), configuration item «${closure.configurationItem}»`,
      },
    ),
    letter,
  ]);
}

function awaitBlock(facts: Facts, issue: Snapshot, block: ClosingBlock, policy: ClosurePolicy): Judgement {
  const reason = reasonOfGaps(issue, block);
  return combine([
    keepBlock(facts, block, reason),
    enter(facts, policy.waitingState, reason),
    noteGaps(facts, issue, block, policy),
  ]);
}

/** What the block lacks is told already while the ticket waits for the installation. */
function awaitUpdate(
  facts: Facts,
  issue: Snapshot,
  block: ClosingBlock,
  versions: readonly string[],
  update: UpdatePolicy,
  policy: ClosurePolicy,
): Judgement {
  const names = versions.join(', ');
  const reason = {
    rule: 'update-is-not-installed',
    clause: update.clause,
    evidence: `${nameOf(issue.ref)} is «${issue.state}» and ships in ${names}; ${update.installedField} is empty. The terms run on: waiting for an installation is no ground for a pause`,
  };
  const values = { ...valuesOf(facts, issue, policy), versions: names };
  return combine([
    keepBlock(facts, block, reason),
    enter(facts, update.state, reason),
    noteOnce(facts, `comment:note:update:${issueStateOf(issue)}:${names}`, update.note, values, reason),
    block.gaps.length === 0 ? nothing : noteGaps(facts, issue, block, policy),
  ]);
}

function reasonOfGaps(issue: Snapshot, { gaps }: ClosingBlock): Omit<Reason, 'action'> {
  return {
    rule: 'closing-block-is-not-filled',
    clause: [...new Set(gaps.flatMap(({ clause }) => clause.split(', ')))].join(', '),
    evidence: `${nameOf(issue.ref)} is «${issue.state}», but the ticket lacks ${gaps.map(({ told }) => told).join(', ')}`,
  };
}

/** Writes into the ticket what is known of the block. */
function keepBlock({ ticket }: Facts, { closure }: ClosingBlock, reason: Omit<Reason, 'action'>): Judgement {
  const stale = Object.entries(fieldsOf(closure)).filter(([name, value]) => !isShown(ticket.fields[name], value));
  return stale.length === 0
    ? abstain(reason)
    : act({ do: 'update', key: 'update:ticket:closing', ref: ticket.ref, fields: Object.fromEntries(stale) }, reason);
}

function enter({ ticket }: Facts, to: string, reason: Omit<Reason, 'action'>): Judgement {
  return isSameText(ticket.state, to)
    ? nothing
    : act({ do: 'move', key: MOVE_TICKET, ref: ticket.ref, to, phase: 'open', fields: {} }, reason);
}

function noteGaps(facts: Facts, issue: Snapshot, block: ClosingBlock, policy: ClosurePolicy): Judgement {
  const { gaps } = block;
  const key = `comment:note:closing:${issueStateOf(issue)}:${gaps.map(({ id }) => id).join(',')}`;
  const values = { ...valuesOf(facts, issue, policy), missing: gaps.map(({ told }) => told).join(', ') };
  return noteOnce(facts, key, policy.note, values, reasonOfGaps(issue, block));
}

function valuesOf({ ticket }: Facts, issue: Snapshot, policy: ClosurePolicy): TemplateValues {
  return { ...ticketValues(ticket, policy.wording), ...issueValues(issue) };
}

import { shows } from './comments.ts';
import { isSameText } from './condition.ts';
import type { Facts } from './facts.ts';
import { isShown, textOf } from './field-value.ts';
import { abstain, act, combine, type Judgement, nothing } from './reason.ts';
import { issueStateOf, MOVE_TICKET } from './status.ts';
import { fill } from './template.ts';
import { type Fields, nameOf, type Snapshot } from './ticket.ts';
import { issueValues, ticketValues, type Wording } from './vocabulary.ts';

/** The three fields of the closing block: «Код закрытия», «Решение», «Конфигурационная единица» (R54). */
export interface Closure {
  readonly code: string;
  readonly solution: string;
  readonly configurationItem: string;
}

export interface ClosurePolicy {
  readonly closedState: string;
  /** Where a ticket waits whose issue is done but whose closing block is not filled. */
  readonly waitingState: string;
  readonly codes: readonly { readonly resolution: string; readonly code: string; readonly clause: string }[];
  /** The code for a resolution that no row names: the mapping is total. */
  readonly otherwise: { readonly code: string; readonly clause: string };
  /** Value of the issue's field -> value of the ticket's field. */
  readonly configurationItems: readonly { readonly issue: string; readonly ticket: string }[];
  /** Whether the last public comment of the issue serves as solution where its field is empty. */
  readonly solutionFromComment: 'allowed' | 'never';
  readonly note: { readonly subject: string; readonly text: string };
  /** How the note calls the three fields. */
  readonly names: Readonly<Record<keyof Closure, string>>;
  readonly wording: Wording;
}

/** Done in JIRA is not closed in OTRS: the ticket closes only with code, solution and configuration item (R52-R54). */
export function judgeClosure(facts: Facts, policy: ClosurePolicy): Judgement {
  const { issue, ticket, link } = facts;
  if (issue === undefined || issue.phase !== 'done' || ticket.phase === 'done') {
    return nothing;
  }

  const isNews = link.agreed.issueState !== issueStateOf(issue);
  if (!isNews && !isSameText(ticket.state, policy.waitingState)) {
    return abstain({
      rule: 'agent-took-the-ticket-back',
      clause: 'R54',
      evidence: `the issue was done before, and the ticket is «${ticket.state}»`,
    });
  }

  const { closure, rule } = gather(issue, ticket, policy);
  const missing = missingOf(closure);
  return missing.length === 0
    ? close(facts, issue, closure as Closure, rule.clause, policy)
    : wait(facts, issue, closure, missing, policy);
}

function gather(issue: Snapshot, ticket: Snapshot, policy: ClosurePolicy) {
  const { resolution } = issue;
  const rule =
    (resolution === undefined ? undefined : policy.codes.find((row) => isSameText(row.resolution, resolution))) ??
    policy.otherwise;
  const closure: Partial<Closure> = dropEmpty({
    code: resolution === undefined ? textOf(ticket.fields.closure_code) : rule.code,
    solution: textOf(issue.fields.solution) ?? textOf(ticket.fields.solution) ?? lastWords(issue, policy),
    configurationItem: itemOf(issue, policy) ?? textOf(ticket.fields.configuration_item),
  });
  return { closure, rule };
}

function close({ ticket }: Facts, issue: Snapshot, closure: Closure, clause: string, policy: ClosurePolicy): Judgement {
  return act(
    {
      do: 'move',
      key: MOVE_TICKET,
      ref: ticket.ref,
      to: policy.closedState,
      phase: 'done',
      fields: fieldsOf(closure),
    },
    {
      rule: 'issue-is-done-and-the-closing-block-is-filled',
      clause: `${clause}, R54`,
      evidence: `${nameOf(issue.ref)} is «${issue.state}» with resolution «${issue.resolution ?? ''}»; code «${closure.code}», configuration item «${closure.configurationItem}»`,
    },
  );
}

function wait(
  facts: Facts,
  issue: Snapshot,
  closure: Partial<Closure>,
  missing: readonly (keyof Closure)[],
  policy: ClosurePolicy,
): Judgement {
  const { ticket, link } = facts;
  const stale = Object.entries(fieldsOf(closure)).filter(([name, value]) => !isShown(ticket.fields[name], value));
  const reason = {
    rule: 'closing-block-is-not-filled',
    clause: 'R54',
    evidence: `${nameOf(issue.ref)} is «${issue.state}», but the ticket lacks ${missing.map((name) => `«${policy.names[name]}»`).join(', ')}`,
  };
  const noteKey = `comment:note:closing:${issueStateOf(issue)}:${missing.join(',')}`;
  return combine([
    stale.length === 0
      ? abstain(reason)
      : act({ do: 'update', key: 'update:ticket:closing', ref: ticket.ref, fields: Object.fromEntries(stale) }, reason),
    isSameText(ticket.state, policy.waitingState)
      ? nothing
      : act(
          {
            do: 'move',
            key: MOVE_TICKET,
            ref: ticket.ref,
            to: policy.waitingState,
            phase: 'open',
            fields: {},
          },
          reason,
        ),
    link.done[noteKey] === undefined && !shows(ticket, noteKey)
      ? act({ do: 'comment', key: noteKey, ref: ticket.ref, comment: note(facts, issue, missing, policy) }, reason)
      : nothing,
  ]);
}

function note({ ticket }: Facts, issue: Snapshot, missing: readonly (keyof Closure)[], policy: ClosurePolicy) {
  const values = {
    ...ticketValues(ticket, policy.wording),
    ...issueValues(issue),
    missing: missing.map((name) => `«${policy.names[name]}»`).join(', '),
  };
  return {
    subject: fill(policy.note.subject, values),
    text: fill(policy.note.text, values),
    visibility: 'internal',
  } as const;
}

function fieldsOf({ code, solution, configurationItem }: Partial<Closure>): Fields {
  return dropEmpty({ closure_code: code, solution, configuration_item: configurationItem });
}

function missingOf(closure: Partial<Closure>): readonly (keyof Closure)[] {
  return (['code', 'solution', 'configurationItem'] as const).filter((name) => closure[name] === undefined);
}

function itemOf(issue: Snapshot, policy: ClosurePolicy): string | undefined {
  const value = issue.fields.configuration_item;
  const named = value === undefined ? [] : [value].flat();
  return policy.configurationItems.find((row) => named.some((name) => isSameText(name, row.issue)))?.ticket;
}

/** A developer's last public words, where the mapping lets them stand for the solution. */
function lastWords(issue: Snapshot, policy: ClosurePolicy): string | undefined {
  if (policy.solutionFromComment === 'never') {
    return undefined;
  }

  return issue.comments.findLast((comment) => comment.visibility === 'public' && comment.marker === undefined)?.text;
}

/** Leaves out what is undefined or blank, so that presence means «filled». */
function dropEmpty<T extends Record<string, string | undefined>>(values: T): { [K in keyof T]?: string } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value.trim() !== ''),
  ) as { [K in keyof T]?: string };
}

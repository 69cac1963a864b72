import type { DateTime } from 'luxon';
import { isTask } from './access/task.ts';
import type { ActionKey, CommentDraft } from './action.ts';
import { isWritten } from './comments.ts';
import {
  assessCompleteness,
  type Completeness,
  type CompletenessPolicy,
  type CompletenessRule,
  completenessRuleOf,
  type ItemFinding,
} from './completeness.ts';
import { isSameText } from './condition.ts';
import { type Facts, hasIssue } from './facts.ts';
import { abstain, act, combine, type Judgement, nothing, type Reason } from './reason.ts';
import { MOVE_TICKET } from './status.ts';
import { fill } from './template.ts';
import type { Comment, Snapshot } from './ticket.ts';
import { ticketValues } from './vocabulary.ts';

/**
 * Says what a ticket has of all that its service asks for (R47, R64) and drafts the letter that asks for the rest (R49).
 * The letter is an agent's to send, unless the mapping has the bridge send it.
 */
export function judgeCompleteness(facts: Facts, policy: CompletenessPolicy, now: DateTime): Judgement {
  const { ticket } = facts;
  const rule = completenessRuleOf(ticket, policy);
  if (rule === undefined || ticket.phase === 'done' || isTask(ticket)) {
    return nothing;
  }

  const found = assessCompleteness(ticket, policy);
  return combine([
    abstain(verdictOf(found, rule, policy)),
    ...found.items.flatMap(hint).map(abstain),
    clarify(facts, found, rule, policy, now),
  ]);
}

function verdictOf(found: Completeness, rule: CompletenessRule, policy: CompletenessPolicy): Omit<Reason, 'action'> {
  const evidence = found.items.filter(({ item }) => item.isMandatory).map(describe);
  const clause = [...new Set([rule.clause, ...found.missing.map((item) => item.clause)])].join(', ');
  if (found.override !== undefined) {
    return {
      rule: `agent-says-${found.override}`,
      clause: 'R17',
      evidence: [`the field ${policy.override.field} says «${policy.override[found.override]}»`, ...evidence].join(
        '; ',
      ),
    };
  }

  return {
    rule: found.isComplete ? 'information-is-complete' : 'information-is-missing',
    clause,
    evidence: evidence.length === 0 ? 'nothing is asked for' : evidence.join('; '),
  };
}

function describe({ item, verdict, evidence }: ItemFinding): string {
  const quotes = evidence.map(({ where, quote }) => `${where}: «${quote.replaceAll(/\s+/g, ' ')}»`).join(', ');
  const because = quotes === '' ? '' : ` (${quotes})`;
  return verdict === 'present'
    ? `«${item.title}» is there${because}`
    : verdict === 'missing'
      ? `«${item.title}» is missing${because}`
      : `«${item.title}» is not asked for${because}`;
}

/** Optional items that are missing: worth a word to the agent, never a pause (R11). */
function hint({ item, verdict }: ItemFinding): readonly Omit<Reason, 'action'>[] {
  return verdict === 'missing' && !item.isMandatory
    ? [{ rule: 'would-help', clause: item.clause, evidence: `«${item.title}» is not there; nothing waits for it` }]
    : [];
}

function clarify(
  facts: Facts,
  found: Completeness,
  rule: CompletenessRule,
  policy: CompletenessPolicy,
  now: DateTime,
): Judgement {
  const { ticket, link } = facts;
  if (found.isComplete || found.missing.length === 0 || rule.letter === 'off') {
    return nothing;
  }

  const lacking = found.missing.map(({ name }) => name).join(',');
  const keys = { send: `comment:letter:sent:${lacking}`, draft: `comment:letter:draft:${lacking}` };
  // An issue means that line 3 is at work: then the state of the ticket is not the letter's to change.
  const way = rule.letter === 'send' && !hasIssue(facts) && isSentFor(ticket, policy) ? 'send' : 'draft';
  const reason = {
    rule: way === 'send' ? 'requester-is-asked' : 'letter-is-drafted',
    clause: `R49, ${rule.clause}`,
    evidence: `the ticket lacks ${found.missing.map(({ title }) => `«${title}»`).join(', ')}`,
  };
  if (isWritten(keys.send, facts) || isWritten(keys.draft, facts)) {
    return way === 'send' && isWritten(keys.send, facts) ? pause(facts, keys.send, reason, policy) : nothing;
  }

  if (!isNews(ticket, policy, now)) {
    return abstain({
      rule: 'old-tickets-get-no-letter',
      clause: 'R49',
      evidence: 'the requester’s last words are too old to be answered by a letter of the bridge',
    });
  }

  const answered = answerOf(ticket);
  const letter = act(
    { do: 'comment', key: keys[way], ref: ticket.ref, comment: write(ticket, found, way, policy) },
    reason,
  );
  return answered === undefined
    ? // The state says that the requester was asked, so it does not come without the letter.
      combine([
        letter,
        way === 'send' && link.refused[keys.send] === undefined ? wait(ticket, reason, policy) : nothing,
      ])
    : abstain({
        rule: 'agent-has-answered',
        clause: 'R49',
        evidence: `article ${answered.id} by «${answered.author}» is younger than the requester’s last words`,
      });
}

/** An old ticket that is seen for the first time is left in peace. */
function isNews(ticket: Snapshot, { letter }: CompletenessPolicy, now: DateTime): boolean {
  const said = ticket.comments.filter(({ by }) => by === 'requester').map(({ at }) => at.toMillis());
  return now.toMillis() - Math.max(ticket.createdAt.toMillis(), ...said) <= letter.newsFor;
}

function isSentFor(ticket: Snapshot, { letter }: CompletenessPolicy): boolean {
  return letter.sendFor.some((priority) => isSameText(priority, ticket.priority));
}

/** A public article of the support below the requester's last words: somebody is already talking to him. */
function answerOf({ comments, textCommentId }: Snapshot): Comment | undefined {
  const last = comments.findLastIndex(({ by, visibility }) => by === 'requester' && visibility === 'public');
  return comments
    .slice(last + 1)
    .find(({ id, by, visibility }) => by === 'agent' && visibility === 'public' && id !== textCommentId);
}

/** The ticket waits once for each letter: whoever takes it out of the state is not overruled. */
function pause(facts: Facts, key: ActionKey, reason: Omit<Reason, 'action'>, policy: CompletenessPolicy): Judgement {
  return answeredOrMoved(facts, key) ? nothing : wait(facts.ticket, reason, policy);
}

function wait(ticket: Snapshot, reason: Omit<Reason, 'action'>, { letter }: CompletenessPolicy): Judgement {
  return isSameText(ticket.state, letter.pausingState)
    ? nothing
    : act(
        { do: 'move', key: MOVE_TICKET, ref: ticket.ref, to: letter.pausingState, phase: 'pending', fields: {} },
        { ...reason, rule: 'ticket-waits-for-the-requester', clause: `R26, ${reason.clause}` },
      );
}

/**
 * Whether anything happened since the letter. Before the ticket was read again, it does not show the letter at all. One
 * whose history does not tell when the letter was written may have been moved since: then a person is not overruled.
 */
function answeredOrMoved({ ticket, link }: Facts, key: ActionKey): boolean {
  const { comments, history } = ticket;
  const id = comments.find(({ marker }) => marker === key)?.id ?? link.done[key];
  const letter = comments.findIndex((comment) => comment.id === id);
  const written = history.findLastIndex(({ commentId }) => commentId === id);
  const isAnswered = letter >= 0 && comments.slice(letter + 1).some(({ by }) => by === 'requester');
  const isMoved =
    written >= 0
      ? history.slice(written + 1).some(({ changes = [] }) => changes.some(({ property }) => property === 'state'))
      : letter >= 0;
  return isAnswered || isMoved;
}

function write(
  ticket: Snapshot,
  { missing }: Completeness,
  way: 'send' | 'draft',
  { letter }: CompletenessPolicy,
): CommentDraft {
  const values = {
    ...ticketValues(ticket, letter.wording),
    missing: missing.map(({ title }) => `- ${title}`).join('\n'),
  };
  const text = fill(letter.text, values);
  return way === 'send'
    ? { subject: fill(letter.subject, values), text, visibility: 'public' }
    : {
        subject: fill(letter.draft.subject, values),
        text: fill(letter.draft.text, { ...values, letter: text }),
        visibility: 'internal',
      };
}

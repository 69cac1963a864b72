import { DateTime } from 'luxon';
import type { Action } from '../action.ts';
import { isSameText } from '../condition.ts';
import type { Facts } from '../facts.ts';
import { isShown } from '../field-value.ts';
import { noteOnce } from '../note.ts';
import { abstain, act, combine, type Judgement, nothing, type Reason } from '../reason.ts';
import { stages } from '../stage.ts';
import type { TemplateValues } from '../template.ts';
import type { Fields, Ref, Snapshot } from '../ticket.ts';
import { issueValues, showMoment, ticketValues } from '../vocabulary.ts';
import type { Warning } from '../warnings.ts';
import { type Clock, pending } from './clock.ts';
import type { ClockPolicy } from './rules.ts';
import { isElsewhere, issueFieldsOf, lateStages, reached, ticketFieldsOf, toFieldMoment } from './show.ts';

const TERMS = 'update:ticket:terms';

/** Brings the deadlines into both systems, warns in the ticket, and says what they rest on (R28, R56). */
export function judgeClock(facts: Facts, clock: Clock, policy: ClockPolicy, now: DateTime): Judgement {
  return combine([
    showInTicket(facts, clock, policy, now.toMillis()),
    showInIssue(facts, clock, policy),
    warn(facts, clock, policy, now.toMillis()),
    ...reasonsOf(clock).map(abstain),
  ]);
}

/**
 * A ticket that went to a service of somebody else (R43), or into another ticket, shows that its clock has stopped, if it
 * showed one before.
 */
export function judgeFarewell({ ticket }: Facts, clock: Clock, policy: ClockPolicy, now: DateTime): Judgement {
  const { status } = policy.shown.ticket;
  if (status === undefined || !isElsewhere(clock) || !hasShown(ticket, status)) {
    return nothing;
  }

  const moment = now.toMillis();
  // The state of a merged ticket is none of ours: what holds back the terms of other closed tickets must not hold it back.
  return clock.standstill === 'left'
    ? showInTicket({ ticket }, clock, policy, moment)
    : update(TERMS, ticket.ref, ticket.fields, ticketFieldsOf(clock, policy, moment), 'ticket-shows-its-terms');
}

/** OTRS can show a field as empty that it has: its history never does. */
function hasShown({ fields, history }: Snapshot, name: string): boolean {
  const property = `fields.${name}`;
  return (
    fields[name] !== undefined ||
    history.some(({ changes = [] }) =>
      changes.some((change) => change.property === property && change.to !== undefined),
    )
  );
}

/** When the passing of time alone changes what is shown: the next warning or deadline that no open pause holds. */
export function nextLookOf(clock: Clock, now: number): DateTime | undefined {
  if (clock.status === 'stopped') {
    return undefined;
  }

  const moments = [...clock.warnings, ...pending(clock.stages)]
    .filter((each) => !('deadline' in each ? each.deadline : each).isIfResumedNow)
    .flatMap(({ at }) => (at !== undefined && at > now ? [at] : []));
  return moments.length === 0 ? undefined : DateTime.fromMillis(Math.min(...moments), { zone: 'utc' });
}

/** A ticket that has ended is not touched for its terms, unless it has shown them before. */
function showInTicket({ ticket }: Pick<Facts, 'ticket'>, clock: Clock, policy: ClockPolicy, now: number): Judgement {
  const wanted = ticketFieldsOf(clock, policy, now);
  const isOurs = policy.states.some(({ state }) => isSameText(state, ticket.state));
  const hasShown = Object.keys(wanted).some((name) => ticket.fields[name] !== undefined);
  return ticket.phase === 'done' && !(hasShown && isOurs)
    ? nothing
    : update(TERMS, ticket.ref, ticket.fields, wanted, 'ticket-shows-its-terms');
}

function showInIssue({ issue }: Facts, clock: Clock, policy: ClockPolicy): Judgement {
  return issue === undefined || issue.phase === 'done'
    ? nothing
    : update('update:issue:terms', issue.ref, issue.fields, issueFieldsOf(clock, policy), 'issue-shows-its-terms');
}

/** A new issue is opened with its terms, so that they cost no call of their own where its screen shows them. */
export function withTerms(actions: readonly Action[], clock: Clock, policy: ClockPolicy): readonly Action[] {
  const known = Object.entries(issueFieldsOf(clock, policy)).filter(([, value]) => value.length > 0);
  return actions.map((action) =>
    action.do === 'open' && action.role === 'issue' && known.length > 0
      ? { ...action, draft: { ...action.draft, extras: { ...action.draft.extras, ...Object.fromEntries(known) } } }
      : action,
  );
}

function update(key: string, ref: Ref, found: Fields, wanted: Fields, rule: string): Judgement {
  const stale = Object.entries(wanted).filter(([name, value]) => !isShown(found[name], value));
  if (stale.length === 0) {
    return nothing;
  }

  const evidence = stale.map(([name, value]) =>
    value === '' ? `${name} becomes empty` : `${name} becomes «${value}»`,
  );
  return act(
    { do: 'update', key, ref, fields: Object.fromEntries(stale) },
    { rule, clause: 'R28, R56', evidence: evidence.join(', ') },
  );
}

/** One internal note per stage, share and priority; of several shares that are reached, the highest. */
function warn(facts: Facts, clock: Clock, policy: ClockPolicy, now: number): Judgement {
  if (clock.status === 'stopped' || facts.ticket.phase === 'done') {
    return nothing;
  }

  const due = reached(clock, now).filter(
    ({ share, at }) => policy.note.shares.includes(share) && at > now - policy.note.newsFor,
  );
  const highest = stages.flatMap((stage) => due.findLast(({ deadline }) => stageOf(deadline.name) === stage) ?? []);
  return combine(
    highest.map((warning) => {
      const key = `comment:note:terms:${stageOf(warning.deadline.name)}:${warning.share}:${clock.priority}`;
      const reason = {
        rule: 'warning-at-a-share-of-a-stage',
        clause: `R28, ${warning.deadline.clause}`,
        evidence: `${warning.share} % of the ${stageOf(warning.deadline.name)} were used up at ${toFieldMoment(warning.at)}`,
      };
      return noteOnce(facts, key, policy.note, valuesOf(warning, facts, policy), reason);
    }),
  );
}

function valuesOf(
  { deadline, share }: Warning,
  { ticket, issue }: Facts,
  { texts, wording }: ClockPolicy,
): TemplateValues {
  return {
    ...ticketValues(ticket, wording),
    ...(issue === undefined ? {} : issueValues(issue)),
    stage: texts.stages[stageOf(deadline.name)],
    share: String(share),
    due: deadline.at === undefined ? undefined : showMoment(DateTime.fromMillis(deadline.at), wording.moments),
    term: deadline.words,
  };
}

function stageOf(name: Warning['deadline']['name']) {
  return name === 'resolutionIfWorkaround' ? 'resolution' : name;
}

/** What a reader of the decision has to know of the terms; the whole course is in the decision's clock. */
function reasonsOf(clock: Clock): readonly Omit<Reason, 'action'>[] {
  const late = lateStages(clock);
  return [
    ...(clock.standstill === 'no-targets'
      ? [{ rule: 'priority-has-no-targets', clause: 'R30', evidence: clock.doubts.join(' ') }]
      : []),
    ...(late.length === 0
      ? []
      : [{ rule: 'stages-are-late', clause: 'R19, R21', evidence: `missed: ${late.join(', ')}` }]),
    ...clock.unproven.map(({ because }) => ({ rule: 'waiting-does-not-pause', clause: 'R26', evidence: because })),
    ...clock.doubts.map((evidence) => ({ rule: 'history-is-strange', clause: 'R29', evidence })),
  ];
}

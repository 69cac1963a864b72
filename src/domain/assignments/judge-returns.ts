import { DateTime } from 'luxon';
import type { Clock } from '../clock/clock.ts';
import { toFieldMoment } from '../clock/show.ts';
import type { Facts } from '../facts.ts';
import { isShown } from '../field-value.ts';
import { type NoteTemplate, noteOnce } from '../note.ts';
import { abstain, act, combine, type Judgement, nothing } from '../reason.ts';
import { showMoment, ticketValues, type Wording } from '../vocabulary.ts';
import type { Return } from './returns.ts';

/** What becomes of returns (R42): they are counted, and one without a reason is asked for it. */
export interface ShownReturns {
  /** Logical field of the ticket that shows the number; absent where nobody wants it. */
  readonly field?: string;
  /** Milliseconds until a return without a reason is asked for one: people write their note a moment later. */
  readonly settles: number;
  /** Milliseconds after which nobody is asked any more: an old ticket that is seen for the first time is left in peace. */
  readonly newsFor: number;
  readonly note: NoteTemplate;
  readonly wording: Wording;
}

/** Shows how often the ticket came back, and asks for the reason of the last return where it has none. */
export function judgeReturns(
  facts: Facts,
  { returns }: Pick<Clock, 'returns'>,
  policy: ShownReturns,
  now: DateTime,
): Judgement {
  const last = returns.at(-1);
  return facts.ticket.phase === 'done'
    ? nothing
    : combine([
        showCount(facts, returns, policy),
        last === undefined ? nothing : tell(returns, last),
        last === undefined ? nothing : askForReason(facts, returns, last, policy, now),
      ]);
}

/** When a return that has no reason yet is to be asked for it. */
export function reasonLookAt(
  { ticket }: Facts,
  { returns }: Pick<Clock, 'returns'>,
  { settles }: ShownReturns,
  now: DateTime,
): DateTime | undefined {
  const last = returns.at(-1);
  const due = last === undefined || !isUnexplained(last) ? 0 : last.at + settles;
  return ticket.phase !== 'done' && due > now.toMillis() ? DateTime.fromMillis(due, { zone: 'utc' }) : undefined;
}

/** No reason was given, and whoever handed the ticket back is still the one to give it. */
function isUnexplained({ reason, over }: Return): boolean {
  return reason === undefined && over === undefined;
}

function showCount({ ticket }: Facts, returns: readonly Return[], { field }: ShownReturns): Judgement {
  const count = returns.length === 0 ? '' : String(returns.length);
  return field === undefined || isShown(ticket.fields[field], count)
    ? nothing
    : act(
        { do: 'update', key: 'update:ticket:returns', ref: ticket.ref, fields: { [field]: count } },
        {
          rule: 'ticket-shows-its-returns',
          clause: 'R42',
          evidence: `the history has ${returns.length} return(s); ${field} becomes ${count === '' ? 'empty' : `«${count}»`}`,
        },
      );
}

function tell(returns: readonly Return[], { signs, reason }: Return): Judgement {
  const why = reason === undefined ? 'no reason was given' : `the reason stands in ${reason.evidence}`;
  return abstain({
    rule: 'ticket-was-returned',
    clause: clausesOf(signs),
    evidence: `${returns.length} time(s); the last time ${signs.map(({ evidence }) => evidence).join(', ')}, and ${why}`,
  });
}

function askForReason(
  facts: Facts,
  returns: readonly Return[],
  last: Return,
  policy: ShownReturns,
  now: DateTime,
): Judgement {
  const age = now.toMillis() - last.at;
  if (!isUnexplained(last) || age < policy.settles || age > policy.newsFor) {
    return nothing;
  }

  const values = {
    ...ticketValues(facts.ticket, policy.wording),
    'return.at': showMoment(DateTime.fromMillis(last.at), policy.wording.moments),
    'return.number': String(returns.length),
  };
  return noteOnce(facts, `comment:note:return:${toFieldMoment(last.at)}`, policy.note, values, {
    rule: 'return-has-no-reason',
    clause: clausesOf(last.signs),
    evidence: `${last.signs.map(({ evidence }) => evidence).join(', ')}; no internal note and no field says why`,
  });
}

function clausesOf(signs: Return['signs']): string {
  return [...new Set(signs.flatMap(({ clause }) => clause.split(', ')))].join(', ');
}

import { isSameText } from '../condition.ts';
import { ownWords } from '../own-words.ts';
import { type Branch, branchOf, type Contact } from '../people.ts';
import { findPhrase, type Negation, type Phrase } from '../phrase.ts';
import { readText, type Stem } from '../russian.ts';
import type { Comment, FieldValue, Snapshot } from '../ticket.ts';
import { type Timeline, timelineOf } from '../timeline.ts';
import { isTask } from './task.ts';

/** One link of the chain of approval (R62). */
export interface ApprovalStep {
  readonly name: string;
  /** Name for people. */
  readonly title: string;
  readonly clause: string;
  /** The curators of the requester's branch (R4), or the people themselves. */
  readonly who: 'curators' | readonly Contact[];
  readonly needs: 'one' | 'all';
}

/** How a letter of somebody who is asked is understood. */
export interface ApprovalWords {
  readonly approved: readonly Phrase[];
  readonly refused: readonly Phrase[];
  readonly negation: Negation;
  readonly stem: Stem;
  /** Characters of a letter that are read. */
  readonly readAtMost: number;
}

export interface ApprovalRules {
  readonly services: readonly string[];
  readonly steps: readonly ApprovalStep[];
  /** Logical name of the field in which agents write down the addresses of those who approved. */
  readonly recordedIn: string;
  /** Logical name of the field that holds the reason of a refusal. */
  readonly refusedIn: string;
  /** Whether a letter of an approver counts by itself, or only tells an agent what to write down: a sender can be forged. */
  readonly letters: 'proposed' | 'counted';
  readonly words: ApprovalWords;
  readonly branches: readonly Branch[];
}

export interface Approved {
  readonly who: Contact;
  /** Epoch milliseconds. */
  readonly at: number;
  /** One sentence: what shows it. */
  readonly evidence: string;
}

export interface StepState {
  readonly step: ApprovalStep;
  readonly approved: readonly Approved[];
  /** Who still has to answer; empty when the step is done. */
  readonly awaited: readonly Contact[];
  /** When it was done, in epoch milliseconds. */
  readonly doneAt?: number;
}

/** What an approver's letter seems to say. */
export interface LetterVerdict {
  readonly comment: Comment;
  readonly who: Contact;
  readonly verdict: 'approved' | 'refused';
  readonly quote: string;
}

export interface Approval {
  /** `unknown`: there is nobody to ask, for the requester's branch is not known. */
  readonly status: 'approved' | 'waiting' | 'refused' | 'unknown';
  readonly steps: readonly StepState[];
  /** The first step that is not done. */
  readonly current?: StepState;
  /** From when on its approvers are waited for; absent while the request itself is not complete. */
  readonly waitingSince?: number;
  /** Why it was refused. */
  readonly refusal?: string;
  /** Letters that nobody has written down yet. */
  readonly proposals: readonly LetterVerdict[];
}

/**
 * How far the approval of a request has come, by its fields, their history and its letters alone: the same ticket gives
 * the same answer. `completeAt` is when the request was filled in, which the chain begins with. Undefined for a service
 * that needs no approval.
 */
export function followApproval(
  ticket: Snapshot,
  completeAt: number | undefined,
  rules: ApprovalRules,
): Approval | undefined {
  if (isTask(ticket) || !rules.services.some((service) => isSameText(service, ticket.service ?? ''))) {
    return undefined;
  }

  const timeline = timelineOf(ticket);
  const curators = branchOf(ticket, rules.branches)?.curators ?? [];
  const asked = rules.steps.map((step) => ({ step, people: step.who === 'curators' ? curators : step.who }));
  const letters = lettersOf(
    ticket,
    asked.flatMap(({ people }) => people),
    rules.words,
  );
  const counted = rules.letters === 'counted' ? letters : [];
  const approvedBy = (who: Contact) => recorded(ticket, timeline, who, rules) ?? written(counted, who);
  const steps = asked.map(({ step, people }) => stateOf(step, people, approvedBy));
  const current = steps.find(({ doneAt }) => doneAt === undefined);
  const refusal = refusalOf(ticket, counted, rules);
  const isUnknown = asked.some(({ people }) => people.length === 0);
  return {
    status: refusal !== undefined ? 'refused' : isUnknown ? 'unknown' : current === undefined ? 'approved' : 'waiting',
    steps,
    ...(current === undefined ? {} : { current }),
    ...(completeAt === undefined ? {} : { waitingSince: begunAt(steps, current, completeAt) }),
    ...(refusal === undefined ? {} : { refusal }),
    proposals: letters.filter(
      ({ who, verdict }) => refusal === undefined && (verdict === 'refused' || approvedBy(who) === undefined),
    ),
  };
}

function stateOf(
  step: ApprovalStep,
  people: readonly Contact[],
  approvedBy: (who: Contact) => Approved | undefined,
): StepState {
  const approved = people.flatMap((who) => approvedBy(who) ?? []);
  const isDone = people.length > 0 && approved.length >= (step.needs === 'one' ? 1 : people.length);
  const times = approved.map(({ at }) => at);
  return {
    step,
    approved,
    awaited: isDone ? [] : people.filter((who) => !approved.some((each) => each.who === who)),
    ...(isDone ? { doneAt: step.needs === 'one' ? Math.min(...times) : Math.max(...times) } : {}),
  };
}

function begunAt(steps: readonly StepState[], current: StepState | undefined, completeAt: number): number {
  const before = current === undefined ? steps : steps.slice(0, steps.indexOf(current));
  return Math.max(completeAt, ...before.flatMap(({ doneAt }) => doneAt ?? []));
}

/** What the agents wrote down: it counts while it stands there. */
function recorded(
  ticket: Snapshot,
  { entries }: Timeline,
  who: Contact,
  { recordedIn }: ApprovalRules,
): Approved | undefined {
  if (!names(ticket.fields[recordedIn], who)) {
    return undefined;
  }

  const entry = entries.findLast(
    (each) =>
      each.kind === 'changed' &&
      each.change.property === `fields.${recordedIn}` &&
      names(each.change.to, who) &&
      !names(each.change.from, who),
  );
  const by = entry === undefined || entry.by === '' ? '' : ` by user ${entry.by}`;
  return {
    who,
    at: entry?.at ?? ticket.createdAt.toMillis(),
    evidence: `${who.email} was written into ${recordedIn}${by}`,
  };
}

function names(value: FieldValue | undefined, { email }: Contact): boolean {
  const found =
    [value ?? '']
      .flat()
      .join(' ')
      .match(/[^\s,;<>"]+@[^\s,;<>"]+/g) ?? [];
  return found.some((each) => isSameText(each, email));
}

function written(letters: readonly LetterVerdict[], who: Contact): Approved | undefined {
  const own = letters.findLast((letter) => letter.who === who);
  return own === undefined || own.verdict === 'refused'
    ? undefined
    : { who, at: own.comment.at.toMillis(), evidence: `${who.email} wrote «${own.quote}» (article ${own.comment.id})` };
}

function refusalOf(
  ticket: Snapshot,
  counted: readonly LetterVerdict[],
  { refusedIn }: ApprovalRules,
): string | undefined {
  const said = [ticket.fields[refusedIn] ?? ''].flat().join(', ').trim();
  if (said !== '') {
    return said;
  }

  // A later letter of the same person overrules his earlier one.
  const refused = counted.find(
    ({ who, verdict, comment }) =>
      verdict === 'refused' && !counted.some((other) => other.who === who && other.comment.at > comment.at),
  );
  return refused === undefined ? undefined : `${refused.who.name}: «${refused.quote}»`;
}

/** What the people who are asked wrote into the ticket. A letter that says both, or neither, says nothing. */
function lettersOf(ticket: Snapshot, people: readonly Contact[], words: ApprovalWords): readonly LetterVerdict[] {
  return ticket.comments.flatMap((comment) => {
    const who = people.find(({ email }) => comment.email !== undefined && isSameText(comment.email, email));
    const isLetter = comment.by === 'requester' && comment.marker === undefined && comment.id !== ticket.textCommentId;
    const read = who === undefined || !isLetter ? undefined : readLetter(comment, words);
    return who === undefined || read === undefined ? [] : [{ comment, who, ...read }];
  });
}

function readLetter(
  { id, text }: Comment,
  { approved, refused, negation, stem, readAtMost }: ApprovalWords,
): Pick<LetterVerdict, 'verdict' | 'quote'> | undefined {
  const reading = readText(`article ${id}`, ownWords(text.slice(0, readAtMost)), stem);
  const said = (phrases: readonly Phrase[]) => phrases.flatMap((phrase) => findPhrase(reading, phrase, negation));
  const consent = said(approved);
  const yes = consent.find(({ sense }) => sense === 'stated');
  const no = said(refused).find(({ sense }) => sense === 'stated') ?? consent.find(({ sense }) => sense === 'denied');
  if ((yes === undefined) === (no === undefined)) {
    return undefined;
  }

  const quote = ((yes ?? no)?.quote ?? '').replaceAll(/\s+/g, ' ');
  return { verdict: yes === undefined ? 'refused' : 'approved', quote };
}

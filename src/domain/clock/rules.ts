import type { ReturnPolicy } from '../assignments/returns.ts';
import type { Stage } from '../stage.ts';
import type { StateMeaning } from '../status.ts';
import type { SlaPolicy, Table4 } from '../table-4.ts';
import type { ChangingProperty } from '../ticket.ts';
import type { Wording } from '../vocabulary.ts';

/** What in a ticket's history brings something about. */
export type Trigger =
  /** The property got one of these values, or any value. */
  | { readonly on: 'change'; readonly property: ChangingProperty; readonly to: readonly string[] | 'filled' }
  /** An agent asked the requester for information (R26). */
  | { readonly on: 'request' }
  /** The ticket was handed back and its reason was given, whichever came later (R42). */
  | { readonly on: 'return' }
  /** An agent's public article whose subject begins so (R24). */
  | { readonly on: 'answer'; readonly subjects: readonly string[] };

/** A trigger with its name in the mappings and the clause that it rests on. */
export interface ClockRule {
  readonly name: string;
  readonly clause: string;
  readonly trigger: Trigger;
}

export interface StageRule extends ClockRule {
  readonly stage: Stage;
}

/** The entry of the timeline with which the information was complete (R17). */
export interface CompletedAt {
  readonly at: number;
  readonly position: number;
  /** What completed it. */
  readonly evidence: string;
}

/** When waiting for the requester stops the clock (R26, R49a, R51a). */
export interface PauseRules {
  /** Milliseconds by which the request may come before the state in which it is waited for. */
  readonly requestWithin: number;
  /** `answer`: the requester's answer ends it if nothing mandatory is missing then; `acceptance`: only an agent does. */
  readonly ends: 'answer' | 'acceptance';
  /** Beginnings of subjects of internal notes on a call that brought the answer (R49a). */
  readonly callNotes: readonly string[];
  /** Words in the subject or the first line of such a note that say that nobody was reached: it brought no answer. */
  readonly callFailed: readonly string[];
  /** Numbers of priorities whose clock pauses only for a request that a person wrote. */
  readonly confirmed: readonly number[];
}

/** Which fields show the deadlines; a field that is not named is not written. */
export interface ShownFields {
  readonly ticket: Partial<Readonly<Record<Stage | 'status', string>>>;
  readonly issue: { readonly date?: string | undefined; readonly moment?: string | undefined };
}

/** Texts about the clock, in the language of the people who read them. Placeholders stand in `clockPlaceholders`. */
export interface ClockTexts {
  readonly stages: Readonly<Record<Stage, string>>;
  readonly running: string;
  readonly warned: string;
  readonly late: string;
  readonly paused: string;
  readonly waiting: string;
  readonly closed: string;
  readonly closedLate: string;
  readonly closedUnstarted: string;
  readonly left: string;
  /** Stand for the reason of a ticket that left: it is in a note, which is not copied, or there is none. */
  readonly reasonInNote: string;
  readonly noReason: string;
  readonly merged: string;
  readonly uncovered: string;
}

export const clockPlaceholders = {
  running: ['stage', 'due'],
  warned: ['stage', 'due', 'share'],
  late: ['stage', 'due'],
  paused: ['since'],
  waiting: [],
  closed: [],
  closedLate: ['stages'],
  closedUnstarted: [],
  left: ['since', 'service', 'reason'],
  reasonInNote: [],
  noReason: [],
  merged: ['since', 'main'],
  uncovered: ['stage', 'year'],
} as const satisfies Readonly<Record<Exclude<keyof ClockTexts, 'stages'>, readonly string[]>>;

/** The internal note at a share of a stage's time (R28, R32, R33). */
export interface WarningNote {
  readonly shares: readonly number[];
  /** Milliseconds after which a warning is no news any more: an old ticket that is seen for the first time is left in peace. */
  readonly newsFor: number;
  readonly subject: string;
  readonly text: string;
}

/** Everything that the clock of a ticket is read by: Table 4, and what in the history moves it. */
export interface ClockPolicy {
  readonly sla: SlaPolicy;
  readonly table: Table4;
  readonly states: readonly StateMeaning[];
  readonly stages: readonly StageRule[];
  readonly workaround: { readonly given: readonly ClockRule[]; readonly withdrawn: readonly ClockRule[] };
  readonly pauses: PauseRules;
  readonly returns: ReturnPolicy;
  /** A change of priority is a correction if an internal note with such a subject stands so near to it (R27). Milliseconds. */
  readonly correction: { readonly subjects: readonly string[]; readonly within: number };
  readonly shown: ShownFields;
  readonly texts: ClockTexts;
  readonly note: WarningNote;
  readonly wording: Wording;
}

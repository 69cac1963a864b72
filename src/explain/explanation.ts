import type { Clock } from '../domain/clock/clock.ts';
import type { Evidence } from '../domain/criterion.ts';
import type { Branch, Stage } from '../domain/stage.ts';

/** Everything that can be said about one decision. Moments are ISO 8601 with the offset of the terms' zone. */
export interface Explanation {
  readonly at: string;
  /** The moment lies before the facts were read: what would follow then cannot be told. */
  readonly isPast: boolean;
  /** Version of the rules that it was made by. */
  readonly rules: string;
  readonly zone: string;
  readonly ticket: ExplainedTicket;
  /** The decision in whole sentences, the most important first. */
  readonly summary: readonly string[];
  /** Priority, information and terms are absent for a ticket that was never on one of our services (R14). */
  readonly priority?: ExplainedPriority;
  readonly information?: ExplainedInformation;
  readonly terms?: ExplainedTerms;
  readonly assignments: ExplainedAssignments;
  /** Absent where the service needs no approval. */
  readonly approval?: ExplainedApproval;
  /** Tickets in adjacent systems and on other lines; as they are now, none where the moment lies in the past. */
  readonly linked: readonly ExplainedLinkedTicket[];
  readonly escalation: readonly ExplainedRule[];
  /** Files and comments of both records, as they are now; none where the moment lies in the past. */
  readonly files: readonly ExplainedFile[];
  readonly comments: readonly ExplainedComment[];
  /** What the other rules said without acting. */
  readonly notes: readonly ExplainedNote[];
  readonly actions: readonly ExplainedAction[];
  /** What is left to do, was refused for good and rests. */
  readonly refused: readonly ExplainedRefusal[];
  /** Why the facts may not tell the whole truth. */
  readonly doubts: readonly string[];
}

export interface ExplainedTicket {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly url: string;
  readonly state: string;
  readonly priority: string;
  readonly type: string;
  readonly service?: string;
  readonly ticketQueue?: string;
  /** The ticket that it was opened for, as its field shows it. */
  readonly openedFor?: string;
  readonly issue?: { readonly key: string; readonly status: string; readonly resolution?: string };
}

export interface ExplainedPriority {
  readonly inForce: string;
  readonly byCriteria: string;
  readonly agrees: boolean;
  /** No criterion is met: the default of R30, which an agent has to confirm. */
  readonly needsTriage: boolean;
  readonly rule: string;
  readonly clause: string;
  readonly evidence: readonly Evidence[];
  readonly criteria: readonly {
    readonly rule: string;
    readonly clause: string;
    readonly priority: string;
    readonly quote: string;
    readonly hint: boolean;
    readonly verdict: 'yes' | 'no' | 'unknown';
    readonly evidence: readonly Evidence[];
  }[];
}

export interface ExplainedInformation {
  readonly complete: boolean;
  readonly completeAt?: string;
  readonly because: string;
  readonly override?: string;
  readonly items: readonly {
    readonly name: string;
    readonly title: string;
    readonly clause: string;
    readonly mandatory: boolean;
    readonly verdict: string;
    readonly evidence: readonly Evidence[];
  }[];
}

export interface ExplainedSegment {
  readonly from: string;
  readonly to: string;
  readonly counted: boolean;
  /** Of the calendar, or of the pause that lies over it. */
  readonly because: string;
}

export interface ExplainedStage {
  readonly stage: Stage;
  readonly clause?: string;
  readonly term?: string;
  readonly calendar?: string;
  readonly from?: string;
  readonly due?: string;
  /** `open`: not done and not due yet. */
  readonly standing: 'not begun' | 'open' | 'held' | 'late' | 'in time' | 'done late' | 'no calendar';
  readonly done?: { readonly at: string; readonly rule: string; readonly clause: string; readonly evidence: string };
  readonly lateByMinutes?: number;
  /** The deadline rests on years whose days off are not decreed yet. */
  readonly provisionalYears?: readonly number[];
  readonly uncoveredYear?: number;
  /** A pause holds it: `due` is what it would be if the pause ended now. */
  readonly ifResumedNow: boolean;
  readonly segments: readonly ExplainedSegment[];
}

export interface ExplainedTerms {
  readonly status: Clock['status'];
  readonly standstill?: string;
  readonly registered: string;
  readonly t0?: string;
  readonly priorityChanges: readonly {
    readonly at: string;
    readonly priority: number;
    readonly evidence: string;
    readonly corrects?: string;
  }[];
  readonly stages: readonly ExplainedStage[];
  /** The branch of Table 4 that binds the permanent solution, and why (R20). */
  readonly resolution: { readonly branch: Branch; readonly workaround: string; readonly evidence?: string };
  readonly suspensions: readonly {
    readonly why: string;
    readonly clause: string;
    readonly from: string;
    readonly to?: string;
    readonly begunBy: string;
    readonly endedBy?: string;
    /** Why the ticket went to somebody else's service, in an agent's words. */
    readonly reason?: string;
  }[];
  readonly unproven: readonly { readonly at: string; readonly because: string }[];
  readonly breaches: readonly {
    readonly stage: Branch;
    readonly priority: number;
    readonly due: string;
    readonly lateByMinutes: number;
  }[];
  readonly warnings: readonly {
    readonly stage: Branch;
    readonly percent: number;
    readonly at: string;
    readonly passed: boolean;
  }[];
  /** Readings of ambiguous clauses under which a deadline would be another one. */
  readonly alternatives: readonly {
    readonly reading: string;
    readonly clause: string;
    readonly chosen: string;
    readonly instead: string;
    readonly deadlines: readonly { readonly stage: Stage; readonly due: string }[];
  }[];
}

export interface ExplainedAssignments {
  readonly owner?: string;
  readonly group?: string;
  /** Since the registration, in order: who had the ticket for how long. */
  readonly stays: readonly {
    /** Name of the group, or of the ticket queue where no group works in it. */
    readonly group: string;
    readonly ticketQueue: string;
    readonly from: string;
    /** Absent for the group that has it now. */
    readonly to?: string;
    readonly minutes: number;
    /** Of these the clock counted so many, by its calendar and without pauses; absent where there are no terms. */
    readonly countedMinutes?: number;
  }[];
  readonly returns: readonly {
    readonly at: string;
    readonly signs: readonly { readonly rule: string; readonly clause: string; readonly evidence: string }[];
    readonly reason?: { readonly at: string; readonly evidence: string; readonly text: string };
  }[];
}

export interface ExplainedApproval {
  /** `unknown`: the branch of the requester is not known, and nobody can be asked. */
  readonly status: 'approved' | 'waiting' | 'refused' | 'unknown';
  readonly clause: string;
  readonly steps: readonly {
    readonly title: string;
    readonly clause: string;
    readonly needs: 'one' | 'all';
    readonly approved: readonly { readonly name: string; readonly at: string; readonly evidence: string }[];
    readonly awaited: readonly { readonly name: string; readonly email: string }[];
    readonly doneAt?: string;
  }[];
  /** Since when the first step that is not done is waited for. */
  readonly waitingSince?: string;
  readonly refusal?: string;
  /** `proposed`: a letter counts only when an agent writes it down. */
  readonly letters: 'proposed' | 'counted';
  /** Letters that seem to answer and that nobody has written down. */
  readonly unrecorded: readonly {
    readonly article: string;
    readonly name: string;
    readonly verdict: 'approved' | 'refused';
    readonly quote: string;
  }[];
}

export interface ExplainedLinkedTicket {
  /** Key of the adjacent system, or of the task. */
  readonly name: string;
  readonly title: string;
  /** `task`: on another line of our own support. */
  readonly role: 'related' | 'task';
  readonly clause: string;
  /**
   * `wanted`: decided but not opened yet. `not seen`: its system does not show it to the bridge. `not read`: its system
   * could not be asked.
   */
  readonly standing: 'open' | 'done' | 'not seen' | 'not read' | 'wanted';
  readonly number?: string;
  readonly state?: string;
  readonly url?: string;
  /** Why it is wanted. */
  readonly because?: string;
  /** What it cannot be opened without. */
  readonly lacks: readonly { readonly name: string; readonly clause: string }[];
}

export interface ExplainedRule {
  readonly rule: string;
  readonly clause: string;
  readonly met: boolean;
  readonly conditions: readonly { readonly asks: string; readonly found: readonly string[]; readonly holds: boolean }[];
}

export interface ExplainedFile {
  readonly of: 'ticket' | 'issue';
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  /** `kept` stays where it is for good, `waiting` is permitted and on its way. */
  readonly state: 'kept' | 'refused' | 'carried' | 'waiting';
  readonly rule?: string;
  readonly clause?: string;
  readonly because: string;
}

export interface ExplainedComment {
  readonly of: 'ticket' | 'issue';
  readonly id: string;
  readonly author: string;
  readonly visibility: 'public' | 'internal';
  readonly editedAt?: string;
  /** `changed`: its last edit is not on the other side yet; `description`: the issue was opened with it. */
  readonly state: 'description' | 'internal' | 'waiting' | 'carried' | 'changed';
}

export interface ExplainedNote {
  readonly rule: string;
  readonly clause: string;
  readonly evidence: string;
}

export interface ExplainedRefusal {
  readonly key: string;
  readonly what: string;
  readonly at: string;
  readonly code: string;
  /** What was answered; absent where that was not remembered. */
  readonly message?: string;
}

export interface ExplainedAction {
  readonly key: string;
  readonly what: string;
  readonly because: readonly ExplainedNote[];
}

import { DateTime } from 'luxon';
import { type Clock, pending } from './clock/clock.ts';
import type { Facts } from './facts.ts';
import type { Stage } from './stage.ts';
import type { Deadline } from './table-4.ts';
import type { Ref } from './ticket.ts';

/** What other programs are told of a ticket. */
export type NewsType =
  | 'issue-opened'
  | 'deadline-near'
  | 'deadline-missed'
  | 'closed'
  | 'dead-letter'
  | 'dead-letter-resolved';

/** Ids, numbers, moments and words of the bridge: never a text that a person wrote, never a name of a person. */
export interface NewsData {
  /** Absent for a dead letter that names no ticket. */
  readonly ticket?: Ref;
  readonly issue?: Ref;
  /** Number of the priority, 1 (critical) to 4. */
  readonly priority?: number;
  readonly stage?: Stage;
  /** ISO 8601, UTC. */
  readonly deadline?: string;
  /** Percent of the stage's time that are used up. */
  readonly share?: number;
  /** Id of the dead letter. */
  readonly letter?: string;
  /** Error code of the dead letter. */
  readonly code?: string;
  /** The system and the kind of the action that a dead letter is about. */
  readonly system?: string;
  readonly action?: string;
  /** How a dead letter ended. */
  readonly outcome?: string;
}

/** One fact. `id` names it for ever: whoever computes it again comes to the same id, and it is told once. */
export interface News {
  readonly id: string;
  readonly type: NewsType;
  readonly at: DateTime;
  readonly data: NewsData;
}

/** How long after a deadline it can still become news. What has been told is remembered for longer. */
export const NEWS_LASTS = { days: 90 };

export function issueOpened({ ticket }: Pick<Facts, 'ticket'>, issue: Ref, at: DateTime): News {
  const id = `${nameIn(ticket.ref)}:issue-opened:${nameIn(issue)}`;
  return { id, type: 'issue-opened', at, data: { ticket: ticket.ref, issue } };
}

/**
 * Deadlines that are near (the last warning before them was reached) or missed, each once for each stage and deadline. One
 * that an open pause holds is neither. Nothing is told of deadlines before `since`: they were missed before anybody listened.
 */
export function deadlineNews(facts: Facts, clock: Clock, since: DateTime, now: DateTime): readonly News[] {
  const first = Math.max(since.toMillis(), now.minus(NEWS_LASTS).toMillis());
  const moment = now.toMillis();
  const open = clock.status === 'stopped' ? [] : pending(clock.stages);
  const missed = [
    ...clock.breaches.map(({ deadline, priority }) => ({ deadline, priority })),
    ...open
      .filter(({ at, isIfResumedNow }) => at !== undefined && at <= moment && !isIfResumedNow)
      .map((deadline) => ({ deadline, priority: clock.priority })),
  ];
  const near = open.flatMap((deadline) => {
    const last = clock.warnings.findLast((warning) => warning.deadline === deadline && warning.share < 100);
    const isNear = last !== undefined && last.at <= moment && !deadline.isIfResumedNow && (deadline.at ?? 0) > moment;
    return isNear ? [{ deadline, priority: clock.priority, share: last.share }] : [];
  });
  return [
    ...missed.map((each) => newsOf('deadline-missed', each, facts, now)),
    ...near.map((each) => newsOf('deadline-near', each, facts, now)),
  ]
    .filter(({ data }) => data.deadline !== undefined && DateTime.fromISO(data.deadline).toMillis() >= first)
    .filter(({ id }, index, all) => all.findIndex((other) => other.id === id) === index);
}

/** The ticket was closed, by the bridge or by a person; `openAt` is when it was last seen open. */
export function ticketClosed(facts: Facts, clock: Clock, openAt: DateTime, now: DateTime): News {
  const id = `${nameIn(facts.ticket.ref)}:closed:${openAt.toMillis()}`;
  return { id, type: 'closed', at: now, data: dataOf(facts, clock.priority) };
}

interface Concerned {
  readonly deadline: Deadline;
  readonly priority: number | undefined;
  readonly share?: number;
}

function newsOf(
  type: 'deadline-near' | 'deadline-missed',
  { deadline, priority, share }: Concerned,
  facts: Facts,
  now: DateTime,
): News {
  const stage = deadline.name === 'resolutionIfWorkaround' ? 'resolution' : deadline.name;
  const at = deadline.at === undefined ? undefined : DateTime.fromMillis(deadline.at, { zone: 'utc' }).toISO();
  return {
    id: `${nameIn(facts.ticket.ref)}:${type}:${stage}:${deadline.at}`,
    type,
    at: now,
    data: {
      ...dataOf(facts, priority),
      stage,
      ...(at === undefined || at === null ? {} : { deadline: at }),
      ...(share === undefined ? {} : { share }),
    },
  };
}

function dataOf({ ticket, link }: Facts, priority: number | undefined): NewsData {
  return {
    ticket: ticket.ref,
    ...(link.issue === undefined ? {} : { issue: link.issue }),
    ...(priority === undefined ? {} : { priority }),
  };
}

function nameIn({ system, id }: Ref): string {
  return `${system}/${id}`;
}

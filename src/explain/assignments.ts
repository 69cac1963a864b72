import { groupOf } from '../domain/assignments/returns.ts';
import { countedIn, staysOf } from '../domain/assignments/stays.ts';
import type { Clock } from '../domain/clock/clock.ts';
import type { Policy } from '../domain/decide.ts';
import type { Snapshot } from '../domain/ticket.ts';
import type { Timeline } from '../domain/timeline.ts';
import type { ExplainedAssignments } from './explanation.ts';
import type { Moments } from './moments.ts';

/** Who has the ticket, who had it for how long, and how often it was handed back and why (R39, R40, R42, R43). */
export function explainAssignments(
  { owner, ticketQueue = '' }: Snapshot,
  timeline: Timeline,
  clock: Clock,
  { assignments: { groups } }: Policy,
  now: number,
  { iso }: Moments,
): ExplainedAssignments {
  const group = groupOf(ticketQueue, groups)?.name;
  const resolution = clock.stages.find(({ stage }) => stage === 'resolution')?.deadline;
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(group === undefined ? {} : { group }),
    stays: staysOf(timeline, groups).map((stay) => {
      const end = stay.to ?? now;
      return {
        group: stay.group ?? stay.ticketQueue,
        ticketQueue: stay.ticketQueue,
        from: iso(stay.from),
        ...(stay.to === undefined ? {} : { to: iso(stay.to) }),
        minutes: Math.round((end - stay.from) / 60_000),
        ...(resolution === undefined ? {} : { countedMinutes: Math.round(countedIn(stay, end, resolution) / 60_000) }),
      };
    }),
    returns: clock.returns.map(({ at, signs, reason }) => ({
      at: iso(at),
      signs,
      ...(reason === undefined
        ? {}
        : {
            reason: {
              at: iso(reason.at),
              evidence: reason.evidence,
              text: reason.text.replaceAll(/\s+/g, ' '),
            },
          }),
    })),
  };
}

import { findApproval } from '../domain/access/judge-approval.ts';
import type { Clock } from '../domain/clock/clock.ts';
import type { Policy } from '../domain/decide.ts';
import type { Snapshot } from '../domain/ticket.ts';
import type { ExplainedApproval } from './explanation.ts';
import type { Moments } from './moments.ts';

/** Who has approved the request, and who is waited for (R62); undefined where the service needs no approval. */
export function explainApproval(
  ticket: Snapshot,
  clock: Clock,
  { access }: Policy,
  { iso }: Moments,
): ExplainedApproval | undefined {
  const found = findApproval(ticket, clock, access.approval);
  if (found === undefined) {
    return undefined;
  }

  const { status, steps, waitingSince, refusal, proposals } = found.approval;
  return {
    status,
    clause: found.policy.clause,
    steps: steps.map(({ step, approved, awaited, doneAt }) => ({
      title: step.title,
      clause: step.clause,
      needs: step.needs,
      approved: approved.map(({ who, at, evidence }) => ({ name: who.name, at: iso(at), evidence })),
      awaited: awaited.map(({ name, email }) => ({ name, email })),
      ...(doneAt === undefined ? {} : { doneAt: iso(doneAt) }),
    })),
    ...(waitingSince === undefined || status !== 'waiting' ? {} : { waitingSince: iso(waitingSince) }),
    ...(refusal === undefined ? {} : { refusal }),
    letters: found.policy.letters,
    unrecorded: proposals.map(({ comment, who, verdict, quote }) => ({
      article: comment.id,
      name: who.name,
      verdict,
      quote,
    })),
  };
}

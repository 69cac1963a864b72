import type { Logger } from 'pino';
import { systemOf } from '../domain/action.ts';
import { nameOf } from '../domain/ticket.ts';
import { describeAction } from '../flow/perform.ts';
import type { PerformedAction } from '../flow/progress.ts';
import type { EndedLook } from '../flow/worker.ts';
import type { Metrics } from '../metrics.ts';
import { correlationOf } from './trace.ts';

/** Log and metrics of one action. A refusal is a warning: it waits for a person. */
export function observeEffect(
  { facts, action, result, reasons }: PerformedAction,
  log: Logger,
  metrics: Metrics,
): void {
  const outcome = result.outcome === 'done' ? result.adopted : 'refused';
  metrics.actions.inc({ system: systemOf(action), action: action.do, outcome });
  if (result.outcome === 'refused') {
    const { code, message, help } = result.error;
    log.warn(
      { ticket: nameOf(facts.ticket.ref), action: describeAction(action), code, message, help },
      'action refused',
    );
    return;
  }

  log.debug({ ticket: nameOf(facts.ticket.ref), action: describeAction(action), outcome, reasons }, 'action done');
}

/**
 * One line for each look that did or failed something; the others show at `debug`. `rules` is the version that a look
 * goes by which failed before it decided anything, `calls` the number of HTTP calls that it made.
 */
export function observeLook(ended: EndedLook, rules: string, calls: number, log: Logger, metrics: Metrics): void {
  const { claim, release, look, error, ms } = ended;
  const isGone = error !== undefined && release.outcome === 'settled';
  const outcome = error === undefined ? release.outcome : isGone ? 'gone' : error.disposition;
  metrics.looks.inc({ outcome });
  metrics.lookSeconds.observe(ms / 1000);
  const performed = look?.performed ?? [];
  const held = look?.held ?? [];
  const facts = {
    ticket: nameOf(look?.facts.ticket.ref ?? claim.ticket),
    issue: look?.facts.link.issue === undefined ? undefined : nameOf(look.facts.link.issue),
    outcome,
    ms: Math.round(ms),
    calls,
    correlation: correlationOf(claim),
    attempt: claim.attempt,
    actions: performed.map(({ action }) => describeAction(action)),
    rules: look?.rules ?? rules,
    reasons: performed.flatMap(({ reasons }) => reasons.map(({ rule, clause }) => `${rule} (${clause})`)),
    nextLookAt: release.nextLookAt?.toISO() ?? undefined,
    ...(error === undefined ? {} : { code: error.code, error: error.message }),
    ...(release.outcome === 'later' ? { reason: release.reason } : {}),
    ...(held.length === 0 ? {} : { held: held.map(({ code, message }) => `${code}: ${message}`) }),
  };
  // One line for the system or the mapping says it all; its tickets add nothing.
  const isHeld = held.some(({ disposition }) => disposition !== 'outage' && disposition !== 'parked');
  if ((error?.disposition === 'dead' && !isGone) || isHeld) {
    log.warn(facts, 'ticket looked at');
  } else if (
    performed.length > 0 ||
    (error !== undefined && !isGone && claim.attempt === 0 && error.disposition !== 'outage')
  ) {
    log.info(facts, 'ticket looked at');
  } else {
    log.debug({ ...facts, because: look?.decision.because }, 'ticket looked at');
  }
}

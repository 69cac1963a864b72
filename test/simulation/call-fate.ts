import { BridgeError } from '../../src/errors.ts';
import { isDown } from './faults.ts';
import type { Simulation } from './simulation.ts';

export type CallKind = 'read' | 'write';

/** What becomes of a call to a connected system. */
export type CallFate =
  /** Nothing is done. Without an error the request gets lost, and nobody is told. */
  | { readonly kind: 'not-done'; readonly error?: BridgeError }
  | { readonly kind: 'done'; readonly answer: 'comes' | 'is-lost'; readonly isLate: boolean }
  /** Done, and answered with something that says nothing. */
  | { readonly kind: 'garbled'; readonly error: BridgeError };

export function fateOfCall(call: CallKind, system: string, record: string, simulation: Simulation): CallFate {
  const { random, world } = simulation;
  const faults = simulation.faults();
  const isPoisoned = world.isPoisoned(system, record);
  const standing = fateOfSystem(system, simulation);
  if (standing !== undefined) {
    return standing;
  }
  if (isPoisoned && faults.poison === 'hidden') {
    return notDone(new BridgeError('RECORD_NOT_READABLE', `${system} shows no record ${record}`));
  }
  if ((isPoisoned && faults.poison === 'unreadable') || random.chance(faults.unreadable)) {
    return unreadable(call, system, isPoisoned, simulation);
  }
  if (call === 'read') {
    return { kind: 'done', answer: 'comes', isLate: false };
  }
  if ((isPoisoned && faults.poison === 'refused') || random.chance(faults.refused)) {
    const isPassing = !isPoisoned && random.chance(0.3);
    const options = isPassing ? { disposition: 'again' as const } : {};
    return notDone(new BridgeError('REFUSED', `${system} refuses it${isPassing ? ' for now' : ''}`, options));
  }
  if (random.chance(faults.requestLost)) {
    return { kind: 'not-done' };
  }

  const isLate = random.chance(faults.late);
  return { kind: 'done', isLate, answer: isLate || random.chance(faults.answerLost) ? 'is-lost' : 'comes' };
}

/** An outage, or a request to slow down: they say nothing about the call. */
function fateOfSystem(system: string, { random, faults, scheduler }: Simulation): CallFate | undefined {
  const now = faults();
  if (isDown(now, system, scheduler.at())) {
    const code = random.chance(0.5) ? 'SYSTEM_UNREACHABLE' : 'SYSTEM_FAILING';
    return notDone(new BridgeError(code, `${system} is down`));
  }
  if (random.chance(now.rateLimited)) {
    const options = random.chance(0.5) ? { retryAfterMs: random.between(500, 5_000) } : {};
    return notDone(new BridgeError('RATE_LIMITED', `${system} asks to slow down`, options));
  }
  return undefined;
}

/** A write that was answered with something else is in doubt. */
function unreadable(call: CallKind, system: string, isPoisoned: boolean, { random }: Simulation): CallFate {
  const options = call === 'write' ? { disposition: 'in-doubt' as const } : {};
  const error = new BridgeError('ANSWER_UNREADABLE', `${system} answers with something else`, options);
  return call === 'write' && !isPoisoned && random.chance(0.5) ? { kind: 'garbled', error } : notDone(error);
}

function notDone(error: BridgeError): CallFate {
  return { kind: 'not-done', error };
}

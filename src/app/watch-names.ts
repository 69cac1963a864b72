import type { Logger } from 'pino';
import type { Desk, ExpectedNames, Finding } from '../connector.ts';
import type { SystemName } from '../domain/ticket.ts';
import { toBridgeError } from '../errors.ts';
import type { Gate } from '../flow/gate.ts';
import type { Metrics } from '../metrics.ts';

export interface NameWatchOptions {
  /** How often the names are compared; 0 never. */
  readonly everyMs: number;
}

export interface NameWatchContext {
  /** The names that the rules in force use. */
  readonly expected: () => Promise<ExpectedNames>;
  readonly desks: Readonly<Record<SystemName, Pick<Desk, 'check'>>>;
  readonly gates: readonly Pick<Gate, 'system' | 'state'>[];
  readonly log: Logger;
  readonly metrics: Metrics;
}

export interface NameWatch {
  /** The rules have changed: compare their names soon. */
  rulesChanged(): void;
  /** Compares now; waits for a comparison that is under way. */
  compareNow(): Promise<void>;
  stop(): Promise<void>;
}

/** After a start there is other work to do first. */
const FIRST_AFTER_MS = 5 * 60_000;
/** Files of rules are changed several in a row. */
const CHANGED_AFTER_MS = 5_000;
const LEVELS = ['warning', 'error'] as const;

/**
 * Repeats `bridge check` for the systems while the bridge runs, since names change there as well. Each new finding is
 * told once; one that is gone may be told again when it comes back.
 */
export function watchNames({ everyMs }: NameWatchOptions, context: NameWatchContext): NameWatch {
  const { desks, gates, log, metrics } = context;
  const stopping = new AbortController();
  const known = new Map<SystemName, ReadonlySet<string>>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  const compare = async () => {
    const expected = await context.expected();
    for (const [system, desk] of Object.entries(desks)) {
      const isAway = gates.some((gate) => gate.system === system && gate.state().state === 'closed');
      if (isAway || stopping.signal.aborted) {
        continue;
      }

      const findings = await desk.check(expected, stopping.signal);
      if (!stopping.signal.aborted) {
        tell(system, findings);
      }
    }
  };

  const tell = (system: SystemName, findings: readonly Finding[]) => {
    const faults = findings.filter(({ level }) => level !== 'ok');
    const before = known.get(system) ?? new Set();
    for (const { level, subject, message } of faults.filter((fault) => !before.has(nameOf(fault)))) {
      log[level === 'error' ? 'error' : 'warn'](
        { system, subject, finding: message },
        level === 'error' ? 'rules and system do not fit' : 'rules and system may not fit',
      );
    }
    known.set(system, new Set(faults.map(nameOf)));
    for (const level of LEVELS) {
      metrics.checkFindings.set({ system, level }, faults.filter((fault) => fault.level === level).length);
    }
  };

  const compareNow = () => {
    running ??= compare()
      .catch((thrown: unknown) => log.warn({ error: toBridgeError(thrown).message }, 'names could not be compared'))
      .finally(() => {
        running = undefined;
      });
    return running;
  };

  const schedule = (ms: number) => {
    clearTimeout(timer);
    if (everyMs > 0 && !stopping.signal.aborted) {
      timer = setTimeout(() => void compareNow().then(() => schedule(everyMs)), ms).unref();
    }
  };

  schedule(Math.min(everyMs, FIRST_AFTER_MS));
  return {
    rulesChanged: () => schedule(Math.min(everyMs, CHANGED_AFTER_MS)),
    compareNow,
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}

function nameOf({ level, subject, message }: Finding): string {
  return JSON.stringify([level, subject, message]);
}

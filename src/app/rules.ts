import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Policy } from '../domain/decide.ts';
import type { SystemName } from '../domain/ticket.ts';
import { toBridgeError } from '../errors.ts';
import type { Part } from '../http/health.ts';
import type { Metrics } from '../metrics.ts';
import { loadPolicy } from '../policy/load.ts';
import { versionOnDisk } from '../policy/version.ts';
import { describeFault, faultsOf } from '../yaml.ts';

export interface RulesOptions {
  readonly folder: string;
  /** Systems in which the configuration lets linked tickets be opened; not compared where absent. */
  readonly linked?: readonly SystemName[];
  /** How long the files must keep still before they are read: editors and deployments write them one after the other. */
  readonly settleMs: number;
  /** How often the files are compared although no change was announced: announcements get lost. */
  readonly pollMs: number;
}

export interface RulesContext {
  readonly log: Logger;
  readonly metrics: Metrics;
  /** These rules are in force, from the start or from now on. Repeated until it succeeds. */
  readonly onInForce: (policy: Policy) => Promise<void>;
}

/** The rules in force, and the eye on the files that they come from. */
export interface Rules {
  /** A complete policy at any time: it changes as a whole. */
  policy(): Policy;
  /** Looks at the files now; resolves when the rules in force are those on disk, or the reason why not is logged. */
  reload(): Promise<void>;
  health(): Part;
  stop(): Promise<void>;
}

/**
 * Keeps the rules up to date with their files. New ones are compiled aside and put in force as a whole; files that are the
 * same in content change nothing, and files with faults leave the old rules in force until they are mended.
 */
export function keepRules(start: Policy, options: RulesOptions, context: RulesContext): Rules {
  const { log, metrics } = context;
  const stopping = new AbortController();
  let policy = start;
  /** Version of files on disk that turned out to be broken. */
  let broken: string | undefined;
  let announced: string | undefined;
  show(policy, metrics);

  const compare = async () => {
    const version = await settledVersion(options, stopping.signal);
    if (version === policy.version) {
      mend(version);
    } else {
      // What changed while it was read is half of one and half of the other: it is read once more. So is what was broken
      // before, for a file may have been away only while it was read.
      await loadPolicy(options.folder, options.linked).then(
        (next) => (next.version === version ? swap(next) : void reload()),
        (thrown: unknown) => (version === broken ? undefined : keep(version, thrown)),
      );
    }
    // Where the store is away it is told later.
    if (announced !== policy.version) {
      await context.onInForce(policy);
      announced = policy.version;
    }
  };

  const mend = (version: string) => {
    if (broken !== undefined) {
      broken = undefined;
      show(policy, metrics);
      log.info({ rules: version }, 'rules on disk are again those in force');
    }
  };

  const swap = (next: Policy) => {
    log.info({ rules: next.version, before: policy.version }, 'new rules are in force');
    policy = next;
    broken = undefined;
    show(policy, metrics);
    metrics.rulesReloads.inc({ outcome: 'swapped' });
  };

  const keep = (version: string, thrown: unknown) => {
    broken = version;
    metrics.rulesStale.set(1);
    metrics.rulesReloads.inc({ outcome: 'refused' });
    reportBroken(policy, thrown, log);
  };

  const reload = oneAtATime(() =>
    stopping.signal.aborted
      ? Promise.resolve()
      : compare().catch((thrown: unknown) => {
          if (!stopping.signal.aborted) {
            log.error({ error: toBridgeError(thrown).message }, 'rules cannot be compared with their files');
          }
        }),
  );
  const watchers = watchFolders(options.folder, () => void reload());
  const timer = setInterval(() => void reload(), options.pollMs);
  // Files may have changed between the start and now.
  void reload();

  return {
    policy: () => policy,
    reload,
    health: () => healthOf(policy, broken),
    stop: async () => {
      stopping.abort();
      clearInterval(timer);
      for (const watcher of watchers) {
        watcher.close();
      }
      await reload();
    },
  };
}

function show({ version }: Policy, metrics: Metrics): void {
  metrics.rulesInfo.reset();
  metrics.rulesInfo.set({ version }, 1);
  metrics.rulesStale.set(0);
}

function reportBroken({ version }: Policy, thrown: unknown, log: Logger): void {
  const error = toBridgeError(thrown);
  const faults = faultsOf(error).map(describeFault);
  log.error(
    { rules: version, code: error.code, faults: faults.length > 0 ? faults : [error.message] },
    'rules on disk are broken; the old ones stay in force',
  );
}

function healthOf({ version }: Policy, broken: string | undefined): Part {
  const detail = `version ${version}${broken === undefined ? '' : '; the files on disk are broken, see the log'}`;
  return { ok: broken === undefined, detail, required: false };
}

/** Work that is asked for while it goes on is done once more afterwards; all who ask wait for the last round. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let isAskedAgain = false;
  return () => {
    isAskedAgain = true;
    running ??= (async () => {
      while (isAskedAgain) {
        isAskedAgain = false;
        await work();
      }
    })().finally(() => {
      running = undefined;
    });
    return running;
  };
}

/** What the files amount to once they keep still. */
async function settledVersion({ folder, settleMs }: RulesOptions, signal: AbortSignal): Promise<string> {
  let before = await versionOnDisk(folder);
  for (;;) {
    await pause(settleMs, undefined, { signal });
    const now = await versionOnDisk(folder);
    if (now === before) {
      return now;
    }
    before = now;
  }
}

/** Folders are watched and not files: editors put new files in place of old ones, and mounted settings swap a link. */
function watchFolders(folder: string, onChange: () => void): readonly FSWatcher[] {
  return [folder, join(folder, 'calendars')].flatMap((place) => {
    try {
      // A watch that fails later is no loss: the files are compared from time to time in any case.
      return [watch(place, onChange).on('error', () => undefined)];
    } catch {
      return [];
    }
  });
}

import type { Finding } from '../connector.ts';
import { faultsOf } from '../yaml.ts';
import type { CommandContext, ExitCode } from './commands.ts';
import { describeFailure } from './failure.ts';
import { onOneLine } from './words.ts';

interface CheckOptions {
  readonly file: string;
  readonly isJson: boolean;
  /** Everything, or what lies in files and needs no network. */
  readonly reach: 'all' | 'files';
  /** A webhook to wait for. */
  readonly trip?: { readonly ticket: string; readonly seconds: number };
}

const LEVELS = ['ok', 'warning', 'error'] as const;

/** Proves from outside that the bridge and the systems around it are set up as the configuration says. */
export const check = {
  name: 'check',
  description: 'Look at the configuration, the rules, the database, the broker, OTRS and JIRA. Changes nothing there.',
  examples: [
    'bridge check',
    'bridge check --round-trip 2026112310000042',
    'bridge check --config config/bridge.production.yaml --json',
    'bridge check --offline',
  ],
  run: async (
    { file, isJson, reach, trip }: CheckOptions,
    { deeds, streams, signal }: CommandContext,
  ): Promise<ExitCode> => {
    try {
      const findings = await (reach === 'files'
        ? deeds.checkOffline(file)
        : deeds.check(file, signal, trip && { ...trip, ask: (text) => streams.error(`${text}\n`) }));
      streams.out(isJson ? toJson({ findings, faults: [] }) : toList(findings));
      return count(findings, 'error') === 0 ? 0 : 1;
    } catch (thrown) {
      if (!isJson) {
        throw thrown;
      }

      const faults = faultsOf(thrown);
      const failure = faults.length > 0 ? {} : { failure: describeFailure(thrown) };
      streams.out(toJson({ findings: [], faults, ...failure }));
      return 1;
    }
  },
};

function toJson(report: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

function toList(findings: readonly Finding[]): string {
  const width = Math.max(0, ...findings.map(({ subject }) => subject.length));
  const lines = findings.map(
    ({ level, subject, message }) =>
      `${level.padEnd('warning'.length)}  ${subject.padEnd(width)}  ${onOneLine(message)}`,
  );
  const sums = LEVELS.map((level) => `${level}: ${count(findings, level)}`);

  return `${[...lines, '', sums.join(', ')].join('\n')}\n`;
}

function count(findings: readonly Finding[], level: Finding['level']): number {
  return findings.filter((finding) => finding.level === level).length;
}

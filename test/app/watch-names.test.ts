import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { watchNames } from '../../src/app/watch-names.ts';
import type { Finding } from '../../src/connector.ts';
import { createMetrics } from '../../src/metrics.ts';
import { keepLog } from '../connectors/jira/connected.ts';
import { expectedNames } from '../support/expected-names.ts';

const at = 'mappings/priority.yaml:5:12';
const lacking: Finding = { level: 'error', subject: 'jira: priority Срочный', message: `${at}: JIRA has no priority` };

let findings: readonly Finding[];
let isAway: boolean;
let watch: ReturnType<typeof watchNames>;
let lines: ReturnType<typeof keepLog>['lines'];
const metrics = createMetrics();

function start(everyMs: number) {
  const kept = keepLog();
  lines = kept.lines;
  const state = () => (isAway ? ({ state: 'closed' } as never) : ({ state: 'open' } as const));
  watch = watchNames(
    { everyMs },
    {
      expected: async () => expectedNames(),
      desks: { jira: { check: async () => findings } },
      gates: [{ system: 'jira', state }],
      log: kept.log,
      metrics,
    },
  );
}

beforeEach(() => {
  findings = [];
  isAway = false;
});
afterEach(() => watch.stop());

const told = () => lines.map(({ level, finding }) => `${level} ${finding}`);

describe('the names of the rules in a running bridge', () => {
  test('are compared again and again; a finding is told once with its line, and again when it comes back', async () => {
    start(3_600_000);
    findings = [lacking, { level: 'ok', subject: 'jira: server', message: 'JIRA Data Center 10.3' }];
    await watch.compareNow();
    await watch.compareNow();
    expect(told()).toEqual([`error ${lacking.message}`]);
    expect(await metrics.registry.metrics()).toContain('bridge_check_findings{system="jira",level="error"} 1');

    findings = [];
    await watch.compareNow();
    expect(await metrics.registry.metrics()).toContain('bridge_check_findings{system="jira",level="error"} 0');
    findings = [lacking];
    await watch.compareNow();
    expect(told()).toHaveLength(2);
  });

  test('are compared by themselves at their time', async () => {
    start(20);
    findings = [lacking];

    while (lines.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(told()).toEqual([`error ${lacking.message}`]);
  });

  test('are never compared where the configuration says so, and not while the system is away', async () => {
    start(0);
    findings = [lacking];
    isAway = true;
    watch.rulesChanged();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await watch.compareNow();

    expect(lines).toEqual([]);
  });
});

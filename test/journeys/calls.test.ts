import { describe, expect, test } from '@jest/globals';
import { countCalls } from '../../scripts/call-budget.ts';
import { startCountedBridge } from '../../scripts/counted-bridge.ts';

describe.each(['datacenter', 'cloud'] as const)('on JIRA %s, with warm caches', (dialect) => {
  test('no kind of event costs more calls than it may, and our own changes cause no looks', async () => {
    const bridge = await startCountedBridge('mappings', { dialect });
    try {
      const { counted, echoes } = await countCalls(bridge);
      const costly = counted.filter(
        ({ calls, goal }) => calls.jira.length > goal.jira || calls.otrs.length > goal.otrs,
      );

      expect(counted.map(({ event }) => event)).toHaveLength(6);
      expect(costly).toEqual([]);
      expect(echoes).toBe(0);
    } finally {
      await bridge.stop();
    }
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { countCalls, kinds } from '../../scripts/calls/count.ts';
import { type CountedBridge, startCountedBridge } from '../../scripts/counted-bridge.ts';

describe.each([
  ['rest', 'datacenter'],
  ['soap', 'cloud'],
] as const)('with OTRS over %s and JIRA %s, caches warm', (transport, dialect) => {
  let filtering: CountedBridge;
  let echoing: CountedBridge;
  beforeAll(async () => {
    filtering = await startCountedBridge('mappings', { transport, dialect });
    echoing = await startCountedBridge('mappings', { transport, dialect, isEchoing: true });
  });
  afterAll(async () => {
    await filtering?.stop();
    await echoing?.stop();
  });

  test.each(kinds.map((kind) => [kind.event, kind] as const))(
    'this costs what it may and leaves no echo: %s',
    async (_, kind) => {
      const { otrs, jira, calls, echoes } = await countCalls(kind, kind.isEchoing ? echoing : filtering);

      expect({ otrs, jira, calls }).toEqual({ otrs: kind.otrs, jira: kind.jira, calls });
      expect(echoes).toBe(0);
    },
  );
});

import { describe, expect, test } from '@jest/globals';
import { createLookTrace } from '../../src/app/trace.ts';
import type { Claim } from '../../src/store/store.ts';

const claimOf = (id: string, correlation?: string): Claim => ({
  ticket: { system: 'otrs', id },
  fence: 3,
  attempt: 0,
  covers: 1,
  ...(correlation === undefined ? {} : { correlation }),
});

describe('the trace of a look', () => {
  test('gives each call the name of its own look and counts it there, also of looks at one time', async () => {
    const trace = createLookTrace();
    const claims = [claimOf('41', 'webhook-17'), claimOf('42')];
    const seen = await Promise.all(
      claims.map((claim, index) =>
        trace.run(claim, async () => {
          for (let call = 0; call <= index; call += 1) {
            await Promise.resolve();
            trace.hooks.onCall();
          }
          return trace.hooks.callHeaders();
        }),
      ),
    );
    expect(seen).toEqual([{ 'X-Correlation-Id': 'webhook-17' }, { 'X-Correlation-Id': 'look-42-3' }]);
    expect(claims.map(trace.callsOf)).toEqual([1, 2]);
    expect(trace.hooks.callHeaders()).toEqual({});
  });
});

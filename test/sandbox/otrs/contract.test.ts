import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Answers } from '../../contract/contract.ts';
import { playContract } from '../../contract/contract.ts';
import { type Comparison, compareAnswers } from '../../contract/differences.ts';
import { listed } from '../../contract/listed.ts';
import { readRecording } from '../../contract/recording.ts';
import { startSandboxParty } from '../../contract/sandbox-party.ts';

describe('the sandbox OTRS and the recording of a real one', () => {
  let real: Answers;
  let compared: Comparison;

  beforeAll(async () => {
    const party = await startSandboxParty();
    const sandbox = await playContract(party).finally(() => party.stop());
    real = await readRecording();
    compared = compareAnswers(real, sandbox, listed);
  }, 120_000);

  test('hundreds of calls over REST and SOAP are answered the same, histories and webhooks included', () => {
    expect(compared.deviations).toEqual([]);
    expect(Object.keys(real).length).toBeGreaterThan(400);
  });

  test('every listed difference still occurs', () => {
    expect(compared.idle).toEqual([]);
  });
});

import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Answers, playContract } from '../contract/contract.ts';
import { type Comparison, compareAnswers } from '../contract/differences.ts';
import { listed } from '../contract/listed.ts';
import type { Party } from '../contract/party.ts';
import { startRealParty } from '../contract/real-party.ts';
import { readRecording } from '../contract/recording.ts';
import { startSandboxParty } from '../contract/sandbox-party.ts';

async function answersOf(start: () => Promise<Party>): Promise<Answers> {
  const party = await start();
  return playContract(party).finally(() => party.stop());
}

describe('the sandbox OTRS and a real one', () => {
  let real: Answers;
  let compared: Comparison;

  beforeAll(async () => {
    real = await answersOf(startRealParty);
    compared = compareAnswers(real, await answersOf(startSandboxParty), listed);
  }, 1_800_000);

  test('answer the same script with the same answers, beyond the listed differences', () => {
    expect(compared.deviations).toEqual([]);
  });

  test('differ where it is listed', () => {
    expect(compared.idle).toEqual([]);
  });

  test('the recording for the tests without a real one is up to date; if not: node test/contract/record.ts', async () => {
    expect(compareAnswers(real, await readRecording(), []).deviations).toEqual([]);
  });
});

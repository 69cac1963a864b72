import { playContract } from './contract.ts';
import { startRealParty } from './real-party.ts';
import { writeRecording } from './recording.ts';

/** `node test/contract/record.ts`: plays the contract on a real help desk and keeps its answers (root on Debian 12). */
const party = await startRealParty();
try {
  await writeRecording(await playContract(party));
} finally {
  await party.stop();
}

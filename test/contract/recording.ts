import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answers } from './contract.ts';

const file = join(import.meta.dirname, 'fixtures/real-otrs.json');

/** What a real Znuny 6.5 answered; `node test/contract/record.ts` asks it anew. */
export async function readRecording(): Promise<Answers> {
  return JSON.parse(await readFile(file, 'utf8'));
}

/** One line a step, so that a difference can be read. */
export async function writeRecording(answers: Answers): Promise<void> {
  const lines = Object.entries(answers).map(([step, answer]) => `${JSON.stringify(step)}: ${JSON.stringify(answer)}`);
  await writeFile(file, `{\n${lines.join(',\n')}\n}\n`);
}

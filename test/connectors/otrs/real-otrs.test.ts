import { readFile } from 'node:fs/promises';
import { test } from '@jest/globals';
import { describeDeskOnRealOtrs, type RealOtrs } from './real-otrs.ts';

/** A file that tells where a running OTRS is and who may log in; the shape is that of `RealOtrs`. */
const file = process.env.OTRS_LAB;

if (file === undefined) {
  test.skip('the desk suite runs against a real OTRS when OTRS_LAB names the file that describes it', () => {});
} else {
  describeDeskOnRealOtrs(
    async (): Promise<RealOtrs> => JSON.parse(await readFile(file, 'utf8')),
    async () => {},
  );
}

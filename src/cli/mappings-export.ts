import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BridgeError } from '../errors.ts';
import type { StoredSnapshot } from '../store/store.ts';
import type { CommandContext, ExitCode } from './commands.ts';

export interface MappingsExportOptions {
  readonly config: string;
  readonly file: string;
}

/** Takes the stored facts out, for trying rules elsewhere or for examples. */
export const mappingsExport = {
  name: 'export',
  description:
    'Write the last facts of every ticket from the store into a file, one JSON object a line. They hold personal data.',
  examples: ['bridge mappings export --file tickets.ndjson'],
  run: async ({ config, file }: MappingsExportOptions, context: CommandContext): Promise<ExitCode> => {
    let count = 0;
    const lines = async function* (snapshots: AsyncIterable<StoredSnapshot>) {
      for await (const snapshot of snapshots) {
        count += 1;
        yield `${lineOf(snapshot)}\n`;
      }
    };
    try {
      // Facts are for the eyes of whoever exports them.
      await pipeline(Readable.from(lines(context.deeds.snapshots(config))), createWriteStream(file, { mode: 0o600 }), {
        signal: context.signal,
      });
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (thrown instanceof BridgeError || code === undefined) {
        throw thrown;
      }
      throw new BridgeError('FILE_UNUSABLE', `${file} cannot be written (${code})`, { cause: thrown });
    }
    context.streams.out(`${count} ticket(s) written to ${file}\n`);
    return 0;
  },
};

/** The stored text is an object without a moment: it is put in front. */
function lineOf({ at, facts }: StoredSnapshot): string {
  return `{"at":${JSON.stringify(at)},${facts.slice(1)}`;
}

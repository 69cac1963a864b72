import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Desk, FileContent } from '../connector.ts';
import type { Action } from '../domain/action.ts';
import type { Told } from '../domain/evolve.ts';
import type { Facts } from '../domain/facts.ts';
import { judgeContent } from '../domain/file-content.ts';
import { showName } from '../domain/file-name.ts';
import type { Ref } from '../domain/ticket.ts';
import { BridgeError } from '../errors.ts';
import { lookAt } from '../files/look.ts';
import type { Spool } from '../files/spool.ts';
import type { Luggage } from './luggage.ts';

type Attach = Extract<Action, { do: 'attach' }>;

export interface LoadContext {
  readonly luggage: Pick<Luggage, 'take'>;
  readonly facts: Facts;
  /** What comes after this action, in order. */
  readonly later: readonly Action[];
  /** Whether the content has to be what the name promises. */
  readonly content: 'checked' | 'ignored';
}

/** A file that is ready to be sent. */
export interface Cargo {
  readonly content: FileContent;
  readonly sha256: string;
  close(): Promise<void>;
}

/**
 * Brings the file of an action onto the disk, never into memory whole: so its content is judged and its size is certain before
 * the first byte is sent on. Throws `FILE_REFUSED` for what may not be carried, and what the desk throws.
 */
export async function load(action: Attach, { luggage, facts, later, content }: LoadContext): Promise<Cargo> {
  const { source, file } = action;
  if (!('from' in source)) {
    const bytes = Buffer.from(source.text, 'utf8');
    return {
      content: { ...file, size: bytes.length, open: () => Readable.from([bytes]) },
      sha256: createHash('sha256').update(bytes).digest('hex'),
      close: async () => {},
    };
  }

  const spool = await luggage.take(action, source, later, facts);
  try {
    await judge(spool, file.name, content);
  } catch (thrown) {
    await spool.close();
    throw thrown;
  }
  return {
    content: { ...file, size: spool.size(), open: spool.read },
    sha256: spool.sha256(),
    close: spool.close,
  };
}

async function judge(spool: Spool, name: string, content: LoadContext['content']): Promise<void> {
  if (content === 'ignored') {
    return;
  }

  const fault = judgeContent(name, spool.size(), await lookAt(spool));
  if (fault !== undefined) {
    throw new BridgeError('FILE_REFUSED', `«${showName(name)}» is refused for its content: ${fault.found}`, {
      details: { ...fault, sha256: spool.sha256() },
    });
  }
}

/** Adds the file to its record, and tells the audit what it was. */
export async function deliver(
  { ref, note, key }: Attach,
  { content, sha256 }: Cargo,
  target: Desk,
  signal: AbortSignal,
): Promise<{ readonly ref: Ref } & Told> {
  const made = await target.attach(ref, content, note, key, signal);
  return { ref: made, detail: { file: content.name, size: content.size, sha256 } };
}

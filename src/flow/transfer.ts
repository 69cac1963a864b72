import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Desk, FileContent } from '../connector.ts';
import type { Action, FileSource } from '../domain/action.ts';
import type { Told } from '../domain/evolve.ts';
import { judgeContent } from '../domain/file-content.ts';
import { showName } from '../domain/file-name.ts';
import type { Ref, SystemName } from '../domain/ticket.ts';
import { BridgeError } from '../errors.ts';
import { lookAt } from '../files/look.ts';
import { openSpool, type Spool } from '../files/spool.ts';

type Attach = Extract<Action, { do: 'attach' }>;
type FromRecord = Extract<FileSource, { from: Ref }>;

export interface TransferContext {
  readonly target: Desk;
  readonly deskOf: (system: SystemName) => Desk;
  readonly signal: AbortSignal;
  /** Whether the content has to be what the name promises. */
  readonly content: 'checked' | 'ignored';
  /** Where files wait on their way; absent: the folder of the operating system for temporary files. */
  readonly folder?: string | undefined;
}

/**
 * Carries one file. It is spooled to the disk first and never held in memory whole: so its content is judged and its size
 * is certain before the first byte is sent on. Throws `FILE_REFUSED` for what may not be carried, and what the desks throw.
 */
export async function transfer(action: Attach, context: TransferContext): Promise<{ readonly ref: Ref } & Told> {
  const { source, file } = action;
  if (!('from' in source)) {
    const bytes = Buffer.from(source.text, 'utf8');
    const content = { ...file, size: bytes.length, open: () => Readable.from([bytes]) };
    return send(action, content, createHash('sha256').update(bytes).digest('hex'), context);
  }

  const spool = await openSpool(source.attachment.size, context.folder);
  try {
    await fill(spool, source, context);
    await judge(spool, file.name, context);
    return await send(action, { ...file, size: spool.size(), open: spool.read }, spool.sha256(), context);
  } finally {
    await spool.close();
  }
}

async function fill(
  spool: Spool,
  { from, attachment }: FromRecord,
  { deskOf, signal }: TransferContext,
): Promise<void> {
  await deskOf(from.system).fetch(from, attachment, spool.into, signal);
  await finished(spool.into, { signal });
  if (spool.size() !== attachment.size) {
    throw new BridgeError(
      'ANSWER_UNREADABLE',
      `«${attachment.name}» has ${attachment.size} bytes according to ${from.system}, and ${spool.size()} came`,
    );
  }
}

async function judge(spool: Spool, name: string, { content }: TransferContext): Promise<void> {
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

async function send(action: Attach, content: FileContent, sha256: string, { target, signal }: TransferContext) {
  const ref = await target.attach(action.ref, content, action.note, action.key, signal);
  return { ref, detail: { file: content.name, size: content.size, sha256 } };
}

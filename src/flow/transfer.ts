import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Desk, FileContent } from '../connector.ts';
import type { Action } from '../domain/action.ts';
import type { Told } from '../domain/evolve.ts';
import type { Ref, SystemName } from '../domain/ticket.ts';
import { BridgeError } from '../errors.ts';

type Attach = Extract<Action, { do: 'attach' }>;

/**
 * Carries one file. It is spooled to the disk first and never held in memory whole: so its size is certain before the
 * first byte is sent on. Throws `FILE_REFUSED` for what may not be carried, and what the desks throw.
 */
export async function transfer(
  action: Attach,
  target: Desk,
  deskOf: (system: SystemName) => Desk,
  signal: AbortSignal,
): Promise<{ readonly ref: Ref } & Told> {
  const { source, file } = action;
  if (!('from' in source)) {
    const bytes = Buffer.from(source.text, 'utf8');
    const content = { ...file, size: bytes.length, open: () => Readable.from([bytes]) };
    return send(action, target, content, createHash('sha256').update(bytes).digest('hex'), signal);
  }

  const folder = await mkdtemp(join(tmpdir(), 'otrs-jira-bridge-'));
  try {
    const path = join(folder, 'file');
    const sha256 = await spool(source.from, source.attachment, path, deskOf(source.from.system), signal);
    const { size } = await stat(path);
    if (size !== source.attachment.size) {
      throw new BridgeError(
        'ANSWER_UNREADABLE',
        `«${file.name}» has ${source.attachment.size} bytes according to ${source.from.system}, and ${size} came`,
      );
    }

    return await send(action, target, { ...file, size, open: () => createReadStream(path) }, sha256, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function spool(
  from: Ref,
  attachment: Extract<Attach['source'], { from: Ref }>['attachment'],
  path: string,
  desk: Desk,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  const through = new PassThrough();
  through.on('data', (chunk: Buffer) => hash.update(chunk));
  const written = pipeline(through, createWriteStream(path), { signal });
  written.catch(() => undefined);
  await desk.fetch(from, attachment, through, signal);
  await written;
  return hash.digest('hex');
}

async function send(action: Attach, target: Desk, content: FileContent, sha256: string, signal: AbortSignal) {
  const ref = await target.attach(action.ref, content, action.note, action.key, signal);
  return { ref, detail: { file: content.name, size: content.size, sha256 } };
}

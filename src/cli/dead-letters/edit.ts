import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BridgeError } from '../../errors.ts';
import { editableOf, editLetter, findLetter, replayLetter } from '../../flow/letters/office.ts';
import type { DeadLetter } from '../../store/store.ts';
import type { CommandContext, ExitCode } from '../commands.ts';
import { setAll } from './set-values.ts';
import { shortId } from './words.ts';

export interface EditOptions {
  readonly config: string;
  readonly as?: string;
  readonly file?: string;
  readonly set?: readonly string[];
  readonly reason?: string;
  readonly replay?: boolean;
  readonly json?: boolean;
}

/** Makes an edited revision of a letter. */
export const edit = {
  name: 'edit',
  description:
    'Edit the action of a letter, or the body of a message, as a new revision that takes its place: in $VISUAL or $EDITOR, from a file, or value by value. What it is about stays: key, ticket, record and system are locked. Nothing is sent until the revision is replayed.',
  examples: [
    'bridge dead-letters edit 3f2a9c1d',
    'bridge dead-letters edit 3f2a9c1d --set "fields.closure_code=Решено" --replay',
    'bridge dead-letters edit 3f2a9c1d --file action.json --reason "wrong code"',
  ],
  run: (beginning: string, options: EditOptions, context: CommandContext): Promise<ExitCode> => {
    const { deeds, streams, login } = context;
    const { config, file, set, json, reason } = options;
    if (file !== undefined && set !== undefined) {
      throw new BridgeError('CASE_INVALID', 'give either --file or --set, not both');
    }

    return deeds.letters<ExitCode>(config, 'change', async (office) => {
      const letter = await findLetter(office, beginning);
      const before = editableOf(letter);
      const text =
        set !== undefined
          ? setAll(before, set)
          : file !== undefined
            ? await readText(file)
            : await openEditor(before.text, before.kind, context);
      if (text === before.text) {
        streams.out('nothing was changed\n');
        return 0;
      }

      const by = { who: options.as ?? login, now: office.now(), ...(reason === undefined ? {} : { reason }) };
      const edited = before.kind === 'body' ? { body: text } : { action: parse(text) };
      const revision = await editLetter(office, letter, edited, by);
      if (options.replay === true) {
        await replayLetter(office, revision, revision.action === undefined ? 'now' : 'recorded', by);
      }
      streams.out(
        json === true ? `${JSON.stringify(revision, null, 2)}\n` : describe(letter, revision, options.replay),
      );
      return 0;
    });
  },
};

function describe(before: DeadLetter, { id }: DeadLetter, isReplayed: boolean | undefined): string {
  const isMessage = before.ticket === undefined;
  const replay = `\`bridge dead-letters replay ${shortId(id)}`;
  const next =
    isReplayed === true
      ? `${isMessage ? 'the message was taken in' : 'its replay is ordered'}; \`bridge dead-letters show ${shortId(id)}\` tells what came of it`
      : isMessage
        ? `${replay}\` takes the message in`
        : `${replay} --dry-run\` shows its calls, without --dry-run it goes`;
  return `letter ${shortId(id)} is the edited revision of ${shortId(before.id)}; ${next}\n`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new BridgeError('LETTER_UNUSABLE', `the edited action is no JSON: ${(cause as Error).message}`, { cause });
  }
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new BridgeError('FILE_UNUSABLE', `${file} cannot be read (${cause.code})`, { cause });
  });
}

/** The text as the editor leaves it. It may hold personal data: nobody else may read the file, and it does not stay. */
async function openEditor(text: string, kind: 'action' | 'body', { editor }: CommandContext): Promise<string> {
  if (editor === undefined) {
    throw new BridgeError('CASE_INVALID', 'there is no $VISUAL and no $EDITOR: set one, or use --file or --set');
  }

  const folder = await mkdtemp(join(tmpdir(), 'bridge-letter-'));
  try {
    const file = join(folder, kind === 'action' ? 'action.json' : 'message.json');
    await writeFile(file, text, { mode: 0o600 });
    // An editor may come with options, e.g. `code --wait`.
    const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'editor', file], { stdio: 'inherit' });
    const [status] = await once(child, 'exit');
    if (status !== 0) {
      throw new BridgeError('CASE_INVALID', `the editor ended with ${status}: nothing was changed`);
    }
    return await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import type { Desk, FileContent } from '../../src/connector.ts';
import type { CommentDraft, Draft } from '../../src/domain/action.ts';
import type { Attachment, Ref } from '../../src/domain/ticket.ts';

/** What people do in the system besides opening and commenting, and what the desk cannot do there. */
export interface DeskWork {
  /** Whether comments that the bridge wrote can get another text. */
  readonly edits: boolean;
  /** Absent where the desk assigns nobody. */
  readonly assignees?: {
    readonly good: string;
    /** How a read names the good one. */
    readonly shownAs: string;
    /** Unknown, inactive or not to be assigned. */
    readonly refused: readonly string[];
  };
  /** A person attaches a text file. Absent where the test has no hand in the system. */
  readonly attachFile?: (ref: Ref, file: { readonly name: string; readonly bytes: Buffer }) => Promise<void>;
  /** A link type for two records of the system, and how many links a record shows. Absent where there are none. */
  readonly links?: { readonly type: string; count(ref: Ref): Promise<number> };
  /** A state that no step leads straight to; absent where every state can be set. */
  readonly distant?: { readonly to: string; readonly via: readonly string[]; prepare(): void; restore(): void };
  /** A text that is too long for the system; absent where none is. */
  readonly tooLong?: string;
}

interface WorkHarness {
  readonly desk: Desk;
  openRecord(content: { readonly title: string; readonly text: string }): Promise<Ref>;
  readonly draft?: Draft;
  readonly work: DeskWork;
}

type Harness = () => WorkHarness;

const signal = new AbortController().signal;
const ORIGIN: Ref = { system: 'elsewhere', id: '4712', key: '2026112310000012' };
const NAME = 'Журнал «ошибок» за 23.11 — ёж.txt';
const note: CommentDraft = { subject: 'Вложение', text: 'Файл от заявителя', visibility: 'internal' };
const draftOf = (text: string): CommentDraft => ({ subject: 'Комментарий', text, visibility: 'public' });

/** Bytes of a text, of a size that no transport sends in one piece. */
const bytes = Buffer.from(
  Array.from({ length: 9_000 }, (_, line) => `строка ${line}: ошибка 500 «сохранение»\n`).join(''),
);

const fileOf = (content: Buffer, name = NAME): FileContent => ({
  name,
  contentType: 'text/plain',
  size: content.length,
  open: () => Readable.from([content]),
});

/** Promises about edits, assignees, files, links and steps on the way. */
export function describeWork(harness: Harness): void {
  describeTexts(harness);
  describeAssignees(harness);
  describeFiles(harness);
  describeLinks(harness);
  describeSteps(harness);
}

function describeTexts(harness: Harness): void {
  test('a comment of the bridge gets another text, or the desk refuses', async () => {
    const { desk, openRecord, work } = harness();
    const ref = await openRecord({ title: 'Правка', text: 'Правка' });
    const { ref: written } = await desk.comment(ref, note, 'comment:other:edit', signal);
    const edit = () => desk.edit(ref, written.id, 'Исправлено: {code} & <b>', signal);
    if (!work.edits) {
      await expect(edit()).rejects.toMatchObject({ code: 'REFUSED' });
      return;
    }

    await edit();

    const comment = (await desk.read(ref, signal)).comments.find(({ id }) => id === written.id);
    expect(comment).toMatchObject({
      text: 'Исправлено: {code} & <b>',
      visibility: 'internal',
      marker: 'comment:other:edit',
    });
    expect(comment?.editedAt).toBeDefined();
  });

  test('a text that fits is not told to be cut, and one that does not fit is', async () => {
    const { desk, openRecord, work } = harness();
    const ref = await openRecord({ title: 'Длинный', text: 'Длинный' });

    expect((await desk.comment(ref, draftOf('короткий'), 'comment:other:short', signal)).isCut ?? false).toBe(false);
    if (work.tooLong !== undefined) {
      const written = await desk.comment(ref, draftOf(work.tooLong), 'comment:other:long', signal);
      expect(written.isCut).toBe(true);
    }
  });

  test('a record that was just opened is shown as a read shows it, where it is shown', async () => {
    const { desk, draft } = harness();
    if (draft === undefined) {
      return;
    }

    const { ref, snapshot } = await desk.open({ ...draft, text: 'Шаги' }, 'open:issue:work', ORIGIN, signal);

    const read = await desk.read(ref, signal);
    expect(read.ref).toEqual(ref);
    if (snapshot !== undefined) {
      expect(snapshot).toMatchObject({ ref, title: read.title, state: read.state, phase: read.phase, type: read.type });
    }
  });
}

function describeAssignees(harness: Harness): void {
  test('a user is made the assignee, and one who cannot be is refused and changes nothing', async () => {
    const { desk, openRecord, work } = harness();
    const ref = await openRecord({ title: 'Исполнитель', text: 'Исполнитель' });
    if (work.assignees === undefined) {
      await expect(desk.assign(ref, 'nobody', signal)).rejects.toMatchObject({ code: 'REFUSED' });
      return;
    }

    const { good, shownAs, refused } = work.assignees;
    await desk.assign(ref, good, signal);
    await desk.assign(ref, good, signal);
    for (const user of refused) {
      await expect(desk.assign(ref, user, signal)).rejects.toMatchObject({ code: 'REFUSED' });
    }
    expect((await desk.read(ref, signal)).owner).toBe(shownAs);
  });
}

function describeFiles(harness: Harness): void {
  const fetched = async ({ desk }: WorkHarness, ref: Ref, attachment: Attachment): Promise<Buffer> => {
    const into = new PassThrough();
    const [content] = await Promise.all([buffer(into), desk.fetch(ref, attachment, into, signal)]);
    return content;
  };

  test('a file of a person comes byte for byte and under its Cyrillic name', async () => {
    const { desk, openRecord, work } = harness();
    const ref = await openRecord({ title: 'Файл', text: 'Файл' });
    if (work.attachFile === undefined) {
      return;
    }

    await work.attachFile(ref, { name: NAME, bytes });

    const attachment = (await desk.read(ref, signal)).attachments.find(({ name }) => name === NAME);
    expect(attachment).toMatchObject({ size: bytes.length });
    expect(attachment?.isOwn ?? false).toBe(false);
    expect(attachment && (await fetched(harness(), ref, attachment)).equals(bytes)).toBe(true);
  });

  test('a file of the bridge arrives whole, is found and is known for its own, or the desk says that it takes none', async () => {
    const { desk, openRecord } = harness();
    const ref = await openRecord({ title: 'Файл моста', text: 'Файл моста' });
    if (desk.lacks?.includes('files')) {
      await expect(desk.attach(ref, fileOf(bytes), note, 'attach:other:1', signal)).rejects.toMatchObject({
        code: 'REFUSED',
      });
      expect((await desk.read(ref, signal)).attachments).toEqual([]);
      return;
    }

    const { open: _, ...file } = fileOf(bytes);
    const source = { text: bytes.toString() };
    const action = { do: 'attach', key: 'attach:other:1', ref, file, source, note, besides: [] } as const;
    expect((await desk.find(action, signal)).outcome).not.toBe('present');

    const made = await desk.attach(ref, fileOf(bytes), note, action.key, signal);

    const attachment = (await desk.read(ref, signal)).attachments.find(({ id }) => id === made.id);
    expect(attachment).toMatchObject({ name: NAME, size: bytes.length, isOwn: true });
    expect(attachment && (await fetched(harness(), ref, attachment)).equals(bytes)).toBe(true);
    expect(await desk.find(action, signal)).toEqual({ outcome: 'present', ref: made });
  });

  test('a file that is gone is told apart from every other trouble', async () => {
    const { desk, openRecord } = harness();
    const ref = await openRecord({ title: 'Нет файла', text: 'Нет файла' });
    const gone = { id: '999999', name: NAME, contentType: 'text/plain', size: 3 };

    await expect(desk.fetch(ref, gone, new PassThrough().resume(), signal)).rejects.toMatchObject({
      code: 'FILE_REFUSED',
    });
  });
}

function describeLinks(harness: Harness): void {
  test('two records of the system are linked once, however often and from whichever side it is told', async () => {
    const { desk, openRecord, work } = harness();
    if (work.links === undefined) {
      return;
    }

    const first = await openRecord({ title: 'Первая', text: 'Первая' });
    const second = await openRecord({ title: 'Вторая', text: 'Вторая' });
    const shown = { title: 'Вторая', url: 'https://desk.example.test/2', type: work.links.type };

    await desk.relate(first, second, shown, signal);
    await desk.relate(first, second, shown, signal);
    await desk.relate(second, first, shown, signal);

    expect(await work.links.count(first)).toBe(1);
    expect(await work.links.count(second)).toBe(1);
  });
}

function describeSteps(harness: Harness): void {
  test('a distant state is reached through the states on the way, and refused without them', async () => {
    const { desk, openRecord, work } = harness();
    if (work.distant === undefined) {
      return;
    }

    const { to, via, prepare, restore } = work.distant;
    prepare();
    try {
      const ref = await openRecord({ title: 'Далеко', text: 'Далеко' });
      await expect(desk.move(ref, { to, fields: {} }, signal)).rejects.toMatchObject({ code: 'REFUSED' });
      await desk.move(ref, { to, via, fields: { resolution: 'Исправлено' } }, signal);
      expect((await desk.read(ref, signal)).state).toBe(to);
    } finally {
      restore();
    }
  });
}

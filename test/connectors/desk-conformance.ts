import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DateTime } from 'luxon';
import type { Desk } from '../../src/connector.ts';
import type { Action, CommentDraft, Draft } from '../../src/domain/action.ts';
import type { Fields, Phase, Ref, Snapshot, Visibility } from '../../src/domain/ticket.ts';
import { describeChanges } from './desk-conformance-changes.ts';
import { describeCheck } from './desk-conformance-check.ts';
import { type DeskWork, describeWork } from './desk-conformance-work.ts';

/** A running system, a desk connected to it, and people who work in it. */
export interface DeskHarness {
  readonly desk: Desk;
  /** The moment it is for the system. */
  now(): DateTime;
  /** A person opens a record that the bridge may read and write. The ref has id and key. */
  openRecord(content: { readonly title: string; readonly text: string }): Promise<Ref>;
  /** A person writes a comment in the system itself. */
  writeComment(ref: Ref, comment: { readonly text: string; readonly visibility: Visibility }): Promise<void>;
  /** Refs of records that do not exist or that the bridge's account may not read. */
  readonly unreadable: Readonly<Record<string, Ref>>;
  /** Logical name of a plain text field that can be set and cleared. */
  readonly textField: string;
  /** A state of a new record, and another that can be reached from it. */
  readonly move: { readonly to: string; readonly phase: Phase };
  /** A state that ends the work, and where the closing block is seen afterwards. */
  readonly close: {
    readonly to: string;
    /** Closing fields by logical name, as they are sent. */
    readonly sent: Fields;
    readonly fields: Fields;
    readonly resolution?: string;
  };
  /** Whether the system tells public from internal comments. */
  readonly tellsVisibility: boolean;
  /** Whether a comment that `find` does not see is surely absent. */
  readonly provesAbsenceOfComments: boolean;
  /** Absent where the desk opens no records. */
  readonly draft?: Draft;
  /** Whether the system gives several records in a call. */
  readonly readsSeveral?: true;
  /** Whether the desk can show another record on this one. */
  readonly relates: boolean;
  readonly work: DeskWork;
  stop(): Promise<void>;
}

const signal = new AbortController().signal;

/** Texts that break naive transports: Cyrillic, quotes, markup of both systems, an emoji, several lines. */
const HARD_TEXT =
  'Ошибка 500 при «сохранении»:\n<b>не тег</b> & "кавычки" {code}не код{code} [ссылка|x] *звёзды* 😀\nконец';

/** Promises of the `Desk` contract that every connector must keep; `start` is called once. */
export function describeDesk(name: string, start: () => Promise<DeskHarness>): void {
  describe(`desk of ${name}`, () => {
    let harness: DeskHarness;
    beforeAll(async () => {
      harness = await start();
    }, 60_000);
    afterAll(async () => {
      await harness?.desk.close();
      await harness?.stop();
    });

    describeReading(() => harness);
    describeUpdating(() => harness);
    describeComments(() => harness);
    describeMoving(() => harness);
    describeChanges(() => harness);
    describeOpening(() => harness);
    describeWork(() => harness);
    describeTrouble(() => harness);
    describeCheck(() => harness);
  });
}

function describeReading(harness: () => DeskHarness): void {
  test('a record is read with title, text and a link for people', async () => {
    const { desk, openRecord } = harness();
    const ref = await openRecord({ title: 'Не создаётся заявка «ЕИП» & <другие>', text: HARD_TEXT });

    const record = await desk.read(ref, signal);

    expect(record.ref).toEqual(ref);
    expect(record.title).toBe('Не создаётся заявка «ЕИП» & <другие>');
    expect(record.text.trim()).toBe(HARD_TEXT);
    expect(record.url).toMatch(/^https?:\/\/\S+$/);
    expect(record.state).not.toBe('');
    expect(record.priority).not.toBe('');
    expect(record.type).not.toBe('');
    expect(record.phase).toBe('new');
  });

  test('a record is located by what people call it, and nothing is located by what nobody calls so', async () => {
    const { desk, openRecord, unreadable } = harness();
    const ref = await openRecord({ title: 'Найти меня', text: 'по номеру' });

    expect(await desk.locate(ref.key ?? '', signal)).toEqual(ref);
    expect(await desk.locate(ref, signal)).toEqual(ref);
    for (const key of ['NOSUCH-999999', '99999999999', '*', '%', '']) {
      expect(await desk.locate(key, signal)).toBeUndefined();
    }
    for (const hidden of Object.values(unreadable)) {
      expect(await desk.locate(hidden, signal)).toBeUndefined();
    }
  });

  test('several records are read as each is alone, in the order that they were asked for', async () => {
    const { desk, openRecord, writeComment, unreadable, readsSeveral = false } = harness();
    const { readSeveral } = desk;
    expect(readSeveral !== undefined).toBe(readsSeveral);
    if (readSeveral === undefined) {
      return;
    }

    const one = await openRecord({ title: 'Первая', text: 'Первая' });
    const other = await openRecord({ title: 'Вторая', text: 'Вторая' });
    await writeComment(one, { text: 'и слово к первой', visibility: 'public' });

    expect(await readSeveral([other, one], signal)).toEqual([
      await desk.read(other, signal),
      await desk.read(one, signal),
    ]);
    for (const hidden of Object.values(unreadable)) {
      const [first, second, third] = await readSeveral([one, hidden, other], signal);
      expect([first, third]).toEqual([await desk.read(one, signal), await desk.read(other, signal)]);
      expect(second).toBeUndefined();
    }
  });

  test('times of a record are moments, whatever zone the system writes them in', async () => {
    const { desk, openRecord, now } = harness();
    const before = now().minus({ seconds: 2 });
    const ref = await openRecord({ title: 'Время', text: 'Время' });

    const { createdAt, changedAt } = await desk.read(ref, signal);

    expect(createdAt.isValid).toBe(true);
    expect(createdAt.toMillis()).toBeGreaterThanOrEqual(before.toMillis());
    expect(createdAt.toMillis()).toBeLessThanOrEqual(now().plus({ seconds: 2 }).toMillis());
    expect(changedAt.toMillis()).toBeGreaterThanOrEqual(createdAt.toMillis());
  });

  test('what a record was opened with is its text and is not mistaken for a later comment', async () => {
    const { desk, openRecord, writeComment } = harness();
    const ref = await openRecord({ title: 'Текст', text: 'Первое сообщение' });
    await writeComment(ref, { text: 'Второе сообщение', visibility: 'public' });

    const { comments, text, textCommentId } = await desk.read(ref, signal);
    const later = comments.filter(({ id }) => id !== textCommentId);

    expect(text.trim()).toBe('Первое сообщение');
    expect(later.map((comment) => comment.text.trim())).toEqual(['Второе сообщение']);
  });

  test('comments come in the order of writing', async () => {
    const { desk, openRecord, writeComment } = harness();
    const ref = await openRecord({ title: 'Порядок', text: 'Порядок' });
    for (const text of ['один', 'два', 'три']) {
      await writeComment(ref, { text, visibility: 'public' });
    }

    const { comments } = await desk.read(ref, signal);

    expect(comments.slice(-3).map(({ text }) => text.trim())).toEqual(['один', 'два', 'три']);
    expect(comments.every(({ marker }) => marker === undefined)).toBe(true);
    const ids = comments.map(({ id }) => Number(id));
    expect(ids).toEqual(ids.toSorted((left, right) => left - right));
  });

  test('an internal comment of a person is never reported as public', async () => {
    const { desk, openRecord, writeComment, tellsVisibility } = harness();
    const ref = await openRecord({ title: 'Видимость', text: 'Видимость' });
    await writeComment(ref, { text: 'только для своих', visibility: 'internal' });
    await writeComment(ref, { text: 'для всех', visibility: 'public' });

    const { comments } = await desk.read(ref, signal);
    const visibilityOf = (text: string) => comments.find((comment) => comment.text.trim() === text)?.visibility;

    expect(visibilityOf('только для своих')).toBe('internal');
    expect(tellsVisibility ? visibilityOf('для всех') : 'public').toBe('public');
  });
}

function describeUpdating(harness: () => DeskHarness): void {
  test('a field is set, set again without harm, and cleared by an empty value', async () => {
    const { desk, openRecord, textField } = harness();
    const ref = await openRecord({ title: 'Поле', text: 'Поле' });

    await desk.update(ref, { [textField]: HARD_TEXT }, signal);
    await desk.update(ref, { [textField]: HARD_TEXT }, signal);
    expect((await desk.read(ref, signal)).fields[textField]).toBe(HARD_TEXT);

    await desk.update(ref, { [textField]: '' }, signal);
    expect((await desk.read(ref, signal)).fields).not.toHaveProperty(textField);
  });

  test('a field that the configuration does not name is refused for good', async () => {
    const { desk, openRecord } = harness();
    const ref = await openRecord({ title: 'Нет поля', text: 'Нет поля' });

    await expect(desk.update(ref, { no_such_field: 'x' }, signal)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('no_such_field'),
    });
  });
}

function describeComments(harness: () => DeskHarness): void {
  test('a comment carries its marker, keeps its text and can be looked up', async () => {
    const { desk, openRecord } = harness();
    const ref = await openRecord({ title: 'Отметка', text: 'Отметка' });
    const action = commentOn(ref, 'comment:other:17', HARD_TEXT);

    const { ref: written } = await desk.comment(ref, action.comment, action.key, signal);

    const { comments } = await desk.read(ref, signal);
    const comment = comments.find(({ id }) => id === written.id);
    expect(comment).toMatchObject({ marker: 'comment:other:17', by: 'agent' });
    expect(comment?.text.trim()).toContain(HARD_TEXT);
    expect(await desk.find(action, signal)).toMatchObject({ outcome: 'present', ref: { id: written.id } });
  });

  test('a marker is found only in full: 1 is not 17', async () => {
    const { desk, openRecord } = harness();
    const ref = await openRecord({ title: 'Отметка', text: 'Отметка' });
    await desk.comment(ref, draftOf('семнадцать'), 'comment:other:17', signal);

    await expectNotFound(harness(), commentOn(ref, 'comment:other:1', 'один'));
  });

  test('a comment on one record is not found on another', async () => {
    const { desk, openRecord } = harness();
    const one = await openRecord({ title: 'Один', text: 'Один' });
    const other = await openRecord({ title: 'Другой', text: 'Другой' });
    await desk.comment(one, draftOf('сюда'), 'comment:other:5', signal);

    await expectNotFound(harness(), commentOn(other, 'comment:other:5', 'сюда'));
  });

  test('a comment without a word about visibility stays inside; a public one is public', async () => {
    const { desk, openRecord, tellsVisibility } = harness();
    const ref = await openRecord({ title: 'Видимость', text: 'Видимость' });
    const { ref: internal } = await desk.comment(ref, draftOf('внутри'), 'comment:other:1', signal);
    const { ref: open } = await desk.comment(
      ref,
      { ...draftOf('всем'), visibility: 'public' },
      'comment:other:2',
      signal,
    );

    const { comments } = await desk.read(ref, signal);
    const visibilityOf = (id: string) => comments.find((comment) => comment.id === id)?.visibility;

    expect(tellsVisibility ? visibilityOf(internal.id) : 'internal').toBe('internal');
    expect(tellsVisibility ? visibilityOf(open.id) : 'public').toBe('public');
  });
}

function describeMoving(harness: () => DeskHarness): void {
  test('a record reaches a state, and being there already is no error', async () => {
    const { desk, openRecord, move } = harness();
    const ref = await openRecord({ title: 'Состояние', text: 'Состояние' });

    await desk.move(ref, { to: move.to, fields: {} }, signal);
    await desk.move(ref, { to: move.to, fields: {} }, signal);

    expect(await desk.read(ref, signal)).toMatchObject({ state: move.to, phase: move.phase });
  });

  test('a record is closed together with its closing block, and once more without harm', async () => {
    const { desk, openRecord, close } = harness();
    const ref = await openRecord({ title: 'Закрытие', text: 'Закрытие' });

    await desk.move(ref, { to: close.to, fields: close.sent }, signal);
    await desk.move(ref, { to: close.to, fields: close.sent }, signal);

    const record = await desk.read(ref, signal);
    expect(record).toMatchObject({ state: close.to, phase: 'done', fields: close.fields });
    expect(record.resolution).toBe(close.resolution);
  });

  test('a state that does not exist is refused for good and named', async () => {
    const { desk, openRecord } = harness();
    const ref = await openRecord({ title: 'Нет состояния', text: 'Нет состояния' });

    await expect(desk.move(ref, { to: 'Такого нет', fields: {} }, signal)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('Такого нет'),
    });
  });
}

function describeOpening(harness: () => DeskHarness): void {
  test('a record is opened with its content, or the desk refuses to open any', async () => {
    const { desk, draft, openRecord } = harness();
    const origin: Ref = { system: 'elsewhere', id: '4711', key: '2026112310000011' };
    if (draft === undefined) {
      const any: Draft = { project: 'X', type: 'X', title: 'X', text: 'X', labels: [], fields: {} };
      await expect(desk.open(any, 'open:issue', origin, signal)).rejects.toMatchObject({ code: 'REFUSED' });
      return;
    }

    const { ref } = await desk.open({ ...draft, text: HARD_TEXT }, 'open:issue', origin, signal);

    const record: Snapshot = await desk.read(ref, signal);
    expect(record).toMatchObject({ title: draft.title, type: draft.type });
    expect(record.text.trim()).toContain(HARD_TEXT);
    const found = await desk.find(
      { do: 'open', key: 'open:issue', system: ref.system, role: 'issue', draft, origin },
      signal,
    );
    expect(['present', 'unclear']).toContain(found.outcome);
    expect(found.outcome === 'present' ? found.ref.id : ref.id).toBe(ref.id);
    expect((await openRecord({ title: 'Чужая', text: 'Чужая' })).id).not.toBe(ref.id);
  });

  test('a related record is shown once, however often it is told, or the desk refuses to show any', async () => {
    const { desk, relates, openRecord } = harness();
    const ref = await openRecord({ title: 'Связь', text: 'Связь' });
    const to: Ref = { system: 'elsewhere', id: '4711', key: '2026112310000011' };
    const relate = () => desk.relate(ref, to, { title: 'Заявка', url: 'https://desk.example.test/4711' }, signal);
    if (!relates) {
      await expect(relate()).rejects.toMatchObject({ code: 'REFUSED' });
      return;
    }

    await relate();
    await expect(relate()).resolves.toBeUndefined();
  });
}

function describeTrouble(harness: () => DeskHarness): void {
  test('a record that is missing or hidden is told apart from every other trouble', async () => {
    const { desk, unreadable, textField, move } = harness();
    const calls: Readonly<Record<string, (ref: Ref) => Promise<unknown>>> = {
      read: (ref) => desk.read(ref, signal),
      update: (ref) => desk.update(ref, { [textField]: 'x' }, signal),
      comment: (ref) => desk.comment(ref, draftOf('x'), 'comment:other:1', signal),
      find: (ref) => desk.find(commentOn(ref, 'comment:other:1', 'x'), signal),
      move: (ref) => desk.move(ref, { to: move.to, fields: {} }, signal),
    };
    for (const ref of Object.values(unreadable)) {
      for (const call of Object.values(calls)) {
        await expect(call(ref)).rejects.toMatchObject({ name: 'BridgeError', code: 'RECORD_NOT_READABLE' });
      }
    }
  });

  test('a call that was given up before it began has changed nothing and says so', async () => {
    const { desk, openRecord } = harness();
    const ref = await openRecord({ title: 'Прервано', text: 'Прервано' });

    await expect(desk.comment(ref, draftOf('не дойдёт'), 'comment:other:9', AbortSignal.abort())).rejects.toMatchObject(
      { name: 'BridgeError', disposition: 'outage' },
    );
    await expectNotFound(harness(), commentOn(ref, 'comment:other:9', 'не дойдёт'));
  });
}

async function expectNotFound({ desk, provesAbsenceOfComments }: DeskHarness, action: CommentAction): Promise<void> {
  const { outcome } = await desk.find(action, signal);
  expect(provesAbsenceOfComments ? ['absent'] : ['absent', 'unclear']).toContain(outcome);
}

type CommentAction = Extract<Action, { do: 'comment' }>;

function commentOn(ref: Ref, key: string, text: string): CommentAction {
  return { do: 'comment', key, ref, comment: draftOf(text) };
}

function draftOf(text: string): CommentDraft {
  return { subject: 'Комментарий', text, visibility: 'internal' };
}

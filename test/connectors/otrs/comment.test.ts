import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { NewComment } from '../../../src/connector.ts';
import type { MoveAction } from '../../../src/domain/action.ts';
import type { Ref } from '../../../src/domain/ticket.ts';
import { type Connected, connectSandbox, transports } from './connected.ts';

const signal = new AbortController().signal;
const KEY = 'comment:letter:closing';

let connected: Connected;
beforeEach(async () => {
  connected = await connectSandbox({ max_text_length: 10_000 });
});
afterEach(() => connected.stop());

const letter = (ref: Ref, changes: Partial<MoveAction> = {}): NewComment => ({
  subject: 'Решение',
  text: 'Исправлено.',
  visibility: 'public',
  along: {
    do: 'move',
    key: 'move:ticket',
    ref,
    to: 'Закрыто',
    phase: 'done',
    fields: { closure_code: 'fixed', solution: 'Исправлено', configuration_item: 'bpm' },
    ...changes,
  },
});
const callsOf = (name: string) => connected.sandbox.calls.filter((each) => each === name).length;
const find = (ref: Ref, comment: NewComment) => connected.desk.find({ do: 'comment', key: KEY, ref, comment }, signal);

describe('an article that a change goes with', () => {
  test('state, article and fields go in one call, the state first, and only the fields are read back', async () => {
    const { desk, open, sandbox } = connected;
    const ref = open();

    const { ref: written } = await desk.comment(ref, letter(ref), KEY, signal);

    const ticket = sandbox.ticket(ref.id);
    expect([callsOf('TicketUpdate'), callsOf('TicketGet')]).toEqual([1, 1]);
    expect(ticket).toMatchObject({ state: 'Закрыто', fields: { ClosureCode: 'fixed', Solution: 'Исправлено' } });
    expect(ticket.articles.at(-1)).toMatchObject({ id: Number(written.id), body: 'Исправлено.' });
    const record = await desk.read(ref, signal);
    expect(record.comments.at(-1)).toMatchObject({ marker: KEY, visibility: 'public' });
    const kinds = record.history.map(({ what }) => what);
    expect(kinds.lastIndexOf('StateUpdate')).toBeLessThan(kinds.lastIndexOf('AddNote'));
  });

  test('a pending state gets its time, and a ticket that goes on is not read back', async () => {
    const { desk, open, sandbox } = connected;
    const ref = open();

    await desk.comment(ref, letter(ref, { to: 'Ожидание информации', phase: 'pending' }), KEY, signal);

    expect([callsOf('TicketUpdate'), callsOf('TicketGet')]).toEqual([1, 0]);
    expect(sandbox.ticket(ref.id)).toMatchObject({ state: 'Ожидание информации' });
  });

  test('fields alone go along as well', async () => {
    const { desk, open, sandbox } = connected;
    const ref = open();
    const along = { do: 'update', key: 'update:ticket:x', ref, fields: { solution: 'Известно' } } as const;

    await desk.comment(ref, { ...letter(ref), along }, KEY, signal);

    expect(sandbox.ticket(ref.id)).toMatchObject({ state: 'Назначено', fields: { Solution: 'Известно' } });
    expect(callsOf('TicketUpdate')).toBe(1);
  });

  test('a closing block that OTRS refuses leaves neither state nor article', async () => {
    const { desk, open, sandbox } = connected;
    const ref = open();
    const wrong = letter(ref, { fields: { closure_code: 'Устранён дефект' } });

    await expect(desk.comment(ref, wrong, KEY, signal)).rejects.toMatchObject({ code: 'REFUSED', disposition: 'dead' });
    expect(sandbox.ticket(ref.id)).toMatchObject({ state: 'Назначено', fields: {} });
    expect(sandbox.ticket(ref.id).articles).toHaveLength(1);
  });

  test('a field that OTRS lost is written once more, without a second article', async () => {
    const { desk, open, sandbox } = connected;
    const ref = open();
    sandbox.loseNextFieldWrite('ConfigItem');

    await desk.comment(ref, letter(ref), KEY, signal);

    expect(sandbox.ticket(ref.id).fields.ConfigItem).toBe('bpm');
    expect(sandbox.ticket(ref.id).articles).toHaveLength(2);
  });

  test.each([
    ['cannot be read back', { operation: 'TicketGet', status: 503 }],
    [
      'is refused when it is read back',
      {
        operation: 'TicketGet',
        status: 200,
        result: { Error: { ErrorCode: 'TicketGet.AccessDenied', ErrorMessage: '' } },
      },
    ],
  ])('an article that was written and %s is in doubt, and found', async (_, answer) => {
    const { desk, open, sandbox } = connected;
    const ref = open();
    sandbox.failNext(answer);

    await expect(desk.comment(ref, letter(ref), KEY, signal)).rejects.toMatchObject({ disposition: 'in-doubt' });
    expect(await find(ref, letter(ref))).toMatchObject({ outcome: 'present' });
  });

  test('a call that breaks off in the fields leaves state and article with its mark, in doubt', async () => {
    const { desk, open, sandbox } = connected;
    const ref = open();
    const long = letter(ref, { fields: { solution: 'я'.repeat(4_000), closure_code: 'fixed' } });

    await expect(desk.comment(ref, long, KEY, signal)).rejects.toMatchObject({ disposition: 'in-doubt' });
    expect(await find(ref, long)).toMatchObject({ outcome: 'present' });
    expect(sandbox.ticket(ref.id)).toMatchObject({ state: 'Закрыто' });
    expect(sandbox.ticket(ref.id).fields.ClosureCode).toBeUndefined();
  });
});

describe.each(Object.entries(transports))('what kind of articles are written over %s', (_, transport) => {
  const written = async (articles: object, text: string) => {
    const { desk, open, sandbox, stop } = await connectSandbox({ ...transport, articles });
    const ref = open();
    const words = { subject: 'Ответ', text, visibility: 'public' } as const;
    const { ref: article } = await desk.comment(ref, words, KEY, signal);
    const record = await desk.read(ref, signal);
    const found = await desk.find({ do: 'comment', key: KEY, ref, comment: words }, signal);
    const [kept] = sandbox.ticket(ref.id).articles.slice(-1);
    await stop();
    return { kept, comment: record.comments.at(-1), files: record.attachments, found, id: article.id };
  };

  test('as they come: internal channel, agent, plain', async () => {
    const { kept } = await written({}, 'a < b\n\tв');

    expect(kept).toMatchObject({ channel: 'Internal', senderType: 'agent', body: 'a < b\n\tв' });
    expect(kept?.html).toBeUndefined();
  });

  test('as the configuration says, and known as their own all the same', async () => {
    const text = 'Шаги:\n  <b>открыть</b> & «нажать» 😀\n\nадрес: https://example.test/?a=1&b="2"';
    const { kept, comment, files, found, id } = await written(
      { format: 'html', channel: 'Phone', sender: 'system' },
      text,
    );

    expect(kept).toMatchObject({ channel: 'Phone', senderType: 'system' });
    expect(kept?.html).toBe(
      'Шаги:<br/>&nbsp; &lt;b&gt;открыть&lt;/b&gt; &amp; «нажать» 😀<br/><br/>адрес: https://example.test/?a=1&amp;b=&quot;2&quot;',
    );
    expect(comment).toMatchObject({ id, marker: KEY, visibility: 'public' });
    expect(files).toEqual([]);
    expect(comment?.text).toContain('<b>открыть</b> & «нажать» 😀\n');
    expect(found).toMatchObject({ outcome: 'present', ref: { id } });
  });
});

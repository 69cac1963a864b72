import { afterEach, describe, expect, test } from '@jest/globals';
import { type SandboxJira, startSandboxJira } from '../../../sandbox/jira/server.ts';
import type { Ref } from '../../../src/domain/ticket.ts';
import { connectTo, signal } from './connected.ts';

const origin: Ref = { system: 'otrs', id: '815', key: '2026112310000015' };
const NOTE = '… (см. *вложение*)';
const long = 'Не проходит заявка {в} ЕИП 😀\n'.repeat(100);
const log = '2026-11-23 10:00:00 ошибка {code}\n'.repeat(100);

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) {
    await stop();
  }
});

describe.each(['datacenter', 'cloud'] as const)('a text that is too long for JIRA (%s)', (dialect) => {
  async function connected() {
    const sandbox: SandboxJira = await startSandboxJira({ dialect });
    const { desk } = connectTo(sandbox.url, {
      account: sandbox.account,
      ...(dialect === 'cloud' ? { email: sandbox.email } : {}),
      text_limit: 1_000,
      cut_note: NOTE,
    });
    stops.push(sandbox.stop, desk.close);
    const open = (text: string) =>
      desk.open(
        { project: 'OSSTTMB2B', type: 'Дефект', title: 'Т', text, labels: [], fields: {} },
        'k',
        origin,
        signal,
      );
    const comment = (ref: Ref, text: string, key: string) =>
      desk.comment(ref, { subject: '', text, visibility: 'public' }, key, signal);
    return { sandbox, desk, open, comment };
  }

  test.each([
    ['a letter', long],
    ['a log', log],
  ])('is told as cut when it is written and when it is read: %s', async (_, text) => {
    const { desk, open, comment } = await connected();
    const { ref } = await open(text);

    expect(await comment(ref, text, 'a')).toMatchObject({ isCut: true });
    const snapshot = await desk.read(ref, signal);

    expect(snapshot.isTextCut).toBe(true);
    expect(snapshot.text).toMatch(/\n\n… \(см\. \*вложение\*\)$/u);
    expect(snapshot.text.length).toBeLessThanOrEqual(1_002);
    expect(snapshot.comments).toMatchObject([{ marker: 'a', isCut: true }]);
  });

  test('is not seen in one that fits, nor in a comment of a person who quotes the note', async () => {
    const { sandbox, desk, open, comment } = await connected();
    const { ref } = await open('Коротко');
    const { isCut } = await comment(ref, 'и ясно', 'a');
    sandbox.comment(ref.id, 'конец … (см. \\*вложение\\*)');
    const snapshot = await desk.read(ref, signal);

    expect(isCut).toBeUndefined();
    expect(snapshot).not.toHaveProperty('isTextCut');
    expect(snapshot.comments).toHaveLength(2);
    expect(snapshot.comments.flatMap((said) => said.isCut ?? [])).toEqual([]);
  });
});

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Draft } from '../../../src/domain/action.ts';
import { type Connected, connectSandbox } from './connected.ts';

const signal = new AbortController().signal;
const KEY = 'open:related:dwh';
const ORIGIN = { system: 'otrs', id: '42', key: '2026112310000042' };

let connected: Connected;
beforeEach(async () => {
  connected = await connectSandbox({ max_text_length: 10_000 });
});
afterEach(() => connected.stop());

test('a ticket whose opening broke off at one of its fields has its mark, so that it is not opened again', async () => {
  const { desk } = connected;
  const draft: Draft = {
    project: 'NTTM::2ЛТП',
    type: 'Инцидент',
    title: 'Заявка',
    text: 'Текст',
    priority: '3 Средний',
    labels: [],
    fields: { solution: 'х'.repeat(5_000) },
    requester: 'user',
    state: 'Назначено',
  };
  await expect(desk.open(draft, KEY, ORIGIN, signal)).rejects.toMatchObject({
    code: 'SYSTEM_FAILING',
    disposition: 'in-doubt',
  });

  const action = { do: 'open', key: KEY, system: 'otrs', role: 'related', name: 'dwh', draft, origin: ORIGIN } as const;
  expect(await desk.find(action, signal)).toMatchObject({ outcome: 'present' });
});

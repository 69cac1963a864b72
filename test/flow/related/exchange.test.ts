import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Snapshot } from '../../../src/domain/ticket.ts';
import { createBridgeRig } from '../../support/bridge-rig.ts';
import { createMemoryDesk, createTestClock, type MemoryDesk } from '../../support/memory-desk.ts';
import { aComment, aTicket, NOW } from '../../support/records.ts';

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };

let rig: Awaited<ReturnType<typeof createBridgeRig>>;
let otrs: MemoryDesk;
let child: Snapshot['ref'];

const begin = async (gives: 'one' | 'several') => {
  await rig?.stop();
  const clock = createTestClock(NOW);
  rig = await createBridgeRig({ clock, otrs: createMemoryDesk('otrs', clock.now, undefined, gives) });
  otrs = rig.otrs;
  otrs.put(aTicket({ fields: { related_system: 'dwh' } }));
  await look(TICKET);
  child = [...otrs.records.values()].find(({ ref }) => ref.id !== '42')?.ref ?? TICKET;
  otrs.calls.length = 0;
};

beforeEach(() => begin('one'));
afterEach(() => rig.stop());

const look = async (ref: Snapshot['ref'] = child) => {
  await rig.tell(ref);
  rig.clock.pass({ seconds: 30 });
  await rig.work();
};
const say = (id: string, comment: Parameters<typeof aComment>[0]) =>
  otrs.change(id, ({ comments }) => ({ comments: [...comments, aComment(comment)] }));
const close = (id: string) => otrs.change(id, () => ({ state: 'Закрыто', phase: 'done' }));
const textsOf = (id: string) => rig.ticket(id).comments.map(({ text }) => text);
const writes = () => otrs.calls.filter((call) => !/^(?:read|find)/.test(call));
const reads = () => otrs.calls.filter((call) => call.startsWith('read'));

describe('a ticket and its linked ticket', () => {
  test('hear each other’s public words, each once, and an echo costs nothing but a look', async () => {
    say('42', { id: '101', text: 'Приложил лог.' });
    say('42', { id: '102', text: 'Внутреннее.', visibility: 'internal' });
    say(child.id, { id: '9001', text: 'Принято в работу.' });
    await look();
    await look(TICKET);

    expect(textsOf(child.id).filter((text) => text.includes('Приложил лог.'))).toHaveLength(1);
    expect(textsOf('42').filter((text) => text.includes('Принято в работу.'))).toHaveLength(1);
    expect(textsOf(child.id).join()).not.toContain('Внутреннее');
    expect(writes()).toHaveLength(2);
  });

  test('lose no words and double none while answers get lost', async () => {
    say('42', { id: '101', text: 'Первое.' });
    say('42', { id: '103', text: 'Второе.' });
    say(child.id, { id: '9001', text: 'Третье.' });
    otrs.fail(`comment ${child.id}`, 'lose-the-answer', 'outage', 'rate-limit');
    otrs.fail('comment 42', 'lose-the-answer');
    for (let turn = 0; turn < 6; turn += 1) {
      await look();
      rig.clock.pass({ minutes: 2 });
    }

    const heard = textsOf(child.id).flatMap((text) => /(Первое|Второе)/.exec(text)?.[1] ?? []);
    expect(heard).toEqual(['Первое', 'Второе']);
    expect(textsOf('42').filter((text) => text.includes('Третье.'))).toHaveLength(1);
    expect(await rig.letters()).toEqual([]);
  });

  test('exchange permitted files', async () => {
    const file = { name: 'лог.txt', contentType: 'text/plain', size: 5 };
    otrs.contents.set('100/1', Buffer.from('строк').subarray(0, 5));
    otrs.change('42', () => ({ attachments: [{ ...file, id: '100/1', commentId: '100' }] }));
    await look(TICKET);

    expect(rig.ticket(child.id).attachments).toMatchObject([{ name: 'лог.txt', marker: 'attach:to-dwh:100/1' }]);
  });
});

describe('the linked ticket is closed', () => {
  const notes = () => rig.ticket('42').comments.filter(({ marker = '' }) => marker.includes('related-closed'));
  const history = (...states: readonly string[]): Snapshot['history'] =>
    states.map((to) => ({ at: rig.clock.now(), by: '3', what: 'S', detail: '', changes: [{ property: 'state', to }] }));

  test('the ticket has one note for each closing and stays open', async () => {
    close(child.id);
    otrs.change(child.id, () => ({ history: history('Закрыто') }));
    await look();
    await look();
    expect(notes()).toHaveLength(1);

    otrs.change(child.id, () => ({ state: 'В работе', phase: 'open', history: history('Закрыто', 'В работе') }));
    await look();
    close(child.id);
    otrs.change(child.id, () => ({ history: history('Закрыто', 'В работе', 'Закрыто') }));
    await look();
    expect(notes()).toHaveLength(2);
    expect(rig.ticket('42').phase).toBe('open');
  });

  test('where both are closed the linked one is not read again, until something happens to it', async () => {
    close(child.id);
    await look();
    close('42');
    await look(TICKET);
    otrs.calls.length = 0;
    await look(TICKET);
    expect(reads()).toEqual(['read 42']);

    otrs.change(child.id, () => ({ state: 'В работе', phase: 'open' }));
    otrs.calls.length = 0;
    await look();
    expect(reads()).toEqual(['read 42', `read ${child.id}`]);
    expect(rig.ticket('42').fields.related_tickets).toBe(`DWH: ${child.key} (В работе)`);

    otrs.calls.length = 0;
    await look(TICKET);
    expect(reads()).toContain(`read ${child.id}`);
  });

  test('it is read again when the ticket is opened again', async () => {
    close(child.id);
    await look();
    close('42');
    await look(TICKET);
    otrs.change('42', () => ({ state: 'В работе', phase: 'open' }));
    await look(TICKET);

    expect(rig.ticket(child.id).fields.parent_ticket).toBe('2026112310000042 (В работе)');
  });

  test('a closing that no note tells yet is not taken for told', async () => {
    close(child.id);
    close('42');
    otrs.fail('comment 42', 'outage');
    await look();
    rig.clock.pass({ minutes: 5 });
    await rig.work();

    expect(notes()).toHaveLength(1);
  });
});

test('where the help desk gives several tickets in a call, a look needs one for both', async () => {
  await begin('several');
  say(child.id, { id: '9001', text: 'Принято в работу.' });
  await look();

  expect(reads()).toEqual([`read 42,${child.id}`]);
  expect(textsOf('42').filter((text) => text.includes('Принято в работу.'))).toHaveLength(1);
});

describe.each(['one', 'several'] as const)('the linked ticket is gone, and a call reads %s', (gives) => {
  beforeEach(() => begin(gives));

  test('the ticket says so once and goes on, and what was to be written there rests', async () => {
    say('42', { id: '101', text: 'Слышно?' });
    otrs.fail(`comment ${child.id}`, 'lose-the-answer');
    await look(TICKET);
    const gone = rig.ticket(child.id);
    otrs.records.delete(child.id);
    say('42', { id: '102', text: 'Ответьте.' });
    await look(TICKET);
    await look();

    expect(rig.ticket('42').comments.filter(({ marker = '' }) => marker.includes('related-gone'))).toHaveLength(1);
    expect(rig.ticket('42').fields.related_tickets).toBe(`DWH: ${child.key} (не видна)`);
    expect(rig.looks.at(-1)?.release).toMatchObject({ outcome: 'settled' });
    expect(await rig.letters()).toEqual([]);

    otrs.put(gone);
    await look();
    expect(textsOf(child.id).filter((text) => /Слышно|Ответьте/.test(text))).toHaveLength(2);
  });
});

describe.each(['one', 'several'] as const)('the linked ticket cannot be read, and a call reads %s', (gives) => {
  beforeEach(() => begin(gives));

  const garble = () => {
    const faults = Array.from({ length: 100 }, () => 'garble' as const);
    otrs.fail(`read 42,${child.id}`, ...faults);
    otrs.fail(`read ${child.id}`, ...faults);
  };
  const commentsOfIssue = () => rig.issues()[0]?.comments.map(({ text }) => text) ?? [];

  test('the ticket goes on without it, and a dead letter says so in the end', async () => {
    otrs.change('42', () => ({ ticketQueue: 'NTTM::3ЛТП' }));
    await look(TICKET);
    garble();
    say('42', { id: '101', text: 'Приложил лог.' });
    for (let turn = 0; turn < 6; turn += 1) {
      await look(TICKET);
      rig.clock.pass({ minutes: 20 });
    }

    expect(commentsOfIssue().filter((text) => text.includes('Приложил лог.'))).toHaveLength(1);
    expect(rig.ticket('42').fields.related_tickets).toBe(`DWH: ${child.key} (Назначено)`);
    expect(await rig.letters()).toMatchObject([{ code: 'ANSWER_UNREADABLE', state: 'open' }]);
  });
});

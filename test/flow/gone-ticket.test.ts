import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ReplayAs } from '../../src/store/store.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { aComment, aTicket } from '../support/records.ts';

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };
const OTHER = { system: 'otrs', id: '43', key: '2026112310000043' };
const ISSUE = { system: 'jira', id: '10001' };

let rig: Awaited<ReturnType<typeof createBridgeRig>>;

beforeEach(async () => {
  rig = await createBridgeRig();
  rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП' }));
  rig.otrs.put(aTicket({ ref: OTHER }));
  await rig.tell(TICKET);
  await rig.tell(OTHER);
  await rig.work();
  rig.jira.calls.length = 0;
});

afterEach(() => rig.stop());

const look = async (ref: { readonly system: string; readonly id: string } = TICKET) => {
  await rig.tell(ref);
  rig.clock.pass({ seconds: 30 });
  await rig.work();
};
const vanish = async (id = '42') => {
  const record = rig.otrs.records.get(id);
  rig.otrs.records.delete(id);
  await look({ system: 'otrs', id });
  return record ?? aTicket();
};
/** Every look that comes due by itself until then. */
const wait = async (hours: number) => {
  const end = rig.clock.now().plus({ hours });
  for (let due = await rig.store.nextDue(); due !== undefined && due <= end; due = await rig.store.nextDue()) {
    rig.clock.pass({ milliseconds: Math.max(0, due.diff(rig.clock.now()).milliseconds) });
    await rig.work();
  }
  rig.clock.pass({ milliseconds: Math.max(0, end.diff(rig.clock.now()).milliseconds) });
};
const letters = async () => (await rig.letters()).map(({ code, state }) => `${code} ${state}`);
const told = () =>
  (rig.jira.records.get('10001')?.comments ?? []).filter(({ marker }) =>
    marker?.startsWith('comment:note:ticket-gone'),
  );
const audited = async () => (await rig.store.auditTrail(TICKET)).filter(({ what }) => what === 'gone');

describe('a ticket that OTRS does not show any more', () => {
  test('is not taken for gone at once: it rests, and a dead letter says so', async () => {
    await vanish();
    await wait(12);

    expect(told()).toEqual([]);
    expect(rig.gone).toEqual([]);
    expect(await letters()).toEqual(['RECORD_NOT_READABLE open']);
  });

  test('is gone when it stays so while others can be read: the issue is told once, in words for both causes', async () => {
    await vanish();
    await wait(48);

    expect(told()).toMatchObject([{ text: expect.stringMatching(/2026112310000042.*удалили или закрыли/s) }]);
    expect(rig.gone).toEqual(['42']);
    expect(await audited()).toHaveLength(1);
  });

  test.each<ReplayAs>(['now', 'recorded'])(
    '%s: has its last words replayed although it is gone, and no order waits for ever',
    async (as) => {
      rig.jira.fail('comment 10001', 'refuse', 'refuse');
      await vanish();
      await wait(48);
      const [letter] = await rig.store.deadLetters({ state: 'open', limit: 2 });
      if (letter === undefined) {
        throw new Error('nothing was refused');
      }
      await rig.store.orderReplay(letter, as, { who: 'petrova.2l', now: rig.clock.now() });
      await rig.work();
      const [again] = await rig.store.deadLetters({ state: 'open', limit: 2 });
      expect(again).toMatchObject({ id: letter.id, times: 2 });
      expect(again).not.toHaveProperty('order');

      await rig.store.orderReplay(again ?? letter, as, { who: 'petrova.2l', now: rig.clock.now() });
      await rig.work();
      expect(told()).toHaveLength(1);
      expect(await rig.letters()).toMatchObject(
        expect.arrayContaining([expect.objectContaining({ id: letter.id, state: 'resolved' })]),
      );
    },
  );

  test('leaves no dead letter behind, and is not looked at any more', async () => {
    rig.jira.fail('comment 10001', 'refuse');
    rig.otrs.change('42', ({ comments }) => ({ comments: [...comments, aComment({ id: '150' })] }));
    await look();
    expect(await letters()).toEqual(['REFUSED open']);

    await vanish();
    await wait(48);

    expect((await letters()).filter((letter) => letter.endsWith('open'))).toEqual([]);
    rig.otrs.calls.length = 0;
    await wait(24 * 14);
    expect(rig.otrs.calls.filter((call) => call === 'read 42')).toEqual([]);
  });

  test('is looked at when something happens, and then says nothing anew', async () => {
    await vanish();
    await wait(48);
    await look();
    await look(ISSUE);

    expect(told()).toHaveLength(1);
    expect(rig.gone).toEqual(['42']);
    expect((await letters()).filter((letter) => letter.endsWith('open'))).toEqual([]);
  });

  test('goes on where it stopped when it is back, and is told of again if it goes again', async () => {
    const ticket = await vanish();
    await wait(48);
    rig.otrs.put({ ...ticket, comments: [...ticket.comments, aComment({ id: '150', text: 'Снова здесь' })] });
    await look();

    expect(rig.jira.records.get('10001')?.comments.map(({ marker }) => marker)).toContain('comment:jira:150');
    expect((await rig.store.link(TICKET)).agreed).not.toHaveProperty('unreadableSince');

    await vanish();
    await wait(48);
    expect(told()).toHaveLength(2);
  });

  test('that comes back in time is no news to anybody', async () => {
    const ticket = await vanish();
    await wait(12);
    rig.otrs.put(ticket);
    await look();
    await wait(48);

    expect(told()).toEqual([]);
    expect(await letters()).toEqual(['RECORD_NOT_READABLE resolved']);
  });

  test('is not gone while OTRS shows no ticket at all: that wants a person', async () => {
    await vanish('43');
    await vanish('42');
    await wait(24 * 4);

    expect(told()).toEqual([]);
    expect((await letters()).filter((letter) => letter.endsWith('open'))).toHaveLength(2);
  });

  test('is not gone while OTRS is down', async () => {
    rig.otrs.turn('down');
    await look();
    for (let hour = 0; hour < 26; hour += 1) {
      rig.clock.pass({ hours: 1 });
      await rig.work();
    }

    expect(told()).toEqual([]);
    expect(await letters()).toEqual([]);
  });

  test('has its issue told when JIRA is back, and once although the answer got lost', async () => {
    await vanish();
    await wait(24);
    rig.jira.turn('down');
    await wait(12);
    expect(rig.gone).toEqual([]);

    rig.jira.turn('up');
    rig.jira.fail('comment 10001', 'lose-the-answer');
    await wait(12);

    expect(told()).toHaveLength(1);
    expect(rig.gone).toEqual(['42']);
  });

  test('that had no issue ends in the log alone', async () => {
    rig.otrs.put(aTicket({ ref: { ...TICKET, id: '44', key: '2026112310000044' } }));
    await look({ system: 'otrs', id: '44' });
    await vanish('44');
    await wait(48);

    expect(rig.gone).toEqual(['44']);
    expect(rig.jira.calls.filter((call) => call.startsWith('comment'))).toEqual([]);
  });

  test('whose work was done makes no fuss: no letter, no comment, no further look', async () => {
    rig.otrs.change('43', () => ({ state: 'Закрыто', phase: 'done' }));
    await look(OTHER);
    await vanish('43');

    expect(rig.gone).toEqual(['43']);
    expect(await letters()).toEqual([]);
  });

  test('keeps what was opened for it by a call that was never answered, so that nothing is opened twice', async () => {
    rig.otrs.index('lagging');
    rig.otrs.fail('open 42', 'lose-the-answer');
    rig.otrs.change('42', ({ fields }) => ({ fields: { ...fields, related_system: 'dwh' } }));
    await look();
    expect((await rig.store.link(TICKET)).related).toEqual([]);

    await vanish();
    rig.otrs.index('current');
    await wait(48);

    expect(rig.gone).toEqual(['42']);
    expect((await rig.store.link(TICKET)).related).toMatchObject([{ name: 'dwh', role: 'related' }]);
  });

  test('and that no look has ever seen ends as well', async () => {
    await look({ system: 'otrs', id: '99' });
    expect(await letters()).toEqual(['RECORD_NOT_READABLE open']);
    await wait(48);

    expect(rig.gone).toEqual(['99']);
    expect(await letters()).toEqual(['RECORD_NOT_READABLE resolved']);
  });
});

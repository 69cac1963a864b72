import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createBridgeRig } from '../../support/bridge-rig.ts';
import { createMemoryDesk, createTestClock, type MemoryDesk } from '../../support/memory-desk.ts';
import { aTicket, NOW } from '../../support/records.ts';

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };

let rig: Awaited<ReturnType<typeof createBridgeRig>>;
let clock: ReturnType<typeof createTestClock>;
let otrs: MemoryDesk;

beforeEach(async () => {
  clock = createTestClock(NOW);
  otrs = createMemoryDesk('otrs', clock.now);
  rig = await createBridgeRig({ otrs, clock });
  otrs.put(aTicket());
});

afterEach(() => rig.stop());

const choose = (related_system: string | readonly string[], fields = {}) =>
  otrs.change('42', (ticket) => ({ fields: { ...ticket.fields, related_system, ...fields } }));
const look = async () => {
  await rig.tell(TICKET);
  clock.pass({ seconds: 5 });
  await rig.work();
};
const opened = () => [...otrs.records.values()].filter(({ ref }) => ref.id !== '42');
const calls = (kind: string) => otrs.calls.filter((call) => call.startsWith(kind));

describe('a ticket whose agent chose an adjacent system', () => {
  test('gets one linked ticket, and each shows the other', async () => {
    choose('dwh');
    await look();

    const [child] = opened();
    expect(opened()).toHaveLength(1);
    expect(child).toMatchObject({
      title: 'Не создаётся заявка в ЕИП',
      state: 'Назначено',
      fields: { service: 'DWH: Техническая поддержка', parent_ticket: '2026112310000042 (В работе)' },
    });
    expect(rig.ticket('42').fields.related_tickets).toBe(`DWH: ${child?.ref.key} (Назначено)`);
    expect((await rig.store.link(TICKET)).related).toEqual([{ name: 'dwh', role: 'related', ref: child?.ref }]);
  });

  test('needs nothing more at the next look', async () => {
    choose('dwh');
    await look();
    otrs.calls.length = 0;
    await look();

    expect(otrs.calls).toEqual(['read 42', `read ${opened()[0]?.ref.id}`]);
  });

  test('shows every state of the linked ticket, and the linked ticket every state of this one', async () => {
    choose('dwh');
    await look();
    const child = opened()[0]?.ref ?? TICKET;
    otrs.change(child.id, () => ({ state: 'В работе', phase: 'open' }));
    otrs.change('42', () => ({ state: 'Ожидание информации', phase: 'pending' }));
    await rig.tell(child);
    await rig.work();

    expect(rig.ticket('42').fields.related_tickets).toBe(`DWH: ${child.key} (В работе)`);
    expect(rig.ticket(child.id).fields.parent_ticket).toBe('2026112310000042 (Ожидание информации)');
  });

  test('takes over the number that the adjacent team wrote, where it has none itself', async () => {
    choose('dwh');
    await look();
    const child = opened()[0]?.ref ?? TICKET;
    otrs.change(child.id, ({ fields }) => ({ fields: { ...fields, external_number: 'DWH-77' } }));
    await rig.tell(child);
    await rig.work();
    otrs.change(child.id, ({ fields }) => ({ fields: { ...fields, external_number: 'DWH-78' } }));
    await rig.tell(child);
    await rig.work();

    expect(rig.ticket('42').fields.external_number).toBe('DWH-77');
  });

  test('waits for what is missing, says so once, and opens by itself when it is there', async () => {
    choose('eip');
    await look();
    await look();
    expect(opened()).toEqual([]);
    expect(calls('comment')).toHaveLength(1);

    choose('eip', { external_number: '554321' });
    await look();
    expect(opened()).toMatchObject([{ fields: { external_number: '554321' } }]);
  });

  test('gets the tickets of two systems in one look', async () => {
    choose(['eip', 'dwh'], { external_number: '554321' });
    await look();

    expect(opened().map(({ fields }) => fields.service)).toEqual([
      'ЕИП: Техническая поддержка',
      'DWH: Техническая поддержка',
    ]);
    expect(rig.ticket('42').fields.related_tickets).toMatch(/^ЕИП: .+ \(Назначено\); DWH: .+ \(Назначено\)$/);
  });
});

describe('I1: never a second linked ticket for the same ticket and system', () => {
  test('although the agent takes his choice back and chooses again', async () => {
    choose('dwh');
    await look();
    choose('');
    await look();
    choose('dwh');
    await look();

    expect(opened()).toHaveLength(1);
  });

  test('although the answer to its opening is lost and the search lags behind', async () => {
    choose('dwh');
    otrs.fail('open 42', 'lose-the-answer');
    otrs.index('lagging');
    await look();
    await look();
    expect(rig.ticket('42').fields.related_tickets).toBeUndefined();

    otrs.index('current');
    clock.pass({ minutes: 5 });
    await rig.work();
    expect(opened()).toHaveLength(1);
    expect(rig.ticket('42').fields.related_tickets).toBe(`DWH: ${opened()[0]?.ref.key} (Назначено)`);
  });

  test('although the store is lost', async () => {
    choose('dwh');
    await look();
    await rig.stop();
    rig = await createBridgeRig({ otrs, clock });
    await look();

    expect(opened()).toHaveLength(1);
    expect((await rig.store.link(TICKET)).related).toMatchObject([{ name: 'dwh', ref: { id: opened()[0]?.ref.id } }]);
  });

  test('although the help desk goes down at every step', async () => {
    choose('dwh');
    otrs.fail('open 42', 'outage', 'rate-limit');
    otrs.fail('update 42', 'outage', 'lose-the-answer');
    for (let turn = 0; turn < 8; turn += 1) {
      await look();
      clock.pass({ minutes: 5 });
    }

    expect(opened()).toHaveLength(1);
    expect(rig.ticket('42').fields.related_tickets).toBe(`DWH: ${opened()[0]?.ref.key} (Назначено)`);
    expect(await rig.letters()).toEqual([]);
  });
});

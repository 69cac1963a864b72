import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Snapshot } from '../../../src/domain/ticket.ts';
import { createBridgeRig } from '../../support/bridge-rig.ts';
import { aTicket } from '../../support/records.ts';

const TICKET = { system: 'otrs', id: '42' };
const DWH = 'DWH: Техническая поддержка';
const OURS = 'NTTM: Техническая поддержка';

let rig: Awaited<ReturnType<typeof createBridgeRig>>;
let child: string;

beforeEach(async () => {
  rig = await createBridgeRig();
  rig.otrs.put(aTicket({ fields: { related_system: 'dwh' } }));
  await look('42');
  child = [...rig.otrs.records.keys()].find((id) => id !== '42') ?? '';
  rig.otrs.change(child, () => ({ service: DWH, ticketQueue: 'Смежные системы::DWH' }));
  await look(child);
});

afterEach(() => rig.stop());

const look = async (id: string) => {
  await rig.tell({ system: 'otrs', id });
  rig.clock.pass({ seconds: 5 });
  await rig.work();
};
/** Its team gives the linked ticket to another service, and the history tells of it. */
const give = async (from: string, to: string, changes: Partial<Snapshot> = {}) => {
  const at = rig.clock.now();
  rig.otrs.change(child, ({ history }) => ({
    ...changes,
    service: to,
    history: [
      ...history,
      { at, by: 'sidorov', what: 'ServiceUpdate', detail: '', changes: [{ property: 'service', from, to }] } as const,
    ],
  }));
  await look(child);
};
const issueOfChild = async () => (await rig.store.link({ system: 'otrs', id: child })).issue;
const looksAtChild = () => rig.looks.filter(({ claim }) => claim.ticket.id === child).length;

describe('a linked ticket', () => {
  test('of another team is not looked at as a ticket of its own', async () => {
    rig.otrs.change(child, () => ({ state: 'В работе', phase: 'open' }));
    await look(child);

    expect(looksAtChild()).toBe(0);
  });

  test('that its team gives to us is looked after like any ticket, and stays linked', async () => {
    await give(DWH, OURS, { ticketQueue: 'NTTM::3ЛТП' });

    expect(await issueOfChild()).toBeDefined();
    expect((await rig.store.link(TICKET)).related.map(({ ref }) => ref.id)).toEqual([child]);
  });

  test('that was with us for a time is looked at when it leaves again, once for each change', async () => {
    await give(DWH, OURS, { ticketQueue: 'NTTM::3ЛТП' });
    await give(OURS, DWH, { ticketQueue: 'Смежные системы::DWH' });
    // What the bridge wrote there itself is a change as well.
    await look('42');
    const looks = looksAtChild();
    await look('42');

    expect(rig.looks.findLast(({ claim }) => claim.ticket.id === child)?.look?.facts.ticket.service).toBe(DWH);
    expect(looksAtChild()).toBe(looks);
  });
});

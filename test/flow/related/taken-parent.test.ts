import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createBridgeRig } from '../../support/bridge-rig.ts';
import { mergeIn } from '../../support/merging.ts';
import { aComment, aTicket } from '../../support/records.ts';

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };
const ACCESS = 'NTTM: Решение проблем с доступом';

let rig: Awaited<ReturnType<typeof createBridgeRig>>;

beforeEach(async () => {
  rig = await createBridgeRig();
});

afterEach(() => rig.stop());

const look = async (...ids: readonly string[]) => {
  for (const id of ids) {
    await rig.tell({ system: 'otrs', id });
  }
  rig.clock.pass({ seconds: 30 });
  await rig.work();
};
/** Registers a ticket that gets a linked one, which then has its service. */
const open = async (changes: Parameters<typeof aTicket>[0], service: string) => {
  rig.otrs.put(aTicket(changes));
  await look('42');
  const child = [...rig.otrs.records.keys()].find((id) => id !== '42') ?? '';
  rig.otrs.change(child, () => ({ service }));
  return child;
};
const merge = async (child: string) => {
  mergeIn(rig.otrs, '42', child);
  await look('42', child);
  await look();
};

describe('a ticket that is merged into the task that was opened for it', () => {
  let task: string;

  beforeEach(async () => {
    task = await open({ service: ACCESS, ticketQueue: 'NTTM::1ЛТП', fields: { need_line_2: '1' } }, ACCESS);
    await merge(task);
  });

  test('leaves a ticket that is nobody’s task, nor its own', async () => {
    expect((await rig.store.link({ system: 'otrs', id: task })).related).toEqual([]);
    expect((await rig.store.link(TICKET)).related).toEqual([]);
    expect(rig.ticket(task).fields.parent_ticket ?? '').toBe('');
    expect(rig.ticket(task).fields).not.toHaveProperty('related_tickets');
  });

  test('and what is said there is not told there once more', async () => {
    rig.otrs.change(task, ({ comments }) => ({
      comments: [...comments, aComment({ id: '99000', by: 'requester', text: 'Всё ещё не могу войти' })],
    }));
    await look(task);

    const telling = rig.ticket(task).comments.filter(({ text }) => text.includes('Всё ещё не могу войти'));
    expect(telling.map(({ id }) => id)).toEqual(['99000']);
  });
});

describe('a ticket with an issue that is merged into the ticket of an adjacent system', () => {
  const DWH = 'DWH: Техническая поддержка';

  test('gives it the issue and is at rest: neither wakes the other again and again', async () => {
    const child = await open({ ticketQueue: 'NTTM::3ЛТП', fields: { related_system: 'dwh' } }, DWH);
    expect((await rig.store.link(TICKET)).issue?.key).toBe('OSSTTMB2B-1');
    await merge(child);

    expect((await rig.store.link({ system: 'otrs', id: child })).issue?.key).toBe('OSSTTMB2B-1');
    expect((await rig.store.link(TICKET)).related).toEqual([]);
    rig.looks.length = 0;
    rig.clock.pass({ minutes: 1 });
    await rig.work();
    expect(rig.looks).toEqual([]);
  });
});

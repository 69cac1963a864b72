import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createBridgeRig } from '../../support/bridge-rig.ts';
import { policyWith } from '../../support/changed-mappings.ts';
import { createMemoryDesk, createTestClock, type MemoryDesk } from '../../support/memory-desk.ts';
import { aComment, aTicket, NOW } from '../../support/records.ts';

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };

const policy = await policyWith({
  file: 'related-systems.yaml',
  from: /^ {4}mandatory: \[\]$/m,
  to: '    mandatory: []\n    system: warehouse',
});

let rig: Awaited<ReturnType<typeof createBridgeRig>>;
let warehouse: MemoryDesk;

beforeEach(async () => {
  const clock = createTestClock(NOW);
  warehouse = createMemoryDesk('warehouse', clock.now);
  rig = await createBridgeRig({ policy, clock, further: { warehouse } });
  rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП', fields: { related_system: 'dwh' } }));
});

afterEach(() => rig.stop());

const look = async (ref: { readonly system: string; readonly id: string } = TICKET) => {
  await rig.tell(ref);
  rig.clock.pass({ seconds: 30 });
  await rig.work();
};
const request = () => [...warehouse.records.values()][0];
const say = (text: string, id: string) =>
  rig.otrs.change('42', ({ comments }) => ({ comments: [...comments, aComment({ id, text })] }));

describe('an adjacent system that keeps its tickets itself', () => {
  test('gets the linked ticket, and its events lead back to the ticket', async () => {
    await look();
    expect(request()).toMatchObject({ title: 'Не создаётся заявка в ЕИП', ref: { system: 'warehouse' } });
    expect(rig.ticket('42').fields.related_tickets).toBe(`DWH: ${request()?.ref.key} (Назначено)`);

    const { id = '' } = request()?.ref ?? {};
    warehouse.change(id, ({ comments }) => ({ comments: [...comments, aComment({ id: '1', text: 'Принято.' })] }));
    expect(await rig.tell({ system: 'warehouse', id })).toMatchObject({ foreign: 0 });
    await rig.work();
    expect(rig.ticket('42').comments.at(-1)?.text).toContain('Принято.');
  });

  test('holds nothing else up while it is down, and hears everything when it is back', async () => {
    await look();
    const issue = rig.issues()[0];
    warehouse.turn('down');
    say('Сделайте выгрузку.', '101');
    rig.jira.change(issue?.ref.id ?? '', () => ({ state: 'Ожидает информации', phase: 'pending' }));
    await look({ system: 'jira', id: issue?.ref.id ?? '' });

    expect(
      rig.jira.records
        .get(issue?.ref.id ?? '')
        ?.comments.map(({ text }) => text)
        .join(),
    ).toContain('выгрузку');
    expect(rig.ticket('42').state).toBe('Ожидание информации');
    expect(rig.ticket('42').fields.related_tickets).toContain('Назначено');
    expect((await rig.store.link(TICKET)).agreed).toMatchObject({ issueState: 'Ожидает информации/' });

    warehouse.turn('up');
    rig.clock.pass({ minutes: 20 });
    await rig.work();
    expect(
      request()
        ?.comments.map(({ text }) => text)
        .join(),
    ).toContain('Сделайте выгрузку.');
    expect(await rig.letters()).toEqual([]);
  });

  test('that nobody connects any more is told in one letter, and the ticket goes on without it', async () => {
    await look();
    Reflect.deleteProperty(rig.desks, 'warehouse');
    say('Сделайте выгрузку.', '101');
    await look();

    const issue = rig.issues()[0];
    expect(issue?.comments.map(({ text }) => text).join()).toContain('выгрузку');
    expect(rig.ticket('42').fields.related_tickets).toContain('Назначено');
    expect(await rig.letters()).toMatchObject([
      { code: 'CONFIGURATION_INVALID', message: expect.stringContaining('no system «warehouse» is connected') },
    ]);
  });

  test('is told of under its new name when its record got one', async () => {
    await look();
    const { id = '' } = request()?.ref ?? {};
    warehouse.change(id, ({ ref }) => ({ ref: { ...ref, key: 'DWH-9' } }));
    await look({ system: 'warehouse', id });

    expect(rig.ticket('42').fields.related_tickets).toBe('DWH: DWH-9 (Назначено)');
    expect((await rig.store.link(TICKET)).related).toMatchObject([{ ref: { key: 'DWH-9' } }]);
  });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createBridgeRig } from '../support/bridge-rig.ts';
import type { Fault } from '../support/memory-desk.ts';
import { aComment, aTicket } from '../support/records.ts';

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };
const ISSUE = { system: 'jira', id: '10001' };

let rig: Awaited<ReturnType<typeof createBridgeRig>>;

/** A ticket whose issue waits for the requester. */
beforeEach(async () => {
  rig = await createBridgeRig();
  rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП' }));
  await rig.tell(TICKET);
  await rig.work();
  rig.jira.change('10001', () => ({ state: 'Ожидает информации', phase: 'open' }));
  await rig.tell(ISSUE);
  await rig.work();
  expect(rig.ticket('42').state).toBe('Ожидание информации');
});

afterEach(() => rig.stop());

async function answer(): Promise<void> {
  rig.otrs.change('42', ({ comments }) => ({
    comments: [...comments, aComment({ id: '120', by: 'requester', text: 'Да, на всех заявках.' })],
  }));
  await rig.tell(TICKET);
  await rig.work();
}

const moves = () => [...rig.otrs.calls, ...rig.jira.calls].filter((call) => call.startsWith('move'));

describe('an issue that waits for the requester', () => {
  test('goes on with his answer, and the ticket with it', async () => {
    const before = moves().length;
    await answer();

    expect([rig.ticket('42').state, rig.jira.records.get('10001')?.state]).toEqual(['В работе', 'В работе']);
    expect(moves()).toHaveLength(before + 2);
  });

  test.each<Fault>(['outage', 'lose-the-answer', 'rate-limit'])(
    'goes on in the end although JIRA answers its move with «%s»',
    async (fault) => {
      rig.jira.fail('move 10001', fault);
      await answer();
      rig.clock.pass({ minutes: 20 });
      await rig.tell(TICKET);
      await rig.work();

      expect([rig.ticket('42').state, rig.jira.records.get('10001')?.state]).toEqual(['В работе', 'В работе']);
      expect(await rig.letters()).toEqual([]);
    },
  );

  test('goes on although OTRS was down when the answer came', async () => {
    rig.otrs.fail('move 42', 'outage');
    await answer();
    rig.clock.pass({ minutes: 20 });
    await rig.tell(TICKET);
    await rig.work();

    expect([rig.ticket('42').state, rig.jira.records.get('10001')?.state]).toEqual(['В работе', 'В работе']);
  });

  test('does not go on twice: a second look after both moves finds nothing', async () => {
    await answer();
    const before = moves().length;
    await rig.tell(TICKET);
    await rig.tell(ISSUE);
    await rig.work();

    expect(moves()).toHaveLength(before);
  });

  test('waits again when line 3 asks again, and the old answer does not count', async () => {
    await answer();
    rig.jira.change('10001', () => ({ state: 'Ожидает информации', phase: 'open' }));
    await rig.tell(ISSUE);
    await rig.work();
    await rig.tell(TICKET);
    await rig.work();

    expect(rig.ticket('42').state).toBe('Ожидание информации');
    expect(rig.jira.records.get('10001')?.state).toBe('Ожидает информации');
  });

  test('that cannot go on leaves the ticket alone when an agent lets it wait again', async () => {
    rig.jira.fail('move', ...Array.from({ length: 9 }, () => 'refuse' as const));
    await answer();
    expect(rig.ticket('42').state).toBe('В работе');
    const before = moves().length;

    for (let look = 0; look < 2; look += 1) {
      rig.otrs.change('42', () => ({ state: 'Ожидание информации', phase: 'pending' }));
      await rig.tell(TICKET);
      await rig.work();
    }

    expect(rig.ticket('42').state).toBe('Ожидание информации');
    expect(moves()).toHaveLength(before);
  });
});

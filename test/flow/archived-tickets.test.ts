import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { aComment, aTicket } from '../support/records.ts';

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };

let rig: Awaited<ReturnType<typeof createBridgeRig>>;

beforeEach(async () => {
  rig = await createBridgeRig();
  rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП' }));
  await look();
});

afterEach(() => rig.stop());

const look = async (ref: { readonly system: string; readonly id: string } = TICKET) => {
  await rig.tell(ref);
  rig.clock.pass({ seconds: 30 });
  await rig.work();
};
const archive = async () => {
  rig.otrs.change('42', () => ({ isArchived: true }));
  rig.otrs.calls.length = 0;
  await look();
};
const told = () => rig.jira.records.get('10001')?.comments.filter(({ marker }) => marker === 'comment:note:archived');

describe('a ticket in the archive', () => {
  test('tells its issue once that nothing is carried, and is not written to', async () => {
    await archive();
    rig.jira.change('10001', ({ comments }) => ({
      comments: [...comments, aComment({ id: '7001' })],
      state: 'В работе',
      phase: 'open',
    }));
    await look({ system: 'jira', id: '10001' });

    expect(told()).toHaveLength(1);
    expect(rig.otrs.calls.filter((call) => !call.startsWith('read'))).toEqual([]);
  });

  test('says nothing to an issue that is done', async () => {
    rig.jira.change('10001', () => ({ state: 'Закрыто', phase: 'done' }));
    await archive();

    expect(told()).toEqual([]);
  });

  test('gets all that has gathered meanwhile when it is brought back', async () => {
    await archive();
    rig.jira.change('10001', ({ comments }) => ({
      comments: [...comments, aComment({ id: '7001' })],
      state: 'В работе',
      phase: 'open',
    }));
    await look({ system: 'jira', id: '10001' });
    const { isArchived: _, ...back } = rig.ticket('42');
    rig.otrs.put(back);
    await look();

    expect(rig.ticket('42')).toMatchObject({ state: 'В работе' });
    expect(rig.ticket('42').comments.map(({ marker }) => marker)).toContain('comment:otrs:7001');
  });

  test('is not looked at for its terms', async () => {
    await archive();
    expect(await rig.store.nextDue()).toBeUndefined();
  });
});

describe('a ticket that was split off', () => {
  const SPLIT = { system: 'otrs', id: '43', key: '2026112310000043' };
  const copied = { issue_key: 'OSSTTMB2B-1', issue_url: 'http://jira.example.test/browse/OSSTTMB2B-1' };

  test('does not keep the issue of the ticket that it came from, and leaves that alone', async () => {
    rig.otrs.put(aTicket({ ref: SPLIT, fields: copied }));
    await look(SPLIT);

    expect(rig.ticket('43').fields).not.toHaveProperty('issue_key');
    expect(rig.ticket('43').fields).not.toHaveProperty('issue_url');
    expect((await rig.store.link(SPLIT)).issue).toBeUndefined();
    expect((await rig.store.link(TICKET)).issue?.key).toBe('OSSTTMB2B-1');
    expect(rig.ticket('42').fields).toMatchObject({ issue_key: 'OSSTTMB2B-1' });
  });

  test('gets an issue of its own where the rules want one, and shows it instead', async () => {
    rig.otrs.put(aTicket({ ref: SPLIT, fields: copied, ticketQueue: 'NTTM::3ЛТП' }));
    await look(SPLIT);

    expect(rig.issues()).toHaveLength(2);
    expect(rig.ticket('43').fields.issue_key).toBe('OSSTTMB2B-2');
  });

  test('keeps a key that is no other ticket’s: a person may have written it, or the memory is lost', async () => {
    rig.otrs.put(aTicket({ ref: SPLIT, fields: { issue_key: 'OSSTTMB2B-77' } }));
    await look(SPLIT);

    expect(rig.ticket('43').fields.issue_key).toBe('OSSTTMB2B-77');
  });
});

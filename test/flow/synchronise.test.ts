import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { shippedPolicy } from '../support/policy.ts';
import { aComment, aTicket, NOW } from '../support/records.ts';

type Rig = Awaited<ReturnType<typeof createBridgeRig>>;
let rig: Rig;

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };
const escalated = aTicket({ ticketQueue: 'NTTM::3ЛТП' });

beforeEach(async () => {
  rig = await createBridgeRig();
});

afterEach(() => rig.stop());

const writes = (calls: readonly string[]) => calls.filter((call) => !/^(read|find|changedSince)/.test(call));

describe('a look at a ticket', () => {
  test('opens the issue, links both sides and leaves nothing to do', async () => {
    rig.otrs.put(escalated);
    await rig.tell(TICKET);
    await rig.work();

    expect(writes(rig.jira.calls)).toEqual(['open 42', 'relate 10001']);
    expect(writes(rig.otrs.calls)).toEqual(['move 42 Передано на 3ЛТП']);
    expect(rig.ticket('42')).toMatchObject({
      state: 'Передано на 3ЛТП',
      fields: { issue_key: 'OSSTTMB2B-1', issue_status: 'Открыто' },
    });

    await rig.tell(TICKET);
    await rig.work();
    expect(writes([...rig.otrs.calls, ...rig.jira.calls])).toHaveLength(3);
  });

  test('ten events of one ticket cost one or two looks', async () => {
    rig.otrs.put(aTicket());
    await Promise.all(Array.from({ length: 10 }, () => rig.tell(TICKET)));
    await rig.work();

    expect(rig.looks.length).toBeLessThanOrEqual(2);
  });

  test('carries the whole journey to a closed ticket', async () => {
    rig.otrs.put(escalated);
    await rig.tell(TICKET);
    await rig.work();
    const issue = { system: 'jira', id: '10001' };
    rig.jira.change('10001', (record) => ({
      state: 'В работе',
      phase: 'open',
      comments: [...record.comments, aComment({ id: '1', author: 'Разработчик' })],
    }));
    await rig.tell(issue);
    await rig.work();

    expect(rig.ticket('42')).toMatchObject({
      state: 'В работе',
      comments: [{ id: '100' }, { marker: 'comment:otrs:1' }],
    });

    rig.jira.change('10001', () => ({
      state: 'Решено',
      phase: 'done',
      resolution: 'Исправлено',
      fields: { solution: 'Исправлен адрес шлюза.', configuration_item: ['Интеграция'] },
    }));
    await rig.tell(issue);
    await rig.work();

    expect(rig.ticket('42')).toMatchObject({
      state: 'Закрыто',
      fields: { closure_code: 'fixed', solution: 'Исправлен адрес шлюза.', configuration_item: 'integration' },
    });
    expect((await rig.store.auditTrail(TICKET)).map(({ what }) => what)).toEqual([
      'open',
      'relate',
      'move',
      'move',
      'comment',
      'move',
      'relate',
    ]);
  });

  test('an issue whose creation was not answered is found again and adopted, not opened twice', async () => {
    rig.otrs.put(escalated);
    rig.jira.fail('open', 'lose-the-answer');
    await rig.tell(TICKET);
    await rig.work();
    expect(rig.ticket('42').fields).toEqual({});

    rig.clock.pass({ minutes: 1 });
    await rig.work();
    expect(rig.issues()).toHaveLength(1);
    expect(rig.ticket('42').fields).toMatchObject({ issue_key: 'OSSTTMB2B-1' });
    expect((await rig.store.auditTrail(TICKET)).map(({ what }) => what)).toContain('adopted');
  });

  test('an index that lags is given time before the issue is opened again', async () => {
    rig.otrs.put(escalated);
    rig.jira.fail('open', 'lose-the-answer');
    rig.jira.index('lagging');
    await rig.tell(TICKET);
    await rig.work();
    rig.clock.pass({ seconds: 20 });
    await rig.work();
    rig.jira.index('current');
    rig.clock.pass({ minutes: 1 });
    await rig.work();

    expect(rig.issues()).toHaveLength(1);
    expect(rig.jira.calls.filter((call) => call.startsWith('open'))).toHaveLength(1);
  });

  test('a comment whose answer was lost is not written twice', async () => {
    rig.otrs.put({ ...escalated, comments: [...escalated.comments, aComment({ id: '101' })] });
    rig.jira.fail('comment', 'lose-the-answer');
    await rig.tell(TICKET);
    await rig.work();
    rig.clock.pass({ minutes: 1 });
    await rig.work();

    expect(rig.issues()[0]?.comments).toHaveLength(1);
  });

  test('a refused comment becomes a dead letter of its own and holds up neither its ticket nor its successors', async () => {
    rig.otrs.put({
      ...escalated,
      comments: [...escalated.comments, aComment({ id: '101' }), aComment({ id: '102', text: 'второй' })],
    });
    rig.jira.fail('comment', 'refuse');
    await rig.tell(TICKET);
    await rig.work();

    expect(rig.issues()[0]?.comments.map(({ marker }) => marker)).toEqual(['comment:jira:102']);
    expect(rig.ticket('42').fields).toMatchObject({ issue_key: 'OSSTTMB2B-1' });
    expect(await rig.letters()).toMatchObject([
      { code: 'REFUSED', state: 'open', action: { key: 'comment:jira:101' } },
    ]);

    await rig.tell(TICKET);
    await rig.work();
    expect(await rig.letters()).toHaveLength(1);
  });

  test('a comment that has to wait holds back the later ones, so that their order stays', async () => {
    rig.otrs.put({ ...escalated, comments: [...escalated.comments, aComment({ id: '101' }), aComment({ id: '102' })] });
    rig.jira.fail('comment', 'rate-limit');
    await rig.tell(TICKET);
    await rig.work();
    expect(rig.issues()[0]?.comments).toEqual([]);

    rig.clock.pass({ seconds: 5 });
    await rig.work();
    expect(rig.issues()[0]?.comments.map(({ marker }) => marker)).toEqual(['comment:jira:101', 'comment:jira:102']);
  });

  test('six hours of JIRA being down leave no dead letter and spend no attempt', async () => {
    rig.otrs.put(escalated);
    rig.jira.turn('down');
    await rig.tell(TICKET);
    for (let minute = 0; minute < 360; minute += 1) {
      await rig.work();
      rig.clock.pass({ minutes: 1 });
    }
    expect(await rig.letters()).toEqual([]);

    rig.jira.turn('up');
    rig.clock.pass({ minutes: 2 });
    await rig.work();
    expect(rig.issues()).toHaveLength(1);
    expect(rig.looks.every(({ release }) => release.outcome === 'settled' || release.attempt === 0)).toBe(true);
  });

  test('an action that never succeeds ends as a dead letter', async () => {
    rig.otrs.put(escalated);
    rig.jira.fail('relate', ...Array.from({ length: 20 }, () => 'lose-the-answer' as const));
    await rig.tell(TICKET);
    for (let step = 0; step < 12; step += 1) {
      await rig.work();
      rig.clock.pass({ minutes: 20 });
    }

    const letters = await rig.store.deadLetters({ state: 'open', limit: 10 });
    expect(letters).toMatchObject([{ code: 'ATTEMPTS_EXHAUSTED', action: { do: 'relate' } }]);
  });

  test('a ticket that may not be read is a visible dead letter, and is resolved when it can be read again', async () => {
    await rig.tell(TICKET);
    await rig.work();
    expect(await rig.letters()).toMatchObject([{ code: 'RECORD_NOT_READABLE', state: 'open' }]);

    rig.otrs.put(aTicket());
    await rig.tell(TICKET);
    rig.clock.pass({ seconds: 11 });
    await rig.work();
    expect(await rig.letters()).toMatchObject([{ code: 'RECORD_NOT_READABLE', state: 'resolved' }]);
  });

  test('one bad ticket holds up no other', async () => {
    rig.otrs.put({ ...escalated, ref: { ...escalated.ref, id: '43', key: '43' } });
    for (let id = 100; id < 120; id += 1) {
      await rig.tell({ system: 'otrs', id: String(id) });
    }
    await rig.tell({ system: 'otrs', id: '43' });
    await rig.work();

    expect(rig.issues()).toHaveLength(1);
    expect(await rig.letters()).toHaveLength(20);
  });

  test('the status that failed to reach the ticket does not keep the comments from it', async () => {
    rig.otrs.put(escalated);
    await rig.tell(TICKET);
    await rig.work();
    // With the comment, with the fields, and alone.
    rig.otrs.fail('move', 'refuse', 'refuse', 'refuse');
    rig.jira.change('10001', () => ({ state: 'В работе', phase: 'open', comments: [aComment({ id: '1' })] }));
    await rig.tell({ system: 'jira', id: '10001' });
    await rig.work();

    expect(rig.ticket('42').comments.at(-1)).toMatchObject({ marker: 'comment:otrs:1' });
    expect(rig.ticket('42').state).toBe('Передано на 3ЛТП');
    expect(rig.ticket('42').fields).toMatchObject({ issue_status: 'В работе' });
    const open = await rig.store.deadLetters({ state: 'open', limit: 10 });
    expect(open).toMatchObject([{ code: 'REFUSED', action: { do: 'move', fields: {} } }]);
  });

  test('an event that comes during a look is covered by another one', async () => {
    rig.otrs.put(aTicket());
    await rig.tell(TICKET);
    const [claim] = await rig.store.claim('slow', 1, 60_000, rig.clock.now());
    if (claim === undefined) {
      throw new Error('nothing was due');
    }
    await rig.tell(TICKET);
    await rig.store.release(claim, { outcome: 'settled' }, rig.clock.now());

    const isDue = async () => ((await rig.store.nextDue()) ?? rig.clock.now().plus({ hours: 1 })) <= rig.clock.now();
    expect(await isDue()).toBe(true);
    await rig.work();
    expect(await isDue()).toBe(false);
  });

  test('a ticket that could not be read is looked at again by itself, so a permission that was mended mends the ticket', async () => {
    await rig.tell(TICKET);
    await rig.work();
    rig.otrs.put(escalated);
    rig.clock.pass({ hours: 1, minutes: 1 });
    await rig.work();

    expect(rig.issues()).toHaveLength(1);
  });

  test('a bridge that lost its memory adopts the issue and repeats no comment', async () => {
    rig.otrs.put({ ...escalated, comments: [...escalated.comments, aComment({ id: '101' })] });
    await rig.tell(TICKET);
    await rig.work();
    const reborn = await createBridgeRig({ otrs: rig.otrs, jira: rig.jira });
    await reborn.tell(TICKET);
    await reborn.work();
    await reborn.stop();

    expect(rig.issues()).toHaveLength(1);
    expect(rig.issues()[0]?.comments).toHaveLength(1);
  });

  test('an issue whose answer was lost is adopted even if the agent takes the ticket back meanwhile', async () => {
    rig.otrs.put(escalated);
    rig.jira.fail('open', 'lose-the-answer');
    await rig.tell(TICKET);
    await rig.work();
    rig.otrs.change('42', () => ({ ticketQueue: 'NTTM::2ЛТП' }));
    rig.clock.pass({ minutes: 1 });
    await rig.work();

    expect(rig.ticket('42').fields).toMatchObject({ issue_key: 'OSSTTMB2B-1' });
  });

  test('what stays in doubt is looked up before it is given up', async () => {
    await rig.stop();
    rig = await createBridgeRig({ maxAttempts: 1 });
    rig.otrs.put(escalated);
    rig.jira.fail('open', 'lose-the-answer');
    await rig.tell(TICKET);
    await rig.work();
    rig.clock.pass({ minutes: 1 });
    await rig.work();

    expect(rig.ticket('42').fields).toMatchObject({ issue_key: 'OSSTTMB2B-1' });
    expect(await rig.store.deadLetters({ state: 'open', limit: 10 })).toEqual([]);
  });

  test('an action that cannot even be looked up becomes visible', async () => {
    rig.otrs.put(escalated);
    rig.jira.fail('find', ...Array.from({ length: 40 }, () => 'refuse' as const));
    await rig.tell(TICKET);
    await rig.work();

    expect(await rig.letters()).toMatchObject([{ code: 'REFUSED', ticket: TICKET }]);
  });

  test('a refused farewell to a ticket that left our services is one dead letter, and rests (R43)', async () => {
    await rig.stop();
    rig = await createBridgeRig({ policy: shippedPolicy });
    const change = {
      property: 'service',
      from: 'NTTM: Техническая поддержка',
      to: 'ЕИП: Техническая поддержка',
    } as const;
    rig.otrs.put(
      aTicket({
        service: change.to,
        fields: { sla_status: 'Реакция: до 23.11.2026 10:00' },
        history: [{ at: NOW, by: '7', what: 'ServiceUpdate', detail: '', changes: [change] }],
      }),
    );
    rig.otrs.fail('update', ...Array.from({ length: 20 }, () => 'refuse' as const));
    await rig.tell(TICKET);
    await rig.work();

    expect(writes(rig.otrs.calls)).toEqual(['update 42']);
    expect(await rig.letters()).toMatchObject([{ code: 'REFUSED', ticket: TICKET }]);
  });
});

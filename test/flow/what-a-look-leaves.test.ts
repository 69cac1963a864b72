import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import { parseFacts } from '../../src/replay/facts-file.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { aTicket } from '../support/records.ts';

let rig: Awaited<ReturnType<typeof createBridgeRig>>;

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };
const escalated = aTicket({ ticketQueue: 'NTTM::3ЛТП' });

beforeEach(async () => {
  rig = await createBridgeRig();
});

afterEach(() => rig.stop());

const writes = (calls: readonly string[]) => calls.filter((call) => !/^(read|find|changedSince)/.test(call));

describe('R31: a disagreement is recorded with its reasons', () => {
  const hanging = aTicket({ title: 'NTTM', text: 'Система зависла и не отвечает уже 15 минут.' });
  const noted = async () => (await rig.store.auditTrail(TICKET)).filter(({ what }) => what === 'noted');

  test('once, however often the ticket is looked at', async () => {
    rig.otrs.put(hanging);
    for (let look = 0; look < 3; look += 1) {
      await rig.tell(TICKET);
      await rig.work();
    }

    expect((await noted()).map(({ detail }) => detail)).toEqual([
      {
        rules: rig.rules.policy.version,
        because: [
          {
            rule: 'priority-differs-from-the-criteria',
            clause: 'R31, R31.5',
            evidence: expect.stringContaining('15 минут'),
          },
        ],
      },
    ]);
    expect(writes(rig.otrs.calls)).toEqual([]);
  });

  test('again when it becomes another one, and when it is over', async () => {
    rig.otrs.put(hanging);
    await rig.tell(TICKET);
    await rig.work();
    rig.otrs.change('42', () => ({ priority: '2 Высокий' }));
    await rig.tell(TICKET);
    await rig.work();
    rig.otrs.change('42', () => ({ priority: '1 Критичный', type: 'Запрос на обслуживание' }));
    await rig.tell(TICKET);
    await rig.work();

    expect((await noted()).map(({ detail }) => (detail.because as unknown[]).length)).toEqual([1, 1, 0]);
  });

  test('and is still remembered when the issue is open, its state has moved and the ticket was closed', async () => {
    rig.otrs.put({ ...hanging, ticketQueue: 'NTTM::3ЛТП' });
    await rig.tell(TICKET);
    await rig.work();
    rig.jira.change('10001', () => ({ state: 'В работе', phase: 'open' }));
    await rig.tell(TICKET);
    await rig.work();
    rig.otrs.change('42', () => ({ state: 'Закрыто', phase: 'done' }));
    await rig.tell(TICKET);
    await rig.work();

    expect(await noted()).toHaveLength(1);
  });

  test('where a note is wanted the agents are told once, inside OTRS only', async () => {
    const note = {
      subject: 'Расходится',
      text: '{criteria.priority}: {criteria.quotes}',
      wording: { moments: { format: 'HH:mm', zone: 'UTC' }, branches: [] },
    };
    rig.rules.policy = { ...rig.rules.policy, priority: { ...rig.rules.policy.priority, note } };
    rig.otrs.put(hanging);
    for (let look = 0; look < 2; look += 1) {
      await rig.tell(TICKET);
      await rig.work();
    }

    expect(rig.ticket('42').comments.slice(1)).toMatchObject([
      { visibility: 'internal', text: expect.stringMatching(/^1 Критичный: «.*15 минут»/) },
    ]);
    expect(await noted()).toHaveLength(1);
  });
});

describe('what a look leaves behind', () => {
  test('every action’s entry in the audit names the rules that it was decided by', async () => {
    rig.otrs.put(escalated);
    await rig.tell(TICKET);
    await rig.work();
    const { version } = rig.rules.policy;

    expect((await rig.store.auditTrail(TICKET)).map(({ detail }) => detail.rules)).toEqual([version, version, version]);
    expect(rig.looks.at(-1)?.look?.rules).toBe(version);
  });

  test('the facts that it ended with, under which the same rules have nothing left to do', async () => {
    rig.otrs.put(escalated);
    await rig.tell(TICKET);
    await rig.work();
    const [stored] = await rig.store.snapshots({ limit: 10 });
    const facts = parseFacts(JSON.parse(stored?.facts ?? ''), 'store');

    expect(facts.issue?.ref).toEqual(rig.issues()[0]?.ref);
    expect(decide(facts, rig.rules.policy, rig.clock.now()).actions).toEqual([]);
    expect(stored?.rules).toBe(rig.rules.policy.version);
  });

  test('nothing that hurts when it cannot be kept', async () => {
    rig.otrs.put(escalated);
    rig.context.store.keepSnapshot = () => Promise.reject(new Error('the disk is full'));
    await rig.tell(TICKET);
    await rig.work();

    expect(rig.looks.at(-1)?.release.outcome).toBe('settled');
    expect(rig.issues()).toHaveLength(1);
  });
});

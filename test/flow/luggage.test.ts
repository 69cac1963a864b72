import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Attachment } from '../../src/domain/ticket.ts';
import { createAllowance } from '../../src/files/allowance.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { aComment, aTicket } from '../support/records.ts';

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };

let rig: Awaited<ReturnType<typeof createBridgeRig>>;

/** A ticket whose issue is open. */
beforeEach(async () => {
  rig = await createBridgeRig({ maxAttempts: 3 });
  rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП' }));
  await look();
});

afterEach(() => rig.stop());

async function look(): Promise<void> {
  await rig.tell(TICKET);
  await rig.work();
}

/** Files of the first article, each with bytes of its own. */
function attach(count: number): void {
  const files = Array.from({ length: count }, (_, index): Attachment => {
    const bytes = Buffer.from(`файл ${index + 1}`);
    rig.otrs.contents.set(`100/${index + 1}`, bytes);
    const id = `100/${index + 1}`;
    return { id, name: `${index + 1}.txt`, contentType: 'text/plain', size: bytes.length, commentId: '100' };
  });
  rig.otrs.change('42', () => ({ attachments: files }));
}

const fetches = () => rig.otrs.calls.filter((call) => call.startsWith('fetch'));
const finds = () => rig.jira.calls.filter((call) => call.startsWith('find attach'));
const arrived = () =>
  (rig.issues()[0]?.attachments ?? []).map(({ id, name }) => [name, String(rig.jira.contents.get(id))]);
const expected = (count: number) =>
  Array.from({ length: count }, (_, index) => [`${index + 1}.txt`, `файл ${index + 1}`]);

describe('files that come with the first one', () => {
  beforeEach(() => rig.otrs.bring('all'));

  test('are fetched once all together and sent each in its turn', async () => {
    attach(50);
    await look();

    expect(fetches()).toEqual(['fetch 42 100/1']);
    expect(arrived()).toEqual(expected(50));
  });

  test('are as many as may wait on the disk, and the room is free again after the look', async () => {
    const ahead = createAllowance({ bytes: 1_000, files: 10 });
    Object.assign(rig.context, { filesAhead: ahead });
    attach(25);
    await look();

    expect(fetches()).toEqual(['fetch 42 100/1', 'fetch 42 100/12', 'fetch 42 100/23']);
    expect(arrived()).toEqual(expected(25));
    expect(Array.from({ length: 11 }, () => ahead.take(100))).toEqual([...Array(10).fill(true), false]);
  });

  test('are given up where the look ends early, and the room is free again', async () => {
    const ahead = createAllowance({ bytes: 1_000, files: 10 });
    Object.assign(rig.context, { filesAhead: ahead });
    attach(5);
    rig.jira.fail('attach', 'outage');
    await look();

    expect(arrived()).toEqual([]);
    expect(Array.from({ length: 11 }, () => ahead.take(100))).toEqual([...Array(10).fill(true), false]);
  });

  test('do not suffer from one that is not whole: that one is fetched by itself', async () => {
    attach(3);
    rig.otrs.contents.set('100/2', Buffer.from('файл'));
    await look();
    expect(fetches()).toEqual(['fetch 42 100/1', 'fetch 42 100/2']);
    expect(arrived()).toEqual(expected(1));

    rig.otrs.contents.set('100/2', Buffer.from('файл 2'));
    rig.clock.pass({ minutes: 20 });
    await look();
    expect(arrived()).toEqual(expected(3));
  });
});

describe('a file that could not be fetched', () => {
  test('leaves nothing in doubt: it is fetched again and nobody looks for its copy', async () => {
    attach(1);
    rig.otrs.fail('fetch', 'lose-the-answer');
    await look();
    expect(await rig.store.doubtful(TICKET)).toEqual([]);

    rig.clock.pass({ minutes: 20 });
    await look();

    expect(arrived()).toEqual(expected(1));
    expect(finds()).toEqual([]);
  });

  test('again and again ends as a dead letter, like a call that fails again and again', async () => {
    attach(1);
    rig.otrs.fail('fetch', ...Array.from({ length: 9 }, () => 'lose-the-answer' as const));
    for (let step = 0; step < 4; step += 1) {
      await look();
      rig.clock.pass({ minutes: 20 });
    }

    expect(await rig.store.deadLetters({ state: 'open', limit: 10 })).toMatchObject([
      { code: 'ATTEMPTS_EXHAUSTED', action: { do: 'attach' }, details: { last_code: 'OUTCOME_UNKNOWN' } },
    ]);
    expect(finds()).toEqual([]);
  });

  test.each(['outage', 'rate-limit'] as const)('for «%s» spends no try', async (fault) => {
    attach(1);
    for (let step = 0; step < 6; step += 1) {
      rig.otrs.fail('fetch', fault);
      await look();
      rig.clock.pass({ minutes: 20 });
    }
    await look();

    expect(arrived()).toEqual(expected(1));
    expect(await rig.letters()).toEqual([]);
  });
});

test('a comment that is written while the files of its ticket are under way does not wait for all of them', async () => {
  attach(70);
  const { attach: original } = rig.jira;
  let sent = 0;
  rig.jira.attach = async (...call) => {
    sent += 1;
    if (sent === 5) {
      rig.otrs.change('42', ({ comments }) => ({ comments: [...comments, aComment({ id: '130', text: 'Срочно!' })] }));
    }
    return original(...call);
  };
  rig.desks.jira.attach = rig.jira.attach;
  await look();

  const writes = rig.jira.calls.filter((call) => /^(?:comment|attach)/.test(call));
  expect(writes.findIndex((call) => call.startsWith('comment'))).toBe(20);
  expect(arrived()).toEqual(expected(70));
});

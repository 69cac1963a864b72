import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ReplayAs } from '../../src/store/store.ts';
import { createBridgeRig } from '../support/bridge-rig.ts';
import { shippedPolicy } from '../support/policy.ts';
import { aComment, aTicket } from '../support/records.ts';

type Rig = Awaited<ReturnType<typeof createBridgeRig>>;
let rig: Rig;

const TICKET = { system: 'otrs', id: '42', key: '2026112310000042' };
const ISSUE = { system: 'jira', id: '10001' };

beforeEach(async () => {
  rig = await createBridgeRig({ policy: shippedPolicy, maxAttempts: 3 });
  rig.otrs.put(aTicket({ ticketQueue: 'NTTM::3ЛТП' }));
  await rig.tell(TICKET);
  await rig.work();
});

afterEach(() => rig.stop());

const by = (who = 'petrova.2l', reason?: string) => ({
  who,
  now: rig.clock.now(),
  ...(reason === undefined ? {} : { reason }),
});
const writes = (calls: readonly string[]) => calls.filter((call) => !/^(read|find|changedSince)/.test(call));
const comments = (text: string) => rig.ticket('42').comments.filter((each) => each.text.includes(text));

async function say(id: string, text: string): Promise<void> {
  rig.jira.change('10001', (record) => ({
    comments: [...record.comments, aComment({ id, author: 'Разработчик', text, at: rig.clock.now() })],
  }));
  await rig.tell(ISSUE);
}

/** A comment of line 3 that OTRS refused. */
async function refusedComment() {
  rig.otrs.fail('comment 42', 'refuse');
  await say('1', 'Пришлите лог');
  await rig.work();
  return openLetter();
}

async function openLetter() {
  const [letter] = await rig.store.deadLetters({ state: 'open', limit: 10 });
  if (letter === undefined) {
    throw new Error('nothing was refused');
  }
  return letter;
}

/** A comment of the ticket that JIRA refused. */
async function refusedInJira() {
  await say('1', 'Пришлите лог');
  rig.jira.fail('comment 10001', 'refuse');
  rig.otrs.change('42', (record) => ({
    comments: [...record.comments, aComment({ id: '7', author: 'Иванов', text: 'Вот лог', at: rig.clock.now() })],
  }));
  await rig.tell(TICKET);
  await rig.work();
  return openLetter();
}

describe('a replay', () => {
  test('the letter tells what, where, and by which rules', async () => {
    expect(await refusedComment()).toMatchObject({
      code: 'REFUSED',
      system: 'otrs',
      rules: shippedPolicy.version,
      action: { do: 'comment', key: 'comment:otrs:1' },
    });
    expect(comments('Пришлите лог')).toHaveLength(0);
  });

  test.each<ReplayAs>(['now', 'recorded'])(
    '%s: the action is carried out once, in the name of whoever ordered it',
    async (as) => {
      await rig.store.orderReplay(await refusedComment(), as, by());
      await rig.work();
      await rig.tell(TICKET);
      await rig.work();

      expect(comments('Пришлите лог')).toHaveLength(1);
      const [letter] = await rig.letters();
      expect(letter).toMatchObject({ state: 'resolved', resolution: { how: 'carried', by: 'petrova.2l' } });
    },
  );

  test('as recorded it says in the audit who ordered it', async () => {
    const letter = await refusedComment();
    await rig.store.orderReplay(letter, 'recorded', by());
    await rig.work();

    const trail = await rig.store.auditTrail(TICKET);
    expect(trail.filter(({ what }) => what === 'replayed' || what === 'comment').slice(-2)).toMatchObject([
      { who: 'petrova.2l', what: 'replayed', detail: { letter: letter.id } },
      {
        who: 'bridge',
        what: 'comment',
        detail: { because: [{ rule: 'replay-was-ordered', evidence: expect.stringContaining('petrova.2l') }] },
      },
    ]);
  });

  test('edited, exactly the edited words arrive, and nothing else', async () => {
    const letter = await refusedComment();
    if (letter.action?.do !== 'comment') {
      throw new Error('no comment was refused');
    }
    const action = { ...letter.action, comment: { ...letter.action.comment, text: 'Пришлите лог за 23.11' } };
    const revision = await rig.store.reviseLetter(letter, { action }, by());
    await rig.work();
    expect(comments('Пришлите лог')).toHaveLength(0);

    await rig.store.orderReplay(revision, 'recorded', by());
    await rig.work();
    await rig.tell(TICKET);
    await rig.work();
    expect(comments('Пришлите лог').map(({ text }) => text)).toEqual(['Пришлите лог за 23.11']);
    expect(await rig.store.deadLetters({ state: 'open', limit: 10 })).toEqual([]);
  });

  test('edited, neither time nor another refusal brings back the words that were edited away', async () => {
    const letter = await refusedComment();
    if (letter.action?.do !== 'comment') {
      throw new Error('no comment was refused');
    }
    const action = { ...letter.action, comment: { ...letter.action.comment, text: 'Пришлите лог за 23.11' } };
    const revision = await rig.store.reviseLetter(letter, { action }, by());
    rig.clock.pass({ minutes: 16 });
    await rig.tell(TICKET);
    await rig.work();
    expect(comments('Пришлите лог')).toEqual([]);

    rig.otrs.fail('comment 42', 'refuse');
    await rig.store.orderReplay(revision, 'recorded', by());
    await rig.work();
    expect(comments('Пришлите лог')).toEqual([]);
    const [open] = await rig.store.deadLetters({ state: 'open', limit: 10 });
    expect(open).toMatchObject({ id: revision.id, times: 1 });
    expect(await rig.store.orders(TICKET)).toEqual([]);

    // Unless a person wants just that.
    await rig.store.orderReplay(open ?? revision, 'now', by());
    await rig.work();
    expect(comments('Пришлите лог')).toMatchObject([{ text: expect.not.stringContaining('за 23.11') }]);
  });

  test.each<ReplayAs>(['now', 'recorded'])('%s: an answer that is lost is looked up, not sent again', async (as) => {
    rig.otrs.fail('comment 42', 'refuse', 'lose-the-answer');
    await say('1', 'Пришлите лог');
    await rig.work();
    const [letter] = await rig.letters();
    if (letter === undefined) {
      throw new Error('nothing was refused');
    }
    await rig.store.orderReplay(letter, as, by());
    await rig.work();
    rig.clock.pass({ minutes: 20 });
    await rig.work();

    expect(comments('Пришлите лог')).toHaveLength(1);
    expect(await rig.store.deadLetters({ state: 'open', limit: 10 })).toEqual([]);
  });

  test('as recorded, an answer is looked up also where the rules want the action no more', async () => {
    const letter = await refusedComment();
    rig.jira.change('10001', (record) => ({ comments: record.comments.filter(({ id }) => id !== '1') }));
    rig.otrs.fail('comment 42', 'lose-the-answer');
    await rig.store.orderReplay(letter, 'recorded', by());
    await rig.work();
    rig.clock.pass({ minutes: 20 });
    await rig.work();

    expect(comments('Пришлите лог')).toHaveLength(1);
    expect(writes(rig.otrs.calls).filter((call) => call === 'comment 42 comment:otrs:1')).toHaveLength(2);
  });

  test('what is wanted no more is not done, and its letter says so', async () => {
    const letter = await refusedComment();
    rig.jira.change('10001', (record) => ({ comments: record.comments.filter(({ id }) => id !== '1') }));
    await rig.store.orderReplay(letter, 'now', by());
    await rig.work();

    expect(comments('Пришлите лог')).toHaveLength(0);
    expect((await rig.letters())[0]).toMatchObject({ resolution: { how: 'unwanted', by: 'petrova.2l' } });
  });

  test('now: while the issue is not shown nobody can tell, and the letter stays', async () => {
    const letter = await refusedInJira();
    rig.jira.records.delete('10001');
    await rig.store.orderReplay(letter, 'now', by());
    await rig.work();

    const open = await rig.store.deadLetters({ state: 'open', limit: 10 });
    expect(open.map(({ id }) => id)).toContain(letter.id);
    expect(await rig.store.orders(TICKET)).toEqual([]);
  });

  test('what was done meanwhile is not done again as recorded', async () => {
    const letter = await refusedComment();
    rig.clock.pass({ minutes: 16 });
    await rig.tell(TICKET);
    await rig.store.orderReplay(letter, 'recorded', by());
    await rig.work();
    expect(comments('Пришлите лог')).toHaveLength(1);
  });

  test.each<ReplayAs>(['now', 'recorded'])(
    '%s: what the store has forgotten, for it was set back to a backup, is found by its mark and not done again',
    async (as) => {
      const letter = await refusedComment();
      if (letter.action?.do !== 'comment') {
        throw new Error('no comment was refused');
      }
      const { ref, comment, key } = letter.action;
      await rig.otrs.comment(ref, comment, key, AbortSignal.timeout(5_000));
      await rig.store.orderReplay(letter, as, by());
      await rig.work();

      expect(comments('Пришлите лог')).toHaveLength(1);
      expect(await rig.store.deadLetters({ state: 'open', limit: 10 })).toEqual([]);
    },
  );

  test('as recorded, into a record that cannot be read, is refused again and holds nothing up', async () => {
    const letter = await refusedInJira();
    rig.jira.fail(`find ${letter.action?.key}`, 'refuse');
    rig.jira.fail('comment 10001', 'refuse');
    await rig.store.orderReplay(letter, 'recorded', by());
    await rig.work();

    expect(await rig.store.orders(TICKET)).toEqual([]);
    expect(await rig.store.deadLetters({ state: 'open', limit: 10 })).toMatchObject([{ id: letter.id, times: 2 }]);
  });

  test('waits for a system that is down, spends nothing, and goes on when it is back', async () => {
    const letter = await refusedComment();
    rig.otrs.turn('down');
    await rig.store.orderReplay(letter, 'recorded', by());
    await rig.work();
    expect(await rig.store.orders(TICKET)).toHaveLength(1);
    expect(await rig.store.deadLetters({ state: 'open', limit: 10 })).toHaveLength(1);

    rig.otrs.turn('up');
    rig.clock.pass({ minutes: 2 });
    await rig.work();
    expect(comments('Пришлите лог')).toHaveLength(1);
  });

  test('that is refused again leaves one letter, and holds nothing else up', async () => {
    const letter = await refusedComment();
    rig.otrs.fail('comment 42', 'refuse');
    await say('2', 'Спасибо');
    await rig.store.orderReplay(letter, 'recorded', by());
    await rig.work();

    expect(comments('Спасибо')).toHaveLength(1);
    const open = await rig.store.deadLetters({ state: 'open', limit: 10 });
    expect(open).toMatchObject([{ id: letter.id, times: 2 }]);
    expect(await rig.store.orders(TICKET)).toEqual([]);
  });
});

describe('a discarded action', () => {
  test('is never offered again, and stays visible', async () => {
    await rig.store.discardLetter(await refusedComment(), by('petrova.2l', 'сказано по телефону'));
    rig.clock.pass({ hours: 5 });
    await rig.tell(TICKET);
    await rig.work();

    expect(comments('Пришлите лог')).toHaveLength(0);
    expect(await rig.store.deadLetters({ state: 'discarded', limit: 10 })).toMatchObject([
      { resolution: { by: 'petrova.2l', reason: 'сказано по телефону' } },
    ]);
  });

  test('is offered again when its letter is restored and replayed', async () => {
    const discarded = await rig.store.discardLetter(await refusedComment(), by('petrova.2l', 'ошибка'));
    await rig.store.orderReplay(await rig.store.restoreLetter(discarded, by('smirnov.2l')), 'now', by('smirnov.2l'));
    await rig.work();
    expect(comments('Пришлите лог')).toHaveLength(1);
  });
});

describe('what stays in doubt', () => {
  /** Nobody could find out whether OTRS wrote the comment. */
  async function doubtedComment() {
    const { action } = await refusedComment();
    await rig.tell(TICKET);
    const [claim] = await rig.store.claim('test', 1, 60_000, rig.clock.now());
    if (action?.do !== 'comment' || claim === undefined) {
      throw new Error('no comment was refused');
    }
    const at = rig.clock.now();
    await rig.store.refuse(claim, action, { action, code: 'STILL_IN_DOUBT', message: 'no answer', details: {}, at });
    await rig.store.release(claim, { outcome: 'settled' }, rig.clock.now());
    const [letter] = await rig.store.deadLetters({ state: 'open', limit: 1 });
    if (letter === undefined) {
      throw new Error('nothing is in doubt');
    }
    return { action, letter };
  }

  test.each<ReplayAs>(['now', 'recorded'])('is looked up before a replay may send it (%s)', async (as) => {
    const { action, letter } = await doubtedComment();
    await rig.otrs.comment(action.ref, action.comment, action.key, AbortSignal.timeout(5_000));
    await rig.store.orderReplay(letter, as, by());
    await rig.work();

    expect(comments('Пришлите лог')).toHaveLength(1);
    expect((await rig.letters())[0]).toMatchObject({ state: 'resolved', resolution: { how: 'carried' } });
  });

  test('is sent once if it surely had no effect, also when that answer is lost and the rules want it no more', async () => {
    const { letter } = await doubtedComment();
    rig.jira.change('10001', (record) => ({ comments: record.comments.filter(({ id }) => id !== '1') }));
    rig.otrs.fail('comment 42', 'lose-the-answer');
    await rig.store.orderReplay(letter, 'recorded', by());
    await rig.work();
    rig.clock.pass({ minutes: 20 });
    await rig.work();

    expect(comments('Пришлите лог')).toHaveLength(1);
    expect(await rig.store.orders(TICKET)).toEqual([]);
  });
});
